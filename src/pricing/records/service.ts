import type { Clock } from '../../clock.ts';
import { manyByKey } from '../../database/byKey.ts';
import type { Database } from '../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../database/idempotency.ts';
import type { Sql } from '../../database/sql.ts';
import type {
  VariantPriceCancelUserErrorCode as CancelCode,
  VariantPriceSetUserErrorCode as SetCode,
  VariantPriceStatus,
} from '../../generated/graphql.ts';
import { done, type Outcome, refused } from '../../mutationOutcome.ts';
import { activateDuePrices } from './activatePrices.ts';
import { cancelPrices, type PriceCancelInput } from './cancelPrices.ts';
import { checkPriceSet, type PriceSetInput, toPriceError } from './checkPriceSet.ts';
import { makeCompetitorPrices } from './competitors/competitorPrices.ts';
import { makeUnitCosts } from './costs/unitCosts.ts';
import { makePriceLists } from './lists/priceLists.ts';
import type { PriceChange, PriceChangeResult } from './priceChange.ts';
import * as prices from './priceRepository.ts';
import { type SetMode, setPrices } from './setPrices.ts';
import { toDay } from './today.ts';

export type { CompetitorPriceRow } from './competitors/competitorRepository.ts';
export type { CompetitorFile, CompetitorImport } from './competitors/importCompetitorPrices.ts';
export type { PriceListEntryRow, PriceListRow } from './lists/listRepository.ts';
export type { HeldPrice, PriceChange, PriceChangeResult } from './priceChange.ts';
export type { VariantPriceRow } from './priceRepository.ts';

export type PriceRecordsService = ReturnType<typeof makePriceRecordsService>;

/** Makes the use cases of what is recorded about prices: what they were, are and will be, and how they are changed. */
export function makePriceRecordsService({
  database,
  clock,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly clock: Clock;
}) {
  const { sql } = database;
  return {
    ...makeCompetitorPrices(database, clock),
    ...makeUnitCosts(database, clock),
    ...makePriceLists(database, clock),
    /** Sets prices in the caller's transaction, see `setPrices`: the door for other domains. */
    setPrices: (
      tx: Sql,
      changes: readonly PriceChange[],
      mode: SetMode,
    ): Promise<readonly PriceChangeResult[]> => setPrices(tx, changes, { now: clock(), mode }),
    /** Locks variants and reads their prices of today, in the caller's transaction, see `lockVariants`. */
    lockVariants: prices.lockVariants,
    /** Cancels scheduled prices, see `cancelPrices`; yields their row ids in input order. */
    cancelVariantPrices: (
      input: PriceCancelInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<readonly number[], CancelCode>> =>
      inIdempotentTransaction(sql, idempotency, (tx) => cancelPrices(tx, input, clock())),
    /** Lets scheduled prices begin whose day has come, see `activateDuePrices`. */
    activateDuePrices: () => activateDuePrices(sql, clock()),
    /**
     * Sets prices as a person asks for, all or none; yields the row ids of the new entries of the price history in input
     * order, none for prices that hold already.
     */
    setVariantPrices(
      input: PriceSetInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<readonly number[], SetCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const errors = checkPriceSet(input, toDay(clock()));
        if (errors.length > 0) return refused(...errors);
        const { actor, reason } = input;
        const changes = input.prices.map((line): PriceChange => {
          const comparePrice = input.ignoreComparePrice ? null : line.comparePrice;
          return { ...line, comparePrice, source: 'MANUAL', reference: null, actor, reason };
        });
        const results = await setPrices(tx, changes, { now: clock(), mode: 'ALL_OR_NONE' });
        const refusals = input.prices.flatMap((line, index) => {
          const result = results[index];
          return result === undefined ? [] : toPriceError(result, line, index);
        });
        if (refusals.length > 0) return refused(...refusals);
        return done(results.flatMap((result) => (result.kind === 'set' ? [result.priceId] : [])));
      });
    },
    /** Entries of the price history of each variant with a status, oldest first, in key order. */
    listPrices: async (variantIds: readonly number[], status: VariantPriceStatus) =>
      manyByKey(
        variantIds,
        await prices.listPricesByVariant(sql, variantIds, status),
        (row) => row.variantId,
      ),
    /** Entries of the price history in the order of their row ids; those that are gone are left out. */
    async findPrices(ids: readonly number[]): Promise<prices.VariantPriceRow[]> {
      const found = new Map((await prices.listPricesById(sql, ids)).map((row) => [row.id, row]));
      return ids.flatMap((id) => found.get(id) ?? []);
    },
  };
}
