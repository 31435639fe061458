import pg from 'pg';

/** One of the three plain reads: the same document for us and the Apollo peer, PostGraphile's own beside it. */
export type Read = {
  readonly name: string;
  readonly query: string;
  readonly postgraphileQuery: string;
  readonly variables: Readonly<Record<string, unknown>>;
};

const salesFields = 'periodStart units returns revenue { amount currencyCode } inStock';
const postgraphileSales =
  'salesBetweenList(fromDay: $from, toDay: $to) { periodStart units returns revenue inStock }';

/** The three reads, with the latest days and the best seller of the database. */
export async function makeReads(databaseUrl: string): Promise<readonly Read[]> {
  const { sku, lastDay } = await readBestSeller(databaseUrl);
  const daysBack = (days: number) =>
    new Date(Date.parse(`${lastDay}T00:00:00Z`) - (days - 1) * 86_400_000).toISOString().slice(0, 10);
  return [
    {
      name: '50 variants × levels × warehouse',
      query: `{
        productVariants(first: 50, orderBy: { field: BEST_SELLING, direction: DESC }) {
          nodes {
            sku name price { amount currencyCode } unitsSold
            inventoryLevels { onHand committed reserved incoming available warehouse { code name } }
          }
        }
      }`,
      postgraphileQuery: `{
        allProductVariants(first: 50, orderBy: [UNITS_SOLD_DESC, ROW_ID_DESC]) {
          nodes {
            sku name price currencyCode unitsSold
            inventoryLevelsByVariantId(orderBy: WAREHOUSE_ID_ASC) {
              nodes { onHand committed reserved incoming available warehouseByWarehouseId { code name } }
            }
          }
        }
      }`,
      variables: {},
    },
    {
      name: 'one variant × 90 days of sales',
      query: `query ($sku: String!, $from: Date!, $to: Date!) {
        productVariantBySku(sku: $sku) { sku name sales(from: $from, to: $to) { ${salesFields} } }
      }`,
      postgraphileQuery: `query ($sku: String!, $from: Date!, $to: Date!) {
        productVariantBySku(sku: $sku) { sku name currencyCode ${postgraphileSales} }
      }`,
      variables: { sku, from: daysBack(90), to: lastDay },
    },
    {
      name: '50 variants × 28 days of sales',
      query: `query ($from: Date!, $to: Date!) {
        productVariants(first: 50, orderBy: { field: BEST_SELLING, direction: DESC }) {
          nodes { sku name sales(from: $from, to: $to) { ${salesFields} } }
        }
      }`,
      postgraphileQuery: `query ($from: Date!, $to: Date!) {
        allProductVariants(first: 50, orderBy: [UNITS_SOLD_DESC, ROW_ID_DESC]) {
          nodes { sku name currencyCode ${postgraphileSales} }
        }
      }`,
      variables: { from: daysBack(28), to: lastDay },
    },
  ];
}

/**
 * Brings answers into one form, so that the servers' values can be compared: `extensions` left out, PostGraphile's
 * names and flat money as ours, amounts as numbers ("2.50" is "2.5000"), keys in order.
 */
export function normalise(answer: unknown): string {
  return JSON.stringify(normaliseValue((answer as { readonly data: unknown }).data, null));
}

const renamed: Readonly<Record<string, string>> = {
  allProductVariants: 'productVariants',
  inventoryLevelsByVariantId: 'inventoryLevels',
  warehouseByWarehouseId: 'warehouse',
  salesBetweenList: 'sales',
};

function normaliseValue(value: unknown, currency: string | null): unknown {
  if (Array.isArray(value)) return value.map((item) => normaliseValue(item, currency));
  if (typeof value !== 'object' || value === null) return value;
  const { currencyCode, price, revenue, ...rest } = value as Record<string, unknown>;
  const code = typeof currencyCode === 'string' ? currencyCode : currency;
  const money = (amount: unknown) => ({ amount, code });
  const entries = Object.entries({
    ...rest,
    ...(price === undefined ? {} : { price: typeof price === 'string' ? money(price) : price }),
    ...(revenue === undefined ? {} : { revenue: typeof revenue === 'string' ? [money(revenue)] : revenue }),
    ...('amount' in rest ? { code } : {}),
  });
  const named = entries.map(
    ([key, item]) =>
      [renamed[key] ?? key, key === 'amount' ? Number(item) : normaliseValue(item, code)] as const,
  );
  const sorted = named.sort(([a], [b]) => (a < b ? -1 : 1));
  const isList = sorted.length === 1 && sorted[0]?.[0] === 'nodes';
  return isList ? sorted[0]?.[1] : Object.fromEntries(sorted);
}

async function readBestSeller(databaseUrl: string): Promise<{ sku: string; lastDay: string }> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query(
    `SELECT sku, (SELECT max(sales_through)::text FROM warehouse) AS "lastDay"
       FROM product_variant ORDER BY units_sold DESC, id DESC LIMIT 1`,
  );
  await client.end();
  return rows[0];
}
