import type { Clock } from '../../../clock.ts';
import { manyByKey, oneByKey } from '../../../database/byKey.ts';
import type { Database } from '../../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../../database/idempotency.ts';
import type { Sql } from '../../../database/sql.ts';
import type { UnitCostRecordUserErrorCode as Code } from '../../../generated/graphql.ts';
import { done, type Outcome, refused } from '../../../mutationOutcome.ts';
import { toDay } from '../today.ts';
import { listCurrencies } from '../variantRepository.ts';
import { type CostsInput, checkCosts } from './checkCosts.ts';
import * as repository from './costRepository.ts';

/** What arrived from a supplier at which cost; the id is a row id, the amount a decimal as text. */
export type ReceivedCost = {
  readonly variantId: number;
  readonly cost: string;
  readonly currencyCode: string;
};

/** Makes the use cases of unit costs. */
export function makeUnitCosts({ sql }: Pick<Database, 'sql'>, clock: Clock) {
  return {
    /** Adds costs to the history, all or none; yields their number. */
    recordCosts(input: CostsInput, idempotency?: Idempotency): Promise<Outcome<number, Code>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const ids = input.costs.map(({ variantId }) => variantId);
        const errors = checkCosts(input, await listCurrencies(tx, ids));
        if (errors.length > 0) return refused(...errors);
        const { actor, reference } = input;
        await repository.insertCosts(tx, input.costs, { source: 'RECORDED', reference, actor });
        return done(input.costs.length);
      });
    },
    /**
     * Adds what goods cost that arrived, in the caller's transaction and by one statement. Costs that hold already are left
     * out, and so are those in another currency than the variant's, in which no margin can be counted.
     */
    recordReceivedCosts: (tx: Sql, costs: readonly ReceivedCost[], orderNumber: string, now: Date) =>
      repository.insertChangedCosts(
        tx,
        costs.map((cost) => ({ ...cost, validFrom: toDay(now) })),
        { source: 'RECEIPT', reference: orderNumber, actor: null },
      ),
    /** The cost that holds on a day of each variant, today where null, in key order; null where none is known. */
    findCosts: async (variantIds: readonly number[], day: string | null) =>
      oneByKey(
        variantIds,
        await repository.listCostsOn(sql, variantIds, day ?? toDay(clock())),
        ({ variantId }) => variantId,
      ),
    /** What each variant cost, oldest first, in key order. */
    listCosts: async (variantIds: readonly number[]) =>
      manyByKey(
        variantIds,
        await repository.listCostsByVariant(sql, variantIds),
        ({ variantId }) => variantId,
      ),
  };
}
