import pg from 'pg';

/** What the simulated catalogue holds. */
export type CatalogueSize = { readonly variants: number; readonly salesRows: number };

const historyDays = 730;
const lastDay = '2026-10-31';
const batch = 5_000;

/**
 * Makes a catalogue of `variants` variants with two years of sales, or leaves the one that is there. Demand is mostly
 * intermittent: the chance of a sale on a day is log-normal over variants (median 4 %), with a week, a year, launches
 * in the middle of the history, promotions and stock-outs; only days with sales or without stock have rows. The seed is
 * fixed. The store must be migrated and hold nothing else.
 */
export async function fillCatalogue(url: string, variants: number): Promise<CatalogueSize> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    const { rows } = await client.query('SELECT count(*)::int AS count FROM product_variant');
    if (rows[0].count !== variants) {
      await client.query('SET max_parallel_workers_per_gather = 0; SELECT setseed(0.28)');
      await client.query(masterData, [variants]);
      await client.query(skeleton(variants));
      for (let from = 1; from <= variants; from += batch)
        await client.query(sales, [from, Math.min(variants, from + batch - 1), historyDays, lastDay]);
      await client.query('DROP TABLE bench_demand');
      await client.query('VACUUM ANALYZE');
    }
    const { rows: counts } = await client.query('SELECT count(*)::int AS "salesRows" FROM daily_sales');
    return { variants, salesRows: counts[0].salesRows };
  } finally {
    await client.end();
  }
}

/** Forgets what earlier runs have stored, so that every run does the same work. */
export async function forgetRuns(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(
      'TRUNCATE forecast, forecast_tree, forecast_tree_node, forecast_tree_variant, reorder_proposal, job, job_chunk, backtest, backtest_series',
    );
    await client.query('DROP SCHEMA IF EXISTS pgboss CASCADE');
  } finally {
    await client.end();
  }
}

const masterData = `
  INSERT INTO category (code, name) SELECT 'c' || id, 'Category ' || id FROM generate_series(1, 40) id
  WHERE $1::int > 0`;

const skeleton = (variants: number) => `
  INSERT INTO warehouse (code, name, country_code, longitude, latitude, sales_through)
  SELECT 'w' || id, 'Warehouse ' || id, 'NL', 4, 52, '${lastDay}' FROM generate_series(1, 3) id;
  INSERT INTO supplier (code, name) SELECT 's' || id, 'Supplier ' || id FROM generate_series(1, 50) id;
  INSERT INTO product (handle, name, category_id)
  SELECT 'p' || id, 'Product ' || id, 1 + id % 40 FROM generate_series(1, ${Math.ceil(variants / 2)}) id ORDER BY id;
  INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
  SELECT (id + 1) / 2, 'v' || id, 'Variant ' || id, 10, 10, 'EUR' FROM generate_series(1, ${variants}) id ORDER BY id;
  INSERT INTO supplier_offer (supplier_id, variant_id, unit_cost, currency_code, lead_time_days_mean,
    lead_time_days_deviation, minimum_order_quantity, pack_size, is_preferred)
  SELECT 1 + id % 50, id, 6, 'EUR', 5 + id % 25, (id % 25) / 8.0, 1 + id % 12, (ARRAY[1, 1, 6, 12])[1 + id % 4], true
    FROM product_variant ORDER BY id;
  INSERT INTO inventory_level (variant_id, warehouse_id, on_hand)
  SELECT id, 1 + id % 3, (random() * 60)::int FROM product_variant ORDER BY id;
  CREATE UNLOGGED TABLE bench_demand AS
  SELECT id, least(0.9, exp(-3.2 + 1.2 * sqrt(-2 * ln(1 - random())) * cos(2 * pi() * random()))) AS chance,
         1 + 4 * random() ^ 3 AS size, CASE WHEN random() < 0.2 THEN (random() * 550)::int ELSE 0 END AS launch
    FROM product_variant ORDER BY id`;

const sales = `
  INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue, list_price, paid_price, promoted, in_stock)
  SELECT id, 1 + id % 3, $4::date - $3::int + day, units, units * price, 10, price, price < 10, in_stock
    FROM (
      SELECT demand.id, day, CASE WHEN promo < 0.03 THEN 8 ELSE 10 END AS price, empty >= 0.006 AS in_stock,
             CASE WHEN empty < 0.006 OR sold >= demand.chance * (0.8 + 0.4 * (day % 7 >= 5)::int)
                         * (1 + 0.3 * sin(2 * pi() * day / 365)) * CASE WHEN promo < 0.03 THEN 2 ELSE 1 END THEN 0
                  ELSE 1 + floor(-ln(1 - amount) * (demand.size - 1))::int END AS units
        FROM bench_demand demand
       CROSS JOIN LATERAL (
         SELECT day, random() AS sold, random() AS amount, random() AS promo, random() AS empty
           FROM generate_series(demand.launch + 1, $3::int) day WHERE demand.id > 0
       ) days
       WHERE demand.id BETWEEN $1 AND $2
    ) made
   WHERE units > 0 OR NOT in_stock`;
