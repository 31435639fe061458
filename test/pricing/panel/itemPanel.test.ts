import { expect, test } from 'vitest';
import { drawNormal, makeRandom } from '../../../src/maths/random.ts';
import type { PriceItem, PriceObservation } from '../../../src/pricing/priceItem.ts';
import { fitItemPanel } from '../../../src/pricing/response/panel/itemPanel.ts';

const periods = 80;
const slope = -2;
/** Log units per log price of the first and the second competitor. */
const cross: readonly [number, number] = [1.2, 0];

function makeItems(count: number): readonly PriceItem[] {
  const random = makeRandom(7);
  return Array.from({ length: count }, (_, i) => {
    const history = Array.from({ length: periods }, (_, t): PriceObservation => {
      const promoted = random.uniform() < 0.2;
      const price = 10 * Math.exp(0.1 * drawNormal(random) - (promoted ? 0.15 : 0));
      const others = cross.map(() => 10 * Math.exp(0.15 * drawNormal(random)));
      const log =
        5 +
        slope * Math.log(price / 10) +
        cross.reduce((sum, effect, k) => sum + effect * Math.log((others[k] ?? 10) / 10), 0) +
        (promoted ? 0.4 : 0) +
        0.15 * drawNormal(random);
      return {
        ...{ day: 7 * t, units: Math.round(Math.exp(log)), price, regularPrice: 10, promoted },
        ...{ competitorPrices: others, inStock: true, sentiment: Number.NaN, complaintRate: Number.NaN },
      };
    });
    return {
      ...{ id: `${i}`, history, unitCost: 1, currentPrice: 10, competitorPrices: [], groups: [] },
      constraints: {
        ...{
          floor: Number.NaN,
          ceiling: Number.NaN,
          minimumMarginRate: Number.NaN,
          maximumStepRate: Number.NaN,
        },
        ...{
          endings: [],
          competitorCorridor: null,
          stockLimit: Number.NaN,
          minimumAdvertisedPrice: Number.NaN,
        },
      },
    };
  });
}

const panel = fitItemPanel(makeItems(15));
const period = (price: number, competitors: readonly number[], promoted = false) => ({
  ...{ day: 7 * periods, price, regularPrice: 10, promoted, competitorPrices: competitors },
});

test('items of a request have their slopes within the interval', () => {
  const covered = panel.responses.filter(
    ({ together: { value, standardError } }) => Math.abs(value - slope) < 2.5 * standardError,
  );
  expect(covered.length).toBeGreaterThanOrEqual(14);
});

test('plans tell competitors, promotions and the own price apart', () => {
  const [usual, dearer, rivalDearer, otherDearer, promoted] = [
    period(10, [10, 10]),
    period(11, [10, 10]),
    period(10, [11, 10]),
    period(10, [10, 11]),
    period(10, [10, 10], true),
  ].map((one) => {
    const answers = panel.predict(panel.responses.map(() => [one]));
    return answers.reduce((sum, [value = Number.NaN]) => sum + value, 0) / answers.length;
  });
  const base = usual ?? Number.NaN;
  expect(((dearer ?? 0) - base) / Math.log(1.1)).toBeCloseTo(slope, 0);
  expect(((rivalDearer ?? 0) - base) / Math.log(1.1)).toBeCloseTo(cross[0], 0);
  expect(Math.abs(((otherDearer ?? 0) - base) / Math.log(1.1))).toBeLessThan(0.25);
  expect(Math.abs((promoted ?? 0) - base - 0.4)).toBeLessThan(0.2);
});

test('an unknown plan is the usual circumstances, and no plan no answer', () => {
  const unknown = { ...period(10, []), regularPrice: Number.NaN };
  const [first, second] = panel.predict([[unknown], []]);
  expect(Math.abs((first?.[0] ?? 0) - 5)).toBeLessThan(0.4);
  expect(second).toHaveLength(0);
});
