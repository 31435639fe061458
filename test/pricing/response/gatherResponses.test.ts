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
    const short = Array.from({ length: 12 }, (_, seed) =>
      drawPriceItem({ seed: 70 + seed, elasticity: -3, weeks: 9, noise: 0.6 }, { id: `short ${seed}` }),
    );
    const read = (gathered: ReturnType<typeof gatherResponses>) =>
      gathered.flatMap(({ shrunken }) => shrunken.posterior);
    const alone = read(short.flatMap((item) => gatherResponses([item], 7)));
    const together = read(short.flatMap((item) => gatherResponses([...many, item], 7).slice(-1)));
    const errorOf = (estimates: typeof alone) => meanOf(estimates.map(({ value }) => Math.abs(value + 3)));
    const doubtOf = (estimates: typeof alone) => meanOf(estimates.map(({ standardError }) => standardError));
    expect(errorOf(together)).toBeLessThan(0.5 * errorOf(alone));
    expect(doubtOf(together)).toBeLessThan(0.7 * doubtOf(alone));
  });

  it('counts what stock cut off', () => {
    const items = draw({ elasticity: -2.5, noise: 0.15 }, 30).map((item) => ({
      ...item,
      // Stock for 150 a week, which demand exceeds most often where the price is low.
      history: item.history.map((row) => ({
        ...row,
        units: Math.min(150, row.units),
        inStock: row.units <= 150,
      })),
    }));
    const asIfWanted = items.map((item) => ({
      ...item,
      history: item.history.map((row) => ({ ...row, inStock: true })),
    }));
    const slopeOf = (from: typeof items) =>
      meanOf(
        from.flatMap((item) => gatherResponses([item], 7)).map(({ evidence }) => evidence.controlled.value),
      );
    expect(slopeOf(asIfWanted)).toBeGreaterThan(-1.8);
    expect(slopeOf(items)).toBeLessThan(-2.1);
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
