import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatTenThousandths, parseTenThousandths } from '../../src/exactMoney.ts';
import {
  firstDayOfMonth,
  fromDayNumber,
  mondayOf,
  monthOf,
  toDayNumber,
} from '../../src/sales/calendarDay.ts';
import { toDailyTotals } from '../../src/sales/dailyTotals.ts';
import { toDemandSeries } from '../../src/sales/demandHistory.ts';
import { onlineRetailFormat } from '../../src/sales/onlineRetailFormat.ts';
import { makeProductNames } from '../../src/sales/productNames.ts';
import { checkPeriodRange, toPeriods } from '../../src/sales/salesPeriods.ts';
import type { SalesRow } from '../../src/sales/salesRow.ts';
import { findUsualPrice, type PriceChange, recordPrice } from '../../src/sales/usualPrice.ts';

const anyDay = fc.integer({ min: -30_000, max: 60_000 });

test('days, weeks and months fit together', () => {
  fc.assert(
    fc.property(anyDay, (day) => {
      expect(toDayNumber(fromDayNumber(day))).toBe(day);
      expect(new Date(`${fromDayNumber(mondayOf(day))}T00:00:00Z`).getUTCDay()).toBe(1);
      expect(day - mondayOf(day)).toBeLessThan(7);
      expect(fromDayNumber(firstDayOfMonth(monthOf(day)))).toBe(`${fromDayNumber(day).slice(0, -2)}01`);
    }),
  );
});

test('money is read and written without loss', () => {
  fc.assert(
    fc.property(fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n }), (amount) => {
      expect(parseTenThousandths(formatTenThousandths(amount))).toBe(amount);
    }),
  );
  expect(formatTenThousandths(125_000n)).toBe('12.50');
  expect(formatTenThousandths(-5n)).toBe('-0.0005');
  expect(parseTenThousandths('1.23450')).toBe(12_345n);
  expect(parseTenThousandths('1.23456')).toBeNull();
  expect(parseTenThousandths('1e5')).toBeNull();
});

test('the usual price survives a promotion of three weeks and follows a lasting change', () => {
  const changes: PriceChange[] = [];
  expect(recordPrice(changes, 0, 200)).toBe(true);
  expect(recordPrice(changes, 50, 150)).toBe(true);
  expect(findUsualPrice(changes, 70)).toBe(200);
  expect(recordPrice(changes, 71, 200)).toBe(true);
  expect(recordPrice(changes, 90, 200)).toBe(false);
  expect(recordPrice(changes, 100, 240)).toBe(true);
  expect(findUsualPrice(changes, 110)).toBe(200);
  expect(findUsualPrice(changes, 135)).toBe(240);
});

test('a price found later for an earlier day takes its place in the history', () => {
  const changes: PriceChange[] = [{ day: 10, price: 300 }];
  expect(recordPrice(changes, 5, 200)).toBe(true);
  expect(recordPrice(changes, 10, 400)).toBe(false);
  expect(changes).toEqual([
    { day: 5, price: 200 },
    { day: 10, price: 300 },
  ]);
});

test('the day’s price is the one most rows paid, whatever a batch holds besides', () => {
  const row = (changes: Partial<SalesRow>): SalesRow => ({
    line: 1,
    orderNumber: '1',
    sku: 'A',
    name: null,
    kind: 'SALE',
    quantity: 2,
    soldAt: '',
    day: 3,
    price: 10_000,
    customerCode: null,
    country: null,
    ...changes,
  });
  const rows = [
    row({}),
    row({}),
    row({ price: 30_000 }),
    row({ kind: 'RETURN', price: 5 }),
    row({ sku: 'B', kind: 'RETURN' }),
  ];
  expect(toDailyTotals(rows)).toEqual([
    { sku: 'A', day: 3, units: 6, returns: 2, revenue: 100_000n, commonPrice: 10_000 },
    { sku: 'B', day: 3, units: 0, returns: 2, revenue: 0n, commonPrice: 0 },
  ]);
});

