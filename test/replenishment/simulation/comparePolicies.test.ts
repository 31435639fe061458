import { expect, it } from 'vitest';
import { type StockCurve, stockAtFillRate } from '../../../src/replenishment/simulation/comparePolicies.ts';
import { toWeeklyRecords } from '../../../src/replenishment/simulation/weeklyRecords.ts';
import { weekOfYear } from '../../../src/replenishment/simulation/weekOfYear.ts';

function curveOf(...points: readonly (readonly [fillRate: number, averageStock: number])[]): StockCurve {
  const end = { onHand: new Float64Array(), incoming: [] };
  const rest = { cost: 0, holding: 0, shortage: 0, lostUnits: 0, end };
  return {
    name: 'curve',
    points: points.map(([fillRate, averageStock]) => ({
      level: 0.5,
      outcome: { ...rest, fillRate, averageStock },
    })),
  };
}

it('reads stock at a fill rate off the line between two replays, whatever their order', () => {
  expect(stockAtFillRate(curveOf([0.99, 300], [0.9, 100]), 0.93)).toBeCloseTo(100 + (200 * 3) / 9, 9);
  expect(stockAtFillRate(curveOf([0.9, 100], [0.95, 150]), 0.95)).toBe(150);
});

it('does not guess beyond the replays', () => {
  expect(stockAtFillRate(curveOf([0.8, 100], [0.9, 150]), 0.95)).toBeNull();
  expect(stockAtFillRate(curveOf([0.97, 100], [0.99, 150]), 0.95)).toBeNull();
});

it('adds days up to weeks that end on the last day; a week not known whole is limited', () => {
  const known = (start: string, values: readonly number[], empty: readonly number[] = []) => ({
    variantId: 1,
    start,
    values: Float64Array.from(values),
    inStock: values.map((_, day) => !empty.includes(day)),
    promoted: values.map(() => false),
    priceRatio: Float64Array.from(values, () => 1),
  });
  const fortnight = Array.from({ length: 15 }, (_, day) => day);
  const items = ['a', 'b', 'never'].map((id) => ({ id, groups: [] }));
  const records = toWeeklyRecords(
    [
      known('2026-01-01', fortnight), // its first day is before the first whole week
      known('2026-01-09', [1, 1, 1, 1, 1, 1, 1], [3]),
      known('', []),
    ],
    items,
    100,
  );
  expect(records.periods).toBe(2);
  expect([...records.demand]).toEqual([28, 77, 0, 7, 0, 0]);
  expect([...records.inStock]).toEqual([1, 1, 0, 0, 0, 0]);
});

it('numbers weeks as ISO 8601 does', () => {
  expect(weekOfYear(Date.UTC(2020, 11, 28))).toBe(53);
  expect(weekOfYear(Date.UTC(2021, 0, 4))).toBe(1);
  expect(weekOfYear(Date.UTC(2024, 1, 19))).toBe(8);
});
