/** The pricing service itself, in this process, on the shipped models. */

import { openEmbedded } from '../../src/database/embedded.ts';
import { type ExplorationRules, explorePrices } from '../../src/pricing/exploration/explorePrices.ts';
import { toExplorable } from '../../src/pricing/exploration/toExplorable.ts';
import type { PriceItem, PriceRequest } from '../../src/pricing/priceItem.ts';
import type { PriceAdvice } from '../../src/pricing/service.ts';
import { makeServices } from '../../src/services.ts';
import { startModels } from '../../src/startModels.ts';
import type { ShopAnswer } from './scoreShop.ts';

/** Longest that one shop may take. */
const DEADLINE_MS = 600_000;

/** Items that are priced together. */
export type PricedShop = Pick<PriceRequest, 'frequency' | 'horizon'> & {
  readonly items: readonly { readonly item: PriceItem }[];
};

/** The running service. */
export interface OurPricing {
  /** Name and version of the model of responses to prices. */
  readonly title: string;
  /** Recommendations for a shop's items as they stand, in order; throws where an item's constraints contradict each other. */
  advise(shop: PricedShop): Promise<readonly PriceAdvice[]>;
  close(): Promise<void>;
}

/** Starts the models of `modelsFolder` and the services on an empty store. */
export async function startOurPricing(modelsFolder: string): Promise<OurPricing> {
  const models = await startModels({
    modelsFolder,
    ...{ inferenceThreads: 1, forecastThreads: 1 },
    ...{ inferenceQueueLimit: 1_000, inferenceDeadlineMs: DEADLINE_MS },
  });
  const database = await openEmbedded({ dump: undefined });
  const services = makeServices({ ...models, database, models: models.cards, clock: () => new Date() });
  const { name, version } = services.pricing.model();
  return {
    title: `${name} ${version}`,
    async advise({ frequency, horizon, items }) {
      const request: PriceRequest = {
        ...{ frequency, horizon, objective: 'MARGIN' },
        items: items.map(({ item }) => item),
      };
      const answers = await services.pricing.recommendPrices({ ...request, currencyCode: null });
      return answers.map((answer, i) => {
        if ('rule' in answer)
          throw new Error(`${describe(request.items[i])}: ${answer.field} must be ${answer.rule}.`);
        return answer;
      });
    },
    async close() {
      await models.close();
      await database.close();
    },
  };
}

/** Recommendations as an answer to be scored. */
export function toAnswer(advice: readonly PriceAdvice[]): ShopAnswer {
  return {
    method: 'ours',
    prices: advice.map(({ recommendedPrice }) => recommendedPrice),
    slopes: advice.map(({ response }) => response.elasticity),
  };
}

/**
 * Recommendations of which some are changed by lot, as `priceExplorationPlan` does. The next call starts from the
 * recommended prices: the service keeps a current price unless it is sure of a better one, and a tried one was never recommended.
 */
export async function toExploringAnswer(
  advice: readonly PriceAdvice[],
  rules: ExplorationRules,
): Promise<ShopAnswer> {
  const items = advice.map((one) => ({ id: one.id, candidates: toExplorable(one, 'MARGIN') }));
  const drawn = await explorePrices(items, rules, () => Promise.resolve());
  const prices = drawn.map(({ chosenIndex }, i) => items[i]?.candidates.prices[chosenIndex] ?? Number.NaN);
  const answer = toAnswer(advice);
  return { ...answer, method: 'ours, exploring', prices, basePrices: answer.prices };
}

function describe(item: PriceItem | undefined): string {
  return item === undefined ? 'An item' : `Item ${item.id}`;
}
