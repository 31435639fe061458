import { describe, expect, it } from 'vitest';
import type { PriceItem } from '../../../src/pricing/priceItem.ts';
import { findPriceSteps } from '../../../src/pricing/response/findPriceSteps.ts';
import { takeControlsOut } from '../../../src/pricing/response/itemEvidence.ts';
import { drawPriceItem } from '../../support/drawnPriceItem.ts';

const find = (items: readonly PriceItem[]) => findPriceSteps(items, items.map(takeControlsOut));
const drawMany = (count: number) =>
  Array.from({ length: count }, (_, seed) =>
    drawPriceItem({ seed: 40 + seed, elasticity: -1.5, noise: 0.12, priceMoves: 0.12 }, { id: `${seed}` }),
  );
/** Demand falls by 30 % from a price of 10 on. */
const withStep = (item: PriceItem): PriceItem => ({
  ...item,
  history: item.history.map((row) => ({
    ...row,
    units: Math.round(row.units * (row.price >= 10 ? 0.7 : 1)),
  })),
});

describe('steps of demand', () => {
  it('are found at the round price where demand falls, with their height and the slope between them', () => {
    const found = find(drawMany(12).map(withStep)).filter(({ steps }) => steps.length > 0);
    expect(found.length).toBeGreaterThanOrEqual(9);
    const atTen = found.flatMap(({ steps }) => steps.filter(({ at }) => Math.abs(at) < 0.011));
    expect(atTen.length).toBeGreaterThanOrEqual(9);
    const fall = atTen.reduce((sum, step) => sum + step.fall, 0) / atTen.length;
    expect(fall).toBeCloseTo(Math.log(0.7), 1);
    const slopes = found.map(({ slope }) => slope?.value ?? 0);
    expect(slopes.reduce((sum, value) => sum + value, 0) / slopes.length).toBeCloseTo(-1.5, 0);
  });

  it('are hardly ever found where there are none', () => {
    const found = find(drawMany(60)).filter(({ steps }) => steps.length > 0);
    expect(found.length).toBeLessThanOrEqual(2);
  });

  it('need less evidence where many items show one', () => {
    const weak = drawMany(16).map((item) => ({
      ...withStep(item),
      history: withStep(item).history.slice(0, 70),
    }));
    const together = find(weak).filter(({ steps }) => steps.length > 0).length;
    const alone = weak.filter((item) => find([item])[0]?.steps.length).length;
    expect(together).toBeGreaterThan(alone);
  });

  it('are not looked for in a handful of periods or at one price', () => {
    const [item] = drawMany(1);
    if (item === undefined) throw new Error('One item must have been drawn.');
    const short = { ...item, history: item.history.slice(0, 8) };
    const constant = { ...item, history: item.history.map((row) => ({ ...row, price: 10 })) };
    expect(find([short, constant]).map(({ steps }) => steps)).toEqual([[], []]);
  });
});
