import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { faultySku } from '../../seed/demoComplaints.ts';
import { makeDemoShop } from '../../seed/demoShop.ts';
import { seedDemoShop } from '../../seed/seedDemoShop.ts';
import { makeStatistics } from '../../src/complaints/statistics.ts';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const shop = makeDemoShop();
const { complaints } = shop;

describe('what customers of the demo shop write', () => {
  test('is some hundreds of texts, hardly any of them twice', () => {
    expect(complaints.length).toBeGreaterThan(300);
    expect(complaints.length).toBeLessThan(500);
    expect(new Set(complaints.map(({ text }) => text)).size).toBeGreaterThan(0.9 * complaints.length);
    for (const { text } of complaints) expect(text).not.toMatch(/[{}]|undefined|NaN|null/);
  });

  test('is about orders that are part of what was sold, each placed before it was complained about', () => {
    const asked = new Map<string, number>();
    for (const { sale, day } of complaints) {
      if (sale === null) continue;
      expect(sale.day).toBeLessThanOrEqual(day);
      expect(sale.unitPriceCents).toBeGreaterThan(0);
      const key = `${sale.variant} ${sale.warehouse} ${sale.day}`;
      asked.set(key, (asked.get(key) ?? 0) + sale.quantity);
    }
    const sold = new Map<string, number>(
      shop.series.flatMap(({ variant, warehouse, days }) =>
        days.map(({ day, units }) => [`${variant} ${warehouse} ${day}`, units] as const),
      ),
    );
    for (const [key, units] of asked) expect(units).toBeLessThanOrEqual(sold.get(key) ?? 0);
    expect(asked.size).toBeGreaterThan(150);
  });
});

describe('the seeded complaints', () => {
  let database: Database;
  beforeAll(async () => {
    database = await openTestDatabase();
    await seedDemoShop(database);
  });
  afterAll(() => database.close());

  test('wait for their triage, masked, and name orders of the store', async () => {
    const rows = await database.sql.query<{
      state: string;
      masked: string;
      line: number | null;
      number: string | null;
    }>(
      `SELECT triage_state AS state, masked_text AS masked, sales_order_number AS number, line.id AS line FROM complaint
         LEFT JOIN sales_order orders ON orders.number = complaint.sales_order_number
         LEFT JOIN sales_order_line line ON line.order_id = orders.id AND line.variant_id = complaint.variant_id
                                        AND line.warehouse_id = complaint.warehouse_id`,
    );
    expect(rows).toHaveLength(complaints.length);
    for (const { state, masked, number, line } of rows) {
      expect(state).toBe('PENDING');
      expect(masked).not.toMatch(/@example|7946/);
      expect(line === null).toBe(number === null);
    }
  });

  test('raise an alert for the product with the faulty delivery, and for no other', async () => {
    const signals = { countSignals: () => Promise.reject(new Error('Nothing is to be recorded.')) };
    const { listStatistics } = makeStatistics(database.sql, () => new Date('2026-11-02T08:00:00Z'), signals);
    const alerts = await listStatistics({
      groupBy: 'VARIANT',
      weeks: 8,
      through: null,
      first: 100,
      onlyAlerts: true,
    });
    const [faulty] = await database.sql.query<{ id: number }>(
      'SELECT id FROM product_variant WHERE sku = $1',
      [faultySku],
    );
    expect(alerts.map(({ key }) => key)).toEqual([String(faulty?.id)]);
  });
});
