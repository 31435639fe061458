import type { Sql } from '../../database/sql.ts';
import { toGlobalId } from '../../globalId.ts';
import type { UserError } from '../../mutationOutcome.ts';
import type { LockedRecommendation, RecommendationsService } from '../../recommendations/service.ts';
import type { HeldPrice, PriceRecordsService } from '../records/service.ts';
import { listTargets, type Target } from './proposalRepository.ts';

/** What steps of recommended prices are taken with. */
export type StepParts = {
  readonly recommendations: Pick<
    RecommendationsService,
    'lockAll' | 'takeAll' | 'checkLife' | 'checkSecondPerson'
  >;
  readonly prices: Pick<PriceRecordsService, 'setPrices' | 'lockVariants'>;
  readonly now: Date;
};
/** Which recommendations a step is taken with, by whom and why. */
export type StepCommand = {
  readonly target: Target;
  readonly actor: string;
  readonly reason: string | null;
};
/** Why one recommendation was left as it is; no id where all were. */
export type LineError<Code extends string> = UserError<Code> & { readonly recommendationId: number | null };
/** What a step did: row ids of the recommendations that took it, and why others did not. Plain JSON. */
export type StepResult<Code extends string> = {
  readonly ids: readonly number[];
  readonly userErrors: readonly LineError<Code>[];
};
/** One recommendation of a step. */
export type Line = {
  readonly recommendationId: number;
  readonly variantId: number | null;
  readonly actor: string;
  readonly reason: string | null;
  /** Where the input names it. */
  readonly field: readonly string[];
};
/** Lines whose recommendations are locked, behind their variants, and may take the step. */
export type LockedLines = {
  readonly lines: readonly (Line & { readonly row: LockedRecommendation })[];
  /** Prices of the variants, locked. */
  readonly held: ReadonlyMap<number, HeldPrice>;
  readonly userErrors: readonly LineError<'NOT_FOUND' | 'INVALID_STATE'>[];
};

type Step = 'ACCEPT' | 'REJECT' | 'APPLY' | 'REVERT';
const startsFrom = { ACCEPT: 'PROPOSED', REJECT: 'PROPOSED', APPLY: 'ACCEPTED', REVERT: 'APPLIED' } as const;

/** The lines of a command: one a recommendation, in input order; of a run those that can take the step now. */
export async function listLines(
  tx: Sql,
  step: Step,
  { target, actor, reason }: StepCommand,
): Promise<Line[]> {
  const found = await listTargets(tx, target, startsFrom[step]);
  const variantOf = new Map(found.map(({ id, variantId }) => [id, variantId]));
  const ids = target.recommendationIds ?? found.map(({ id }) => id);
  const by = { actor: actor.trim(), reason: reason?.trim() || null };
  const fieldOf = (index: number) =>
    target.runId !== null
      ? ['input', 'runId']
      : step === 'REVERT'
        ? ['input', 'recommendationId']
        : ['input', 'recommendationIds', String(index)];
  const seen = new Set<number>();
  return ids.flatMap((recommendationId, index) => {
    if (seen.has(recommendationId)) return [];
    seen.add(recommendationId);
    const variantId = variantOf.get(recommendationId) ?? null;
    return { ...by, recommendationId, variantId, field: fieldOf(index) };
  });
}

/** Locks variants, then recommendations, each in the order of their ids, and sorts out what cannot take the step. */
export async function lockLines(
  tx: Sql,
  step: Step,
  lines: readonly Line[],
  { recommendations, prices }: StepParts,
): Promise<LockedLines> {
  if (lines.length === 0) return { lines: [], held: new Map(), userErrors: [] };
  const variants = await prices.lockVariants(
    tx,
    lines.flatMap(({ variantId }) => variantId ?? []),
  );
  const ids = lines.map(({ recommendationId }) => recommendationId);
  const rows = new Map((await recommendations.lockAll(tx, ids)).map((row) => [row.id, row]));
  const userErrors: LineError<'NOT_FOUND' | 'INVALID_STATE'>[] = [];
  const able = lines.flatMap((line) => {
    const { recommendationId, field } = line;
    const row = rows.get(recommendationId) ?? null;
    const errors = recommendations.checkLife(step, { kind: 'PRICE', recommendationId }, row, field);
    userErrors.push(...errors.map((error) => ({ ...error, recommendationId })));
    return row === null || errors.length > 0 ? [] : { ...line, row };
  });
  return { lines: able, held: new Map(variants.map((row) => [row.id, row])), userErrors };
}

/** Makes the refusal of one line; the rule is a sentence's end. */
export function refuseLine<Code extends string>(
  code: Code,
  rule: string,
  { recommendationId, field }: Pick<Line, 'recommendationId' | 'field'>,
): LineError<Code> {
  const name = field.join('.');
  const subject =
    name === 'input.runId'
      ? `Recommendation '${toGlobalId('PriceRecommendation', recommendationId)}' of ${name}`
      : name;
  return { code, field, message: `${subject} must ${rule}.`, recommendationId };
}
