import type { Database } from '../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../database/idempotency.ts';
import { badInputField } from '../../errors.ts';
import type {
  Frequency,
  PriceConstraintsInput,
  PriceRecommendationsRefreshUserErrorCode as RefreshCode,
} from '../../generated/graphql.ts';
import { checkText, formatCount, notFound } from '../../inputChecks.ts';
import type { JobsService } from '../../jobs/service.ts';
import { done, type Outcome, refused } from '../../mutationOutcome.ts';
import { checkConstraints } from '../checkPriceInput.ts';
import { listKnownIds } from './proposalRepository.ts';
import { makeRefreshJob, type RefreshInput, type RefreshParts } from './refreshJob.ts';

/** Input of `priceRecommendationsRefresh`; ids are row ids, null = all. */
export type RefreshRequest = Omit<RefreshInput, 'constraints' | 'frequency'> & {
  readonly frequency: Frequency;
  readonly constraints: PriceConstraintsInput | null;
  readonly requestedBy: string | null;
};

export type PriceRefreshService = ReturnType<typeof makePriceRefreshService>;

const maximumRequesterLength = 100;
const maximumHorizon = 64;
const maximumCategories = 100;
const maximumVariants = 1_000;
const supportedFrequencies: readonly Frequency[] = ['DAILY', 'WEEKLY', 'MONTHLY'];
/** Where nothing else is asked for, a run over a catalogue moves no price by more than this share at once. */
const usualStepRate = 0.2;

/** Makes the use case of recommending prices over the catalogue. */
export function makePriceRefreshService({
  database,
  jobs,
  ...parts
}: Omit<RefreshParts, 'sql'> & {
  readonly database: Pick<Database, 'sql'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createJob' | 'wake'>;
}) {
  const { sql } = database;
  const findUnknown = async ({ categoryIds, variantIds }: RefreshRequest) => {
    const known = await listKnownIds(sql, { categoryIds: categoryIds ?? [], variantIds: variantIds ?? [] });
    const category = categoryIds?.findIndex((id) => !known.categoryIds.has(id)) ?? -1;
    if (category >= 0)
      return notFound('Category', categoryIds?.[category] ?? 0, ['input', 'categoryIds', String(category)]);
    const variant = variantIds?.findIndex((id) => !known.variantIds.has(id)) ?? -1;
    return variant < 0
      ? null
      : notFound('ProductVariant', variantIds?.[variant] ?? 0, ['input', 'variantIds', String(variant)]);
  };
  return {
    jobHandler: makeRefreshJob({ ...parts, sql }),
    /**
     * Starts a run; yields its job. Throws BAD_USER_INPUT for a constraint or a number of ids out of its range and a text that
     * the store cannot hold.
     */
    async start(request: RefreshRequest, idempotency?: Idempotency): Promise<Outcome<number, RefreshCode>> {
      const { requestedBy, ...input } = request;
      if (requestedBy !== null) checkText(requestedBy, ['input', 'requestedBy'], maximumRequesterLength);
      checkLength('categoryIds', input.categoryIds, maximumCategories);
      checkLength('variantIds', input.variantIds, maximumVariants);
      const constraints = { maximumStepRate: usualStepRate, ...withoutNulls(input.constraints ?? {}) };
      checkConstraints(constraints, 'constraints');
      const refusal = checkRule(input) ?? checkBounds(constraints) ?? (await findUnknown(request));
      if (refusal !== null) return refused(refusal);
      await jobs.prepare();
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) =>
        done(
          await jobs.createJob(tx, {
            kind: 'PRICE_RECOMMENDATIONS',
            input: { ...input, constraints },
            requestedBy,
          }),
        ),
      );
      jobs.wake();
      return outcome;
    },
  };
}

function checkLength(name: string, ids: readonly number[] | null, maximum: number): void {
  if (ids === null || (ids.length >= 1 && ids.length <= maximum)) return;
  throw badInputField(name, `1 to ${formatCount(maximum)} ids, or absent`, formatCount(ids.length));
}

function checkRule({ frequency, horizon }: Pick<RefreshRequest, 'frequency' | 'horizon'>) {
  if (!supportedFrequencies.includes(frequency)) {
    const message = `input.frequency must be DAILY, WEEKLY or MONTHLY, got ${frequency}.`;
    return { code: 'UNSUPPORTED_FREQUENCY' as const, field: ['input', 'frequency'], message };
  }
  if (horizon >= 1 && horizon <= maximumHorizon) return null;
  const message = `input.horizon must be 1 to ${maximumHorizon} periods, got ${horizon}.`;
  return { code: 'INVALID_HORIZON' as const, field: ['input', 'horizon'], message };
}

/** What contradicts itself for every variant; what does for one alone is counted in the job's result. */
function checkBounds({ floor, ceiling }: PriceConstraintsInput) {
  if (floor == null || ceiling == null || floor <= ceiling) return null;
  const message = `input.constraints.floor must be at most the ceiling, ${ceiling}, got ${floor}.`;
  return { code: 'INVALID_CONSTRAINTS' as const, field: ['input', 'constraints', 'floor'], message };
}

function withoutNulls(given: PriceConstraintsInput): PriceConstraintsInput {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value != null));
}
