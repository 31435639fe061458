import type { Clock } from '../../../clock.ts';
import { manyByKey, oneByKey } from '../../../database/byKey.ts';
import type { Database } from '../../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../../database/idempotency.ts';
import type { PageArguments } from '../../../database/page.ts';
import type { CompetitorPriceRecordUserErrorCode as Code } from '../../../generated/graphql.ts';
import { checkText } from '../../../inputChecks.ts';
import { done, type Outcome, refused } from '../../../mutationOutcome.ts';
import { listCurrencies } from '../variantRepository.ts';
import {
  type CompetitorPricesInput,
  checkCompetitorPrices,
  maximumNameLength,
} from './checkCompetitorPrices.ts';
import * as repository from './competitorRepository.ts';
import {
  type CompetitorFile,
  importCompetitorPrices,
  type OnCompetitorProgress,
} from './importCompetitorPrices.ts';

/** Makes the use cases of competitors' prices. */
export function makeCompetitorPrices({ sql }: Pick<Database, 'sql'>, clock: Clock) {
  return {
    /** Stores observations, all or none; one of the same moment is replaced. Yields their number. */
    recordCompetitorPrices(
      input: CompetitorPricesInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, Code>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const ids = input.prices.map(({ variantId }) => variantId);
        const errors = checkCompetitorPrices(input, await listCurrencies(tx, ids), clock());
        if (errors.length > 0) return refused(...errors);
        await repository.upsertCompetitorPrices(tx, input.prices, input.source);
        return done(input.prices.length);
      });
    },
    /** Imports a file of observations, see `importCompetitorPrices`. */
    importCompetitorPrices: (file: CompetitorFile, onProgress: OnCompetitorProgress) =>
      importCompetitorPrices({ sql, now: clock() }, file, onProgress),
    /** The latest observation of each competitor for each variant, by their names, in key order. */
    listLatestCompetitorPrices: async (variantIds: readonly number[]) =>
      manyByKey(
        variantIds,
        await repository.listLatestByVariant(sql, variantIds),
        ({ variantId }) => variantId,
      ),
    /** Observations in key order, null where unknown. */
    findCompetitorPrices: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listCompetitorPricesById(sql, ids), ({ id }) => id),
    /** One page of observations, the latest first. */
    listCompetitorPrices(filter: repository.CompetitorPriceFilter, page: PageArguments) {
      for (const [index, name] of (filter.competitors ?? []).entries())
        checkText(name, ['filter', 'competitors', String(index)], maximumNameLength);
      return repository.listCompetitorPrices(sql, filter, page);
    },
  };
}