test('the name of an article is its most frequent one, the latest of equals, remarks only for want of a name', () => {
  const names = makeProductNames(onlineRetailFormat.isProductName);
  for (const name of ['RED LAMP', 'damaged', 'damaged', 'LAMP RED', 'damaged']) names.add('A', name);
  for (const name of ['wrongly coded 20713', '?', '?']) names.add('B', name);
  names.add('C', null);
  names.add('D', 'BAG 125g SWIRLY MARBLES');
  expect(names.list()).toEqual([
    { sku: 'A', name: 'LAMP RED' },
    { sku: 'B', name: '?' },
    { sku: 'C', name: 'C' },
    { sku: 'D', name: 'BAG 125g SWIRLY MARBLES' },
  ]);
});

test('periods have no gaps, and those the range cuts begin on their Monday or first', () => {
  const packed = {
    firstDay: '2024-01-31',
    lastDay: '2024-03-02',
    days: '0,1,31',
    units: '5,7,1',
    returns: '0,2,0',
    revenue: '10.0000,0.1000,0.2000',
    emptyDays: '1',
  };
  expect(toPeriods(packed, 'MONTH', 'GBP')).toEqual([
    {
      periodStart: '2024-01-01',
      units: 5,
      returns: 0,
      revenue: [{ amount: '10.00', currencyCode: 'GBP' }],
      inStock: true,
    },
    {
      periodStart: '2024-02-01',
      units: 7,
      returns: 2,
      revenue: [{ amount: '0.10', currencyCode: 'GBP' }],
      inStock: false,
    },
    {
      periodStart: '2024-03-01',
      units: 1,
      returns: 0,
      revenue: [{ amount: '0.20', currencyCode: 'GBP' }],
      inStock: true,
    },
  ]);
  expect(toPeriods(packed, 'WEEK', 'GBP').map(({ periodStart }) => periodStart)).toEqual([
    '2024-01-29',
    '2024-02-05',
    '2024-02-12',
    '2024-02-19',
    '2024-02-26',
  ]);
  expect(toPeriods(packed, 'DAY', 'GBP')).toHaveLength(32);
});

test('refuses a backward range and more than 1,100 periods', () => {
  expect(() => checkPeriodRange({ from: '2024-01-02', to: '2024-01-01', interval: 'DAY' })).toThrow(
    'from must not be later than to, got 2024-01-02 and 2024-01-01.',
  );
  expect(() => checkPeriodRange({ from: '2020-01-01', to: '2023-01-05', interval: 'DAY' })).toThrow(
    'from and to must span at most 1100 periods, got 1101.',
  );
  expect(() => checkPeriodRange({ from: '2020-01-01', to: '2023-01-04', interval: 'DAY' })).not.toThrow();
});

test('demand of several parts is added up by day, prices weighted by units', () => {
  const parts = [
    {
      key: 1,
      firstDay: '2024-01-01',
      lastDay: '2024-01-04',
      days: '0,0,3',
      units: '1,3,2',
      priceRatios: '10000,8000,9000',
      emptyDays: '3',
      promotedDays: null,
    },
    {
      key: 1,
      firstDay: '2024-01-03',
      lastDay: '2024-01-05',
      days: '1',
      units: '2',
      priceRatios: '10000',
      emptyDays: null,
      promotedDays: '1',
    },
  ];
  const series = toDemandSeries(parts, 730);
  expect(series.start).toBe('2024-01-01');
  expect([...series.values]).toEqual([4, 0, 0, 4, 0]);
  expect(series.inStock).toEqual([true, true, true, false, true]);
  expect(series.promoted).toEqual([false, false, false, true, false]);
  expect([...series.priceRatio]).toEqual([0.85, 1, 1, 0.95, 1]);
  expect([...toDemandSeries(parts, 2).values]).toEqual([4, 0]);
});
