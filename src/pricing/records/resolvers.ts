import type { Resolvers } from '../../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../../globalId.ts';
import { idempotencyOf } from '../../idempotencyOf.ts';
import { isPromotion } from './schedule.ts';

/** GraphQL fields of what is recorded about prices. */
export const priceRecordsResolvers: Pick<Resolvers, 'Mutation' | 'ProductVariant' | 'VariantPrice'> = {
  Mutation: {
    variantPriceSet: async (_, { input }, { services }, info) => {
      const prices = input.prices.map((line, index) => ({
        ...line,
        variantId: fromGlobalId('ProductVariant', line.variantId, [
          'input',
          'prices',
          String(index),
          'variantId',
        ]),
        listPrice: line.listPrice ?? null,
        comparePrice: line.comparePrice ?? null,
        validFrom: line.validFrom ?? null,
      }));
      const outcome = await services.priceRecords.setVariantPrices(
        { ...input, prices },
        idempotencyOf(info, input),
      );
      if (outcome.kind === 'refused') return { prices: null, userErrors: outcome.userErrors };
      return { prices: await services.priceRecords.findPrices(outcome.result), userErrors: [] };
    },
    variantPriceCancel: async (_, { input }, { services }, info) => {
      const priceIds = input.priceIds.map((id, index) =>
        fromGlobalId('VariantPrice', id, ['input', 'priceIds', String(index)]),
      );
      const command = { actor: input.actor, reason: input.reason, priceIds };
      const outcome = await services.priceRecords.cancelVariantPrices(command, idempotencyOf(info, input));
      if (outcome.kind === 'refused') return { prices: null, userErrors: outcome.userErrors };
      return { prices: await services.priceRecords.findPrices(outcome.result), userErrors: [] };
    },
  },
  ProductVariant: {
    priceHistory: ({ id }, { status }, { loaders }) => loaders.priceRecords.pricesByVariant.load(id, status),
  },
  VariantPrice: {
    id: ({ id }) => toGlobalId('VariantPrice', id),
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    price: ({ price, currencyCode }) => ({ amount: price, currencyCode }),
    listPrice: ({ listPrice, currencyCode }) => ({ amount: listPrice, currencyCode }),
    comparePrice: ({ comparePrice, currencyCode }) =>
      comparePrice === null ? null : { amount: comparePrice, currencyCode },
    isPromotion,
  },
};
