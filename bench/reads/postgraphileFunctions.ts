import pg from 'pg';

/** The computed fields that PostGraphile's peer needs: `available` of a level, `salesBetweenList` of a variant. */
const script = `
  DROP TYPE IF EXISTS sales_day CASCADE;
  CREATE TYPE sales_day AS (period_start date, units int, returns int, revenue numeric, in_stock boolean);
  CREATE OR REPLACE FUNCTION inventory_level_available(level inventory_level) RETURNS int
    LANGUAGE sql STABLE AS $$
      SELECT level.on_hand - level.committed - level.reserved - level.damaged - level.safety_stock
    $$;
  CREATE FUNCTION product_variant_sales_between(variant product_variant, from_day date, to_day date)
    RETURNS SETOF sales_day LANGUAGE sql STABLE AS $$
      SELECT day::date, COALESCE(sum(sale.units), 0)::int, COALESCE(sum(sale.returns), 0)::int,
             COALESCE(sum(sale.revenue), 0), COALESCE(bool_and(sale.in_stock), TRUE)
        FROM generate_series(from_day, to_day, interval '1 day') day
        LEFT JOIN daily_sales sale ON sale.variant_id = variant.id AND sale.date = day::date
       GROUP BY day ORDER BY day
    $$;
  COMMENT ON FUNCTION product_variant_sales_between(product_variant, date, date) IS '@behavior -connection +list';
  COMMENT ON TABLE product_variant IS '@unique sku';`; // Prisma makes a unique index, PostGraphile asks for a constraint

/** Makes the functions in the bench database; our server does not see them. */
export async function makePostgraphileFunctions(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(script);
  await client.end();
}
