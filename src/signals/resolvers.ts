import type { Resolvers } from '../generated/graphql.ts';
import { fromGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';

/** GraphQL fields of signals from texts. */
export const signalsResolvers: Pick<Resolvers, 'Mutation' | 'ProductVariant'> = {
  Mutation: {
    productSignalsRecord: async (_, { input }, { services }, info) => {
      const signals = input.signals.map(({ variantId, sentiment, ...week }, index) => ({
        ...week,
        variantId: fromGlobalId('ProductVariant', variantId, [
          'input',
          'signals',
          String(index),
          'variantId',
        ]),
        sentiment: sentiment ?? null,
      }));
      const outcome = await services.signals.recordSignals(signals, idempotencyOf(info, input));
      return outcome.kind === 'refused'
        ? { recorded: 0, userErrors: outcome.userErrors }
        : { recorded: outcome.result, userErrors: [] };
    },
  },
  ProductVariant: {
    signals: async ({ id }, { from, to }, { loaders }) =>
      loaders.signals.signalsByVariant.load(id, { from: from ?? null, to: to ?? null }),
  },
};
