import type { Context } from '../../../context.ts';
import { connectionFields } from '../../../database/connection.ts';
import type { MutationResolvers, PriceListEntryFilter, Resolvers } from '../../../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../../../globalId.ts';
import { idempotencyOf } from '../../../idempotencyOf.ts';
import type { Outcome } from '../../../mutationOutcome.ts';
import type { EntryListFilter } from './listRepository.ts';

const mutations: Pick<MutationResolvers, 'priceListCreate' | 'priceListUpdate' | 'priceListEntriesSet'> = {
  priceListCreate: async (_, { input }, context, info) => {
    const terms = {
      ...input,
      validFrom: input.validFrom ?? null,
      validTo: input.validTo ?? null,
      customerGroup: input.customerGroup ?? null,
      channel: input.channel ?? null,
    };
    return toPayload(
      await context.services.priceRecords.createPriceList(terms, idempotencyOf(info, input)),
      context,
    );
  },
  priceListUpdate: async (_, { input }, context, info) => {
    const { name, priority, validFrom, validTo, customerGroup, channel } = input;
    const change = {
      priceListId: fromGlobalId('PriceList', input.priceListId, ['input', 'priceListId']),
      ...(name != null && { name }),
      ...(priority != null && { priority }),
      ...(validFrom !== undefined && { validFrom }),
      ...(validTo !== undefined && { validTo }),
      ...(customerGroup !== undefined && { customerGroup }),
      ...(channel !== undefined && { channel }),
    };
    return toPayload(
      await context.services.priceRecords.updatePriceList(change, idempotencyOf(info, input)),
      context,
    );
  },
  priceListEntriesSet: async (_, { input }, context, info) => {
    const command = {
      priceListId: fromGlobalId('PriceList', input.priceListId, ['input', 'priceListId']),
      currencyCode: input.currencyCode,
      entries: input.entries.map(({ variantId, price }, index) => ({
        variantId: fromGlobalId('ProductVariant', variantId, [
          'input',
          'entries',
          String(index),
          'variantId',
        ]),
        price: price ?? null,
      })),
    };
    return toPayload(
      await context.services.priceRecords.setPriceListEntries(command, idempotencyOf(info, input)),
      context,
    );
  },
};

/** GraphQL fields of price lists. */
export const listResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'ProductVariant'
  | 'PriceList'
  | 'PriceListConnection'
  | 'PriceListEntry'
  | 'PriceListEntryConnection'
  | 'HoldingPrice'
> = {
  Query: {
    priceLists: (_, page, { services }) => services.priceRecords.listPriceLists(page),
    priceListEntries: (_, { filter, ...page }, { services }) =>
      services.priceRecords.listPriceListEntries(toFilter(filter), page),
  },
  Mutation: mutations,
  ProductVariant: {
    priceIn: ({ id }, { currencyCode, at, customerGroup, channel }, { loaders }) =>
      loaders.priceRecords.holdingPriceByVariant.load(id, {
        currencyCode,
        at: at?.toISOString() ?? null,
        customerGroup: customerGroup ?? null,
        channel: channel ?? null,
      }),
  },
  PriceList: { id: ({ id }) => toGlobalId('PriceList', id) },
  PriceListConnection: connectionFields,
  PriceListEntry: {
    id: ({ id }) => toGlobalId('PriceListEntry', id),
    priceList: ({ priceListId }, _, { loaders }) =>
      loaders.priceRecords.priceListById.loadRequired(priceListId),
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
  },
  PriceListEntryConnection: connectionFields,
  HoldingPrice: {
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
    priceList: ({ priceListId }, _, { loaders }) =>
      priceListId === null ? null : loaders.priceRecords.priceListById.loadRequired(priceListId),
  },
};

async function toPayload<Code extends string>(outcome: Outcome<number, Code>, { loaders }: Context) {
  return outcome.kind === 'refused'
    ? { priceList: null, userErrors: outcome.userErrors }
    : {
        priceList: await loaders.priceRecords.priceListById.loadRequired(outcome.result),
        userErrors: [],
      };
}

function toFilter(filter: PriceListEntryFilter | null | undefined): EntryListFilter {
  const read = (type: 'PriceList' | 'ProductVariant', name: 'priceListIds' | 'variantIds') =>
    filter?.[name]?.map((id, index) => fromGlobalId(type, id, ['filter', name, String(index)])) ?? null;
  return {
    priceListIds: read('PriceList', 'priceListIds'),
    variantIds: read('ProductVariant', 'variantIds'),
  };
}
