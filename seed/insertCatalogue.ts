import type { Sql } from '../src/database/sql.ts';
import { firstDate, lastDate, toDate } from './calendar.ts';
import type { DemoShop } from './demoShop.ts';
import { categories } from './demoVariants.ts';
import { suppliers, warehouses } from './network.ts';

/** Row ids by index. */
export type RowIds = {
  readonly warehouses: readonly number[];
  readonly suppliers: readonly number[];
  readonly variants: readonly number[];
};

/** Currency of every price in the demo shop. */
export const currencyCode = 'EUR';

/** Inserts warehouses and suppliers, yields their row ids. */
export async function insertNetwork(tx: Sql): Promise<Omit<RowIds, 'variants'>> {
  return {
    warehouses: await insertInOrder(
      tx,
      `INSERT INTO warehouse (code, name, country_code, longitude, latitude, sales_through)
       SELECT code, name, country, longitude, latitude, $6::date
         FROM unnest($1::text[], $2::text[], $3::text[], $4::float8[], $5::float8[])
              WITH ORDINALITY AS row(code, name, country, longitude, latitude, place) ORDER BY place RETURNING id`,
      [
        warehouses.map(({ code }) => code),
        warehouses.map(({ name }) => name),
        warehouses.map(({ countryCode }) => countryCode),
        warehouses.map(({ longitude }) => longitude),
        warehouses.map(({ latitude }) => latitude),
        lastDate,
      ],
    ),
    suppliers: await insertInOrder(
      tx,
      `INSERT INTO supplier (code, name, country_code)
       SELECT code, name, country FROM unnest($1::text[], $2::text[], $3::text[])
              WITH ORDINALITY AS row(code, name, country, place) ORDER BY place RETURNING id`,
      [
        suppliers.map(({ code }) => code),
        suppliers.map(({ name }) => name),
        suppliers.map(({ countryCode }) => countryCode),
      ],
    ),
  };
}

/** Inserts categories, products, variants and their prices, yields the variants' row ids. */
export async function insertCatalogue(tx: Sql, shop: DemoShop): Promise<number[]> {
  const categoryIds = await insertInOrder(
    tx,
    `INSERT INTO category (code, name) SELECT code, name FROM unnest($1::text[], $2::text[])
            WITH ORDINALITY AS row(code, name, place) ORDER BY place RETURNING id`,
    [categories.map(({ code }) => code), categories.map(({ name }) => name)],
  );
  const productIds = await insertInOrder(
    tx,
    `INSERT INTO product (handle, name, description, category_id, created_at)
     SELECT handle, name, description, category, launched::timestamptz
       FROM unnest($1::text[], $2::text[], $3::text[], $4::int[], $5::text[])
            WITH ORDINALITY AS row(handle, name, description, category, launched, place) ORDER BY place RETURNING id`,
    [
      shop.products.map(({ handle }) => handle),
      shop.products.map(({ name }) => name),
      shop.products.map(({ description }) => description),
      shop.products.map(({ category }) => categoryIds[category]),
      shop.products.map(({ launchDay }) => `${toDate(launchDay)}T08:00:00Z`),
    ],
  );
  const variantIds = await insertVariants(tx, shop, productIds);
  await insertPriceChanges(tx, shop, variantIds);
  return variantIds;
}

function insertVariants(tx: Sql, shop: DemoShop, productIds: readonly number[]): Promise<number[]> {
  const prices = shop.priceChanges.map((changes) => changes.at(-1));
  return insertInOrder(
    tx,
    `INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code, weight_kg, launched_on, created_at)
     SELECT product, sku, name, price / 100.0, list_price / 100.0, $8, weight, launched::date,
            (launched || 'T08:00:00Z')::timestamptz
       FROM unnest($1::int[], $2::text[], $3::text[], $4::int[], $5::int[], $6::float8[], $7::text[])
            WITH ORDINALITY AS row(product, sku, name, price, list_price, weight, launched, place)
      ORDER BY place RETURNING id`,
    [
      shop.variants.map(({ product }) => productIds[product]),
      shop.variants.map(({ sku }) => sku),
      shop.variants.map(({ name }) => name),
      prices.map((last) => last?.price),
      prices.map((last) => last?.listPrice),
      shop.variants.map(({ weightKg }) => weightKg),
      shop.variants.map(({ curve }) => toDate(curve.launchDay)),
      currencyCode,
    ],
  );
}

async function insertPriceChanges(tx: Sql, shop: DemoShop, variantIds: readonly number[]): Promise<void> {
  const changes = shop.priceChanges.flatMap((list, index) =>
    list.map((change) => ({ ...change, variantId: variantIds[index] })),
  );
  await tx.query(
    `INSERT INTO variant_price (variant_id, valid_from, price, list_price, currency_code)
     SELECT variant, $5::date + day, price / 100.0, list_price / 100.0, $6
       FROM unnest($1::int[], $2::int[], $3::int[], $4::int[]) AS row(variant, day, price, list_price)`,
    [
      changes.map(({ variantId }) => variantId),
      changes.map(({ day }) => day),
      changes.map(({ price }) => price),
      changes.map(({ listPrice }) => listPrice),
      firstDate,
      currencyCode,
    ],
  );
}

/** Runs an INSERT … RETURNING id; serial ids grow in insertion order, so sorting puts them in the order of the rows. */
export async function insertInOrder(
  tx: Sql,
  statement: string,
  parameters: readonly unknown[],
): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(statement, parameters);
  return rows.map(({ id }) => id).sort((a, b) => a - b);
}
