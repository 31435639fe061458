import { expect, it } from 'vitest';
import { toPeriodHistory } from '../../src/forecasting/dailyHistory.ts';

function daily(start: string, units: readonly number[], emptyDays: readonly number[] = []) {
  return {
    start,
    values: Float64Array.from(units),
    inStock: units.map((_, day) => !emptyDays.includes(day)),
    promoted: units.map(() => false),
    priceRatio: Float64Array.from(units, () => 1),
  };
}

it('keeps days as they are and begins the forecast on the day after the last', () => {
  const { history, startsOn } = toPeriodHistory(daily('2026-10-29', [1, 2, 3]), 'DAILY');
  expect([...history.values]).toEqual([1, 2, 3]);
  expect(history.seasonLength).toBe(7);
  expect(startsOn).toBe('2026-11-01');
});

it('adds days up to weeks that end on the last reported day and leaves the rest of the oldest week out', () => {
  const { history, startsOn } = toPeriodHistory(
    daily('2026-10-01', [9, ...Array(14).fill(1)], [3]),
    'WEEKLY',
  );
  expect([...history.values]).toEqual([7, 7]);
  expect(history.inStock).toEqual([false, true]);
  expect(startsOn).toBe('2026-10-16');
});

it('adds days up to whole calendar months', () => {
  const { history, startsOn } = toPeriodHistory(daily('2026-08-30', Array(40).fill(1)), 'MONTHLY');
  expect([...history.values]).toEqual([30]);
  expect(startsOn).toBe('2026-10-01');
});

it('yields no periods where nothing was ever sold', () => {
  expect(toPeriodHistory(daily('', []), 'WEEKLY').history.values).toHaveLength(0);
});
