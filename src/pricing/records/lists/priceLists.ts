import type { Clock } from '../../../clock.ts';
import { oneByKey } from '../../../database/byKey.ts';
import type { Database } from '../../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../../database/idempotency.ts';
import type { PageArguments } from '../../../database/page.ts';
import type {
  PriceListCreateUserErrorCode as CreateCode,
  PriceListEntriesSetUserErrorCode as EntriesCode,
  PriceListUpdateUserErrorCode as UpdateCode,
} from '../../../generated/graphql.ts';
import { checkText, notFound } from '../../../inputChecks.ts';
import { done, type Outcome, refused } from '../../../mutationOutcome.ts';
import { listCurrencies } from '../variantRepository.ts';
import { checkEntries, checkTerms, type EntriesInput, maximumNameLength, nameTaken } from './checkLists.ts';
import { listHoldingPrices, type PriceQuestion } from './holdingPriceRepository.ts';
import * as repository from './listRepository.ts';

/** What of a list is to be otherwise; absent = as it is, the id is a row id. */
export type PriceListChange = { readonly priceListId: number } & Partial<
  Omit<repository.PriceListTerms, 'currencyCode'>
>;

/** Makes the use cases of price lists; outcomes carry row ids of lists. */
export function makePriceLists({ sql }: Pick<Database, 'sql'>, clock: Clock) {
  return {
    /** Makes a price list without entries. */
    createPriceList(
      terms: repository.PriceListTerms,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, CreateCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const errors = checkTerms(terms);
        if (errors.length > 0) return refused(...errors);
        await repository.lockLists(tx);
        if ((await repository.findListByName(tx, terms.name)) !== null) return refused(nameTaken(terms.name));
        return done(await repository.insertList(tx, terms, clock()));
      });
    },
    /** Changes what a price list is; its currency stays, since its entries are in it. */
    updatePriceList(
      { priceListId, ...change }: PriceListChange,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, UpdateCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        await repository.lockLists(tx);
        const [present] = await repository.listListsById(tx, [priceListId]);
        if (present === undefined)
          return refused(notFound('PriceList', priceListId, ['input', 'priceListId']));
        const terms = { ...present, ...change };
        const errors = checkTerms(terms);
        if (errors.length > 0) return refused(...errors);
        const namesake = await repository.findListByName(tx, terms.name);
        if (namesake !== null && namesake !== priceListId) return refused(nameTaken(terms.name));
        await repository.updateList(tx, priceListId, terms);
        return done(priceListId);
      });
    },
    /** Sets entries of a price list, all or none; the others stay. */
    setPriceListEntries(
      input: EntriesInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, EntriesCode>> {
      const { priceListId, entries } = input;
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const [list] = await repository.listListsById(tx, [priceListId]);
        if (list === undefined) return refused(notFound('PriceList', priceListId, ['input', 'priceListId']));
        const ids = entries.map(({ variantId }) => variantId);
        const known = new Set((await listCurrencies(tx, ids)).keys());
        const errors = checkEntries(input, { listCurrency: list.currencyCode, known });
        if (errors.length > 0) return refused(...errors);
        await repository.writeEntries(tx, priceListId, entries);
        return done(priceListId);
      });
    },
    /** The price that holds of each variant, see `listHoldingPrices`, in key order; null where there is none. */
    async findHoldingPrices(variantIds: readonly number[], question: PriceQuestion) {
      const { customerGroup, channel } = question;
      for (const [name, text] of Object.entries({ customerGroup, channel }))
        if (text !== null) checkText(text, [name], maximumNameLength);
      const rows = await listHoldingPrices(sql, variantIds, question, clock());
      return oneByKey(variantIds, rows, ({ variantId }) => variantId);
    },
    /** One page of price lists, by id. */
    listPriceLists: (page: PageArguments) => repository.listLists(sql, page),
    /** Price lists in key order, null where unknown. */
    findPriceLists: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listListsById(sql, ids), ({ id }) => id),
    /** One page of entries, by id. */
    listPriceListEntries: (filter: repository.EntryListFilter, page: PageArguments) =>
      repository.listEntries(sql, filter, page),
    /** Entries in key order, null where unknown. */
    findPriceListEntries: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listEntriesById(sql, ids), ({ id }) => id),
  };
}
