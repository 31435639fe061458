import type {
  ReorderDecision,
  ReorderProposalDecideUserErrorCode,
  ReorderProposalsGenerateUserErrorCode,
} from '../generated/graphql.ts';
import { checkText } from '../inputChecks.ts';
import { refused } from '../mutationOutcome.ts';
import type { lockProposals } from './repository.ts';

export type GenerateCode = ReorderProposalsGenerateUserErrorCode;
export type DecisionCode = ReorderProposalDecideUserErrorCode;

/** Input of `reorderProposalsGenerate`; ids are row ids, null = the whole catalogue. */
export type GenerateInput = {
  readonly variantIds: readonly number[] | null;
  readonly serviceLevel: number;
  readonly reviewDays: number;
};
/** Input of `reorderProposalDecide`; ids are row ids. */
export type DecideInput = {
  readonly proposalIds: readonly number[];
  readonly decision: ReorderDecision;
  readonly actor: string;
  readonly reason: string | null;
};

type Refusal<Code extends string> = ReturnType<typeof refused<Code>> | null;
type LockedProposals = Awaited<ReturnType<typeof lockProposals>>;

const maximumVariants = 1_000;
const maximumProposals = 500;
const maximumActorLength = 100;

/** Checks what can be checked without the store; null where nothing is wrong. */
export function checkGenerate({
  variantIds,
  serviceLevel,
  reviewDays,
}: GenerateInput): Refusal<GenerateCode> {
  const count = variantIds?.length ?? 0;
  if (count > maximumVariants)
    return refuse('TOO_MANY_LINES', 'variantIds', `at most ${maximumVariants} variants`, count);
  if (!(serviceLevel > 0 && serviceLevel < 1))
    return refuse('INVALID_SERVICE_LEVEL', 'serviceLevel', 'above 0 and below 1', serviceLevel);
  if (reviewDays < 1 || reviewDays > 30)
    return refuse('INVALID_REVIEW', 'reviewDays', '1 to 30 days', reviewDays);
  return null;
}

/** Checks a decision against the locked proposals; null where it may be written. Throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkDecision(
  { proposalIds, decision, actor, reason }: DecideInput,
  locked: LockedProposals,
): Refusal<DecisionCode> {
  const count = proposalIds.length;
  if (count < 1 || count > maximumProposals)
    return refuse('TOO_MANY_LINES', 'proposalIds', `1 to ${maximumProposals} proposals`, count);
  if (actor.trim() === '') return refuse('BLANK_REASON', 'actor', 'given', 'none');
  checkText(actor, ['input', 'actor'], maximumActorLength);
  if (decision === 'REJECT' && (reason === null || reason.trim() === ''))
    return refuse('BLANK_REASON', 'reason', 'given to reject', 'none');
  if (reason !== null) checkText(reason, ['input', 'reason']);
  const statuses = new Map(locked.map(({ id, status }) => [id, status]));
  for (const [index, id] of proposalIds.entries()) {
    const status = statuses.get(id);
    if (status === undefined)
      return refuse('NOT_FOUND', `proposalIds.${index}`, 'a stored proposal', 'an unknown one');
    if (status !== 'PROPOSED')
      return refuse('NOT_PROPOSED', `proposalIds.${index}`, 'in state PROPOSED', status);
  }
  return null;
}

function refuse<Code extends string>(code: Code, field: string, rule: string, got: number | string) {
  return refused({
    code,
    field: ['input', ...field.split('.')],
    message: `input.${field} must be ${rule}, got ${got}.`,
  });
}
