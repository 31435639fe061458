import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../../../src/database/database.ts';
import {
  makePriceHistoriesService,
  type PricedHistory,
} from '../../../../src/pricing/records/histories/priceHistories.ts';
import { makePriceRecordsService } from '../../../../src/pricing/records/service.ts';
import { makeSalesService } from '../../../../src/sales/service.ts';
import { makeSignalsService } from '../../../../src/signals/service.ts';
import { openDemoDatabase } from '../../../support/demoTemplate.ts';

let database: Database;
let all: Record<'DAILY' | 'WEEKLY', PricedHistory[]>;

beforeAll(async () => {
  database = await openDemoDatabase();
  const clock = () => new Date('2026-11-01T06:00:00Z');
  const histories = makePriceHistoriesService({
    database,
    sales: makeSalesService({ database, clock }),
    signals: makeSignalsService({ database }),
    costs: makePriceRecordsService({ database, clock }),
    clock,
  });
  const rows = await database.sql.query<{ id: number }>('SELECT id FROM product_variant ORDER BY id');
  const ids = rows.map(({ id }) => id);
  const read = async (frequency: 'DAILY' | 'WEEKLY') =>
    (await histories.listPriceHistories(ids, { frequency })).flatMap((one) => one ?? []);
  all = { DAILY: await read('DAILY'), WEEKLY: await read('WEEKLY') };
});
afterAll(() => database.close());

it.each(['DAILY', 'WEEKLY'] as const)(
  'the demo shop has a history of every variant in frequency %s, whose values are what pricing takes',
  (frequency) => {
    expect(all[frequency].length).toBeGreaterThan(190);
    const wrong = all[frequency].filter(({ history, currentPrice, unitCost, competitors }) => {
      const isPriced = currentPrice > 0 && unitCost !== null && unitCost > 0 && unitCost < currentPrice * 1.2;
      const step = frequency === 'DAILY' ? 1 : 7;
      return !(
        isPriced &&
        history.every(
          ({ day, units, price, regularPrice, competitorPrices }, index) =>
            day === (history[0]?.day ?? 0) + index * step &&
            units >= 0 &&
            price > 0 &&
            regularPrice > 0 &&
            competitorPrices.length === competitors.length &&
            competitorPrices.every((asked) => Number.isNaN(asked) || asked > 0),
        )
      );
    });
    expect(wrong).toEqual([]);
  },
);

it('the demo shop has promotions, which cost less than regular prices, and competitors that are known all the time', () => {
  const periods = all.DAILY.flatMap(({ history }) => history);
  const promoted = periods.filter((period) => period.promoted);
  expect(promoted.length).toBeGreaterThan(periods.length / 50);
  // Cheap things end in nine tenths in promotions too, and cost the same then.
  const cheaper = promoted.filter(({ price, regularPrice }) => price < 0.999 * regularPrice);
  expect(cheaper.length).toBeGreaterThan(0.9 * promoted.length);
  expect(promoted.filter(({ price, regularPrice }) => price > 1.001 * regularPrice)).toEqual([]);
  expect(periods.filter((period) => !period.inStock).length).toBeGreaterThan(300);
  const watched = all.DAILY.filter(({ competitors }) => competitors.length > 0);
  const prices = watched.flatMap(({ history }) => history.flatMap((period) => period.competitorPrices));
  expect(prices.filter(Number.isNaN).length).toBeLessThan(prices.length / 10);
});
