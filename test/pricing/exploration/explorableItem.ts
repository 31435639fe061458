import { normalScores } from '../../../src/maths/normal.ts';
import { RESPONSE_LEVELS } from '../../../src/pricing/demandResponse.ts';
import type { ExplorableItem } from '../../../src/pricing/exploration/exploringShares.ts';

/** An item at a constant elasticity around `mean` with the deviation, cost 6, current price 10, candidates 7.5 to 12.5. */
export function makeExplorable(
  { mean, deviation }: { readonly mean: number; readonly deviation: number },
  change: Partial<ExplorableItem> = {},
): ExplorableItem {
  const prices = Float64Array.from({ length: 21 }, (_, g) => 7.5 + 0.25 * g);
  const unitGains = prices.map((price) => price - 6);
  const logs = prices.map((price) => Math.log(price / 10));
  const scores = [...normalScores(RESPONSE_LEVELS)];
  const ratioQuantiles = Float64Array.from(
    [...logs].flatMap((log) =>
      scores.map((score) => Math.exp(mean * log + score * deviation * Math.abs(log))),
    ),
  );
  const expected = unitGains.map((gain, g) => 100 * gain * Math.exp(mean * (logs[g] ?? 0)));
  return {
    ...{ prices, unitGains, expected, ratioQuantiles },
    isAllowed: new Uint8Array(prices.length).fill(1),
    currentIndex: 10,
    recommendedIndex: expected.indexOf(Math.max(...expected)),
    levelQuantiles: Float64Array.from(scores, (score) => 100 * Math.exp(0.3 * score)),
    stockLimit: Number.NaN,
    ...change,
  };
}
