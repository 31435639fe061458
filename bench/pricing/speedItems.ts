import type { PriceOptimizeInput } from '../../src/generated/graphql.ts';
import { makeRandom } from '../../src/maths/random.ts';

const weeks = 104;
const competitors = 3;
const categories = 40;
const millisecondsPerWeek = 7 * 86_400_000;

/** A request of `priceOptimize` for items with two years of weeks, prices of three competitors and all usual constraints. */
export function makeSpeedRequest(items: number, seed: number): PriceOptimizeInput {
  const { uniform } = makeRandom(seed);
  return {
    frequency: 'WEEKLY',
    horizon: 8,
    items: Array.from({ length: items }, (_, index) => {
      const [level, elasticity, price] = [5 + 95 * uniform(), -1.5 - 2 * uniform(), 5 + 45 * uniform()];
      const pay = () => Number((price * (0.85 + 0.3 * uniform())).toFixed(2));
      const history = Array.from({ length: weeks }, (__, week) => {
        const paid = pay();
        const season = 1 + 0.2 * Math.sin((2 * Math.PI * week) / 52);
        return {
          date: new Date(Date.UTC(2024, 0, 1) + week * millisecondsPerWeek).toISOString().slice(0, 10),
          units: Math.round(level * season * (paid / price) ** elasticity * (0.7 + 0.6 * uniform())),
          price: paid,
          promoted: uniform() < 0.1,
          competitorPrices: Array.from({ length: competitors }, pay),
          sentiment: 2 * uniform() - 1,
        };
      });
      return {
        id: `item ${index}`,
        history,
        unitCost: price * (0.4 + 0.3 * uniform()),
        currentPrice: Number(price.toFixed(2)),
        constraints: {
          minimumMarginRate: 0.1,
          maximumStepRate: 0.25,
          endings: [0.49, 0.99],
          competitorCorridor: [0.6, 1.5],
          ...(index % 10 === 0 ? { stockLimit: 6 * level } : {}),
        },
        groups: [`category:${index % categories}`],
      };
    }),
  };
}
