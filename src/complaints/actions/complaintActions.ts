import { createHash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import type { Sql } from '../../database/sql.ts';
import type {
  NewRecommendation,
  RecommendationHandler,
  RecommendationRow,
  RecommendationsService,
} from '../../recommendations/service.ts';
import type { ForgetActions } from '../deleteTexts.ts';
import { lockComplaint } from '../repository.ts';
import { lockShared } from './actionRepository.ts';
import { type ActionEffects, applyAction } from './applyAction.ts';
import { type ActionDecision, decideActions } from './decideActions.ts';
import type { ComplaintFacts } from './facts.ts';
import { listFacts } from './factsRepository.ts';
import type { ComplaintPolicy } from './policy.ts';
import { revertAction } from './revertAction.ts';
import { termsOf } from './storedDecision.ts';

/** Makes how recommendations about complaints are carried out: what the recommendations' domain asks of complaints. */
export function makeComplaintActions(policy: ComplaintPolicy, effects: ActionEffects): RecommendationHandler {
  return {
    async lockSubject(tx, complaintId) {
      await lockComplaint(tx, complaintId);
    },
    async findStaleness(tx, recommendation) {
      await lockShared(tx, termsOf(recommendation));
      const [facts] = await listFacts(tx, [recommendation.subjectId]);
      return facts === undefined
        ? 'be about a complaint with an intent, got one without'
        : findChange(recommendation, decideActions(facts, policy));
    },
    apply: (tx, recommendation, context) => applyAction(tx, recommendation, context, effects),
    revert: (tx, recommendation, context) => revertAction(tx, recommendation, context, effects),
  };
}

/** Proposes what to do about complaints, in the transaction that triaged or changed them. */
export type ProposeActions = (tx: Sql, complaintIds: readonly number[], now: Date) => Promise<void>;

/** Makes what complaints ask of the recommendations' domain: to propose, and to forget. */
export function makeActionDoors(
  policy: ComplaintPolicy,
  recommendations: Pick<RecommendationsService, 'propose' | 'forgetSubjects'>,
): { readonly proposeActions: ProposeActions; readonly forgetActions: ForgetActions } {
  return {
    async proposeActions(tx, complaintIds, now) {
      const facts = await listFacts(tx, complaintIds);
      const proposals = facts.flatMap((each) =>
        decideActions(each, policy).map((decision) => toProposal(each, decision)),
      );
      await recommendations.propose(tx, 'COMPLAINT', { ids: complaintIds, proposals }, now);
    },
    forgetActions: (tx, complaintIds) =>
      recommendations.forgetSubjects(tx, 'COMPLAINT', complaintIds, [
        'salesOrderNumber',
        'shipmentReference',
      ]),
  };
}

function toProposal(facts: ComplaintFacts, decision: ActionDecision): NewRecommendation {
  const { complaintId, modelName, modelVersion } = facts;
  const inputHash = createHash('sha256').update(JSON.stringify(facts)).digest('hex');
  return { ...decision, subjectId: complaintId, facts, inputHash, modelName, modelVersion };
}

/** What the facts lead to now, where that is something else. */
function findChange(recommendation: RecommendationRow, decisions: readonly ActionDecision[]): string | null {
  const terms = termsOf(recommendation);
  const now = decisions.find(({ topic }) => topic === recommendation.topic);
  if (now?.action === recommendation.action && isDeepStrictEqual({ ...now.terms }, { ...terms })) return null;
  // What a person is asked to look at stays open to a person, whatever else has become possible.
  if (recommendation.action === 'HUMAN' && now !== undefined) return null;
  const got =
    now === undefined
      ? 'nothing now'
      : `${now.action}${now.action === recommendation.action ? ' on other terms' : ''} now: ${now.explanation.replace(/\.$/, '')}`;
  return `be what the facts still lead to, got one whose facts lead to ${got}`;
}
