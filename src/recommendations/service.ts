import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { Outcome } from '../mutationOutcome.ts';
import { checkLife, checkSecondPerson, checkStepInput, type StepInput } from './checkStep.ts';
import type { RecommendationHandler } from './recommendationHandler.ts';
import type { RecommendationKind } from './recommendationKinds.ts';
import * as repository from './repository.ts';
import { accept, apply, reject, revert, type StepParts } from './takeSteps.ts';

export type { RecommendationHandler, StepContext } from './recommendationHandler.ts';
export type { LockedRecommendation, NewRecommendation, RecommendationRow } from './repository.ts';

export type RecommendationsService = ReturnType<typeof makeRecommendationsService>;

/** Makes the life of recommendations of every kind; what their steps do is the matter of each kind's handler. */
export function makeRecommendationsService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly handlers: Readonly<Record<RecommendationKind, RecommendationHandler>>;
  readonly clock: Clock;
}) {
  const { database, handlers, clock } = parts;
  const { sql } = database;
  type Step<Code extends string> = (
    tx: Sql,
    input: StepInput,
    parts: StepParts,
  ) => Promise<Outcome<number, Code>>;
  const makeStep =
    <Code extends string>(step: Step<Code>) =>
    (input: StepInput, idempotency?: Idempotency) =>
      inIdempotentTransaction(sql, idempotency, (tx) =>
        step(tx, input, { handler: handlers[input.kind], now: clock() }),
      );
  return {
    /** One page of recommendations, newest first. */
    listRecommendations: (filter: repository.RecommendationFilter, page: PageArguments) =>
      repository.listRecommendations(sql, filter, page),
    /** Recommendations in key order, null where unknown. */
    findRecommendations: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listRecommendationsById(sql, ids), (row) => row.id),
    /** Recommendations about each subject of a kind in key order, newest first. */
    listOfSubjects: async (kind: RecommendationKind, subjectIds: readonly number[]) =>
      manyByKey(subjectIds, await repository.listOfSubjects(sql, kind, subjectIds), (row) => row.subjectId),
    /** Steps taken with each recommendation in key order, oldest first. */
    listEvents: async (ids: readonly number[]) =>
      manyByKey(ids, await repository.listEvents(sql, ids), (row) => row.recommendationId),
    /** Makes proposals the open ones about locked subjects, see `replaceProposals`. */
    propose: repository.replaceProposals,
    /** Forgets what recommendations say about subjects, see `forgetSubjects`. */
    forgetSubjects: repository.forgetSubjects,
    /** Locks many, for a domain that takes steps of many at once, see `lockRecommendations`; their subjects come first. */
    lockAll: repository.lockRecommendations,
    /** Writes steps of many, see `takeSteps`. */
    takeAll: repository.takeSteps,
    /** Checks what steps ask for, see `checkStepInput`, `checkLife` and `checkSecondPerson`. */
    checkStepInput,
    checkLife,
    checkSecondPerson,
    /** Accepts a proposal; yields its id. Of two people who decide at once the second is refused. */
    accept: makeStep(accept),
    /** Rejects a proposal; yields its id. */
    reject: makeStep(reject),
    /** Carries out an accepted recommendation; yields its id. */
    apply: makeStep(apply),
    /** Undoes a recommendation that was carried out; yields its id. */
    revert: makeStep(revert),
  };
}
