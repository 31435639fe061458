import { describe, expect, it } from 'vitest';
import { gatherResponses } from '../../../src/pricing/response/gatherResponses.ts';
import { isIdentified } from '../../../src/pricing/response/readEvidence.ts';
import { answerResponseTask } from '../../../src/pricing/response/responseTask.ts';
import { type DrawnTerms, drawPriceItem } from '../../support/drawnPriceItem.ts';
import { makePriceItem, observation } from '../../support/priceCases.ts';

const draw = (terms: Omit<DrawnTerms, 'seed'>, count: number) =>
  Array.from({ length: count }, (_, seed) => drawPriceItem({ ...terms, seed: seed + 1 }, { id: `${seed}` }));
const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe('elasticity engine', () => {
  it('recovers an elasticity that season and sentiment hide from a plain regression', () => {
    const gathered = draw({ elasticity: -2.5, confounding: 0.4 }, 12).flatMap((item) =>
      gatherResponses([item], 7),
    );
    const naive = meanOf(gathered.map(({ evidence }) => Math.abs(evidence.naive.value + 2.5)));
    const controlled = meanOf(gathered.map(({ evidence }) => Math.abs(evidence.controlled.value + 2.5)));
    expect(naive).toBeGreaterThan(0.8);
    expect(controlled).toBeLessThan(0.25);
  });

  it('covers the truth by its standard errors about as often as it says', () => {
    const gathered = draw({ elasticity: -1.8 }, 200).flatMap((item) => gatherResponses([item], 7));
    const covered = gathered.filter(({ evidence: { controlled } }) => {
      return Math.abs(controlled.value + 1.8) <= 1.96 * controlled.standardError;
    });
    expect(covered.length / gathered.length).toBeGreaterThan(0.85);
    expect(covered.length / gathered.length).toBeLessThan(0.99);
  });

  it('tells a promotion from its price cut', () => {
    const gathered = draw({ elasticity: -2, promotionLift: 0.4 }, 20).flatMap((item) =>
      gatherResponses([item], 7),
    );
    expect(meanOf(gathered.map(({ evidence }) => evidence.promotion.value))).toBeCloseTo(0.4, 1);
    expect(meanOf(gathered.map(({ evidence }) => evidence.controlled.value))).toBeCloseTo(-2, 0);
  });

  it('finds the answer to rival prices', () => {
    const items = draw({ elasticity: -2, rivalElasticity: 0.8 }, 20);
    const { readings } = answerResponseTask({ items, periodDays: 7 });
    const cross = readings.flatMap(({ effects }) =>
      effects.filter(({ name }) => name === 'competitor_price'),
    );
    expect(cross).toHaveLength(20);
    expect(meanOf(cross.map(({ coefficient }) => coefficient))).toBeCloseTo(0.8, 1);
  });

  it('leans on the other items where an item says little', () => {
    const many = draw({ elasticity: -3, weeks: 150 }, 15);
    const short = drawPriceItem({ seed: 77, elasticity: -3, weeks: 9, noise: 0.6 }, { id: 'short' });
    const [alone] = gatherResponses([short], 7);
    const together = gatherResponses([...many, short], 7).at(-1);
    const off = (value = 0) => Math.abs(value + 3);
    expect(off(together?.shrunken.posterior.value)).toBeLessThan(off(alone?.shrunken.posterior.value));
    expect(together?.shrunken.posterior.standardError).toBeLessThan(
      alone?.shrunken.posterior.standardError ?? 0,
    );
  });

  it.each([
    [
      'a constant price',
      Array.from({ length: 100 }, (_, week) => ({ ...observation, day: 20_000 + 7 * week })),
    ],
    ['one observation', [observation]],
    ['two observations', [observation, { ...observation, day: 20_007, price: 12 }]],
    [
      'no sales',
      Array.from({ length: 60 }, (_, week) => ({ ...observation, day: 20_000 + 7 * week, units: 0 })),
    ],
    [
      'no stock',
      Array.from({ length: 60 }, (_, week) => ({
        ...observation,
        day: 20_000 + 7 * week,
        price: 10 + week,
        inStock: false,
      })),
    ],
  ])('says that %s does not identify an elasticity, and stays finite', (_, history) => {
    const item = makePriceItem({ history });
    const [gathered] = gatherResponses([item], 7);
    expect(gathered && isIdentified(item, gathered.evidence)).toBe(false);
    expect(gathered?.features.every(Number.isFinite)).toBe(true);
    expect(gathered?.shrunken.posterior.value).toBeCloseTo(-2.1, 0);
    expect(gathered?.shrunken.posterior.standardError).toBeGreaterThan(0.8);
  });

  it('warns where prices follow demand', () => {
    const item = drawPriceItem({ seed: 5, elasticity: -2, priceMoves: 0.05 });
    const history = item.history.map((row, t) => {
      const last = item.history[t - 1];
      const surprise = last === undefined ? 0 : Math.log(last.units / 148) + 2 * Math.log(last.price / 10);
      return {
        ...row,
        price: row.price * Math.exp(0.8 * surprise),
        units: Math.round(row.units * Math.exp(-1.6 * surprise)),
      };
    });
    const warningsOf = (one: typeof item) =>
      answerResponseTask({ items: [one], periodDays: 7 }).readings[0]?.warnings;
    expect(warningsOf(item)).toEqual([]);
    expect(warningsOf({ ...item, history })).toContain('PRICE_FOLLOWS_DEMAND');
  });
});
