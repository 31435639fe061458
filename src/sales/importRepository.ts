import type { Sql } from '../database/sql.ts';
import type { ImportSummary } from './importSummary.ts';
import type { NewWarehouse } from './salesFormat.ts';
import type { SalesRow } from './salesRow.ts';

/** A stored import. */
export type ImportRow = {
  readonly id: number;
  readonly fileName: string;
  readonly status: 'RUNNING' | 'COMPLETED';
  readonly checkpointLine: number;
  readonly summary: ImportSummary;
  readonly startedAt: Date;
  readonly finishedAt: Date | null;
};
export type WarehouseRow = {
  readonly id: number;
  readonly code: string;
  readonly salesThrough: string | null;
};
/** A variant as imports know it; `prices` are packed `day price` pairs, oldest first, in ten-thousandths. */
export type KnownVariantRow = {
  readonly id: number;
  readonly sku: string;
  readonly currencyCode: string;
  readonly days: string | null;
  readonly prices: string | null;
};

const importColumns = `id, file_name AS "fileName", status, checkpoint_line AS "checkpointLine", summary,
  started_at AS "startedAt", finished_at AS "finishedAt"`;

/** Any fixed number: imports write their batches one at a time, so that they cannot lock each other's rows crosswise. */
const batchLock = 7_120_343;

/** Finds the import of a fingerprint, or starts it. */
export async function openImport(
  sql: Sql,
  {
    sha256,
    fileName,
    format,
  }: { readonly sha256: string; readonly fileName: string; readonly format: string },
  summary: ImportSummary,
): Promise<ImportRow & { readonly isNew: boolean }> {
  const [started] = await sql.query<ImportRow>(
    `INSERT INTO sales_import (file_sha256, file_name, format, summary) VALUES ($1, $2, $3, $4::jsonb)
     ON CONFLICT (file_sha256) DO NOTHING RETURNING ${importColumns}`,
    [sha256, fileName, format, JSON.stringify(summary)],
  );
  if (started !== undefined) return { ...started, isNew: true };
  const [found] = await sql.query<ImportRow>(
    `SELECT ${importColumns} FROM sales_import WHERE file_sha256 = $1`,
    [sha256],
  );
  if (found === undefined)
    throw new Error('The import must exist after it was inserted, but it was removed.');
  return { ...found, isNew: false };
}

/** Takes the lock of one file until the end of the transaction, yields whether it was free. */
export async function tryLockFile(tx: Sql, fingerprint: string): Promise<boolean> {
  const [row] = await tx.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('sales import: ' || $1, 0)) AS taken`,
    [fingerprint],
  );
  return row?.taken === true;
}

/** Takes the lock of import batches until the end of the transaction, yields the import's line and state then. */
export async function lockImport(
  tx: Sql,
  id: number,
): Promise<Pick<ImportRow, 'checkpointLine' | 'status'> | null> {
  await tx.query('SELECT pg_advisory_xact_lock($1)', [batchLock]);
  const [row] = await tx.query<ImportRow>(
    `SELECT ${importColumns} FROM sales_import WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ?? null;
}

export async function saveCheckpoint(
  tx: Sql,
  id: number,
  line: number,
  summary: ImportSummary,
): Promise<void> {
  await tx.query('UPDATE sales_import SET checkpoint_line = $2, summary = $3::jsonb WHERE id = $1', [
    id,
    line,
    JSON.stringify(summary),
  ]);
}

export async function completeImport(tx: Sql, id: number): Promise<void> {
  await tx.query(`UPDATE sales_import SET status = 'COMPLETED', finished_at = now() WHERE id = $1`, [id]);
}

/** Finds a warehouse by its code. */
export async function findWarehouse(sql: Sql, code: string): Promise<WarehouseRow | null> {
  const [row] = await sql.query<WarehouseRow>(
    'SELECT id, code, sales_through AS "salesThrough" FROM warehouse WHERE code = $1',
    [code],
  );
  return row ?? null;
}

/** Codes of the first warehouses, for a message. */
export async function listWarehouseCodes(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ code: string }>('SELECT code FROM warehouse ORDER BY code LIMIT 20');
  return rows.map(({ code }) => code);
}

export async function insertWarehouse(sql: Sql, warehouse: NewWarehouse): Promise<void> {
  await sql.query(
    `INSERT INTO warehouse (code, name, country_code, longitude, latitude) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (code) DO NOTHING`,
    [warehouse.code, warehouse.name, warehouse.countryCode, warehouse.longitude, warehouse.latitude],
  );
}

/** Finds or creates a category, yields its id. */
export async function getCategoryId(
  tx: Sql,
  category: { readonly code: string; readonly name: string },
): Promise<number | null> {
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO category (code, name) VALUES ($1, $2)
     ON CONFLICT (code) DO UPDATE SET code = excluded.code RETURNING id`,
    [category.code, category.name],
  );
  return row?.id ?? null;
}

/** Moves the last reported day of a warehouse forward. */
export async function raiseSalesThrough(tx: Sql, warehouseId: number, date: string): Promise<void> {
  await tx.query(
    `UPDATE warehouse SET sales_through = $2::date
      WHERE id = $1 AND (sales_through IS NULL OR sales_through < $2::date)`,
    [warehouseId, date],
  );
}

/** Orders of a channel that exist already. */
export function listOrders(
  tx: Sql,
  channel: string,
  numbers: readonly string[],
): Promise<{ readonly id: number; readonly number: string; readonly importId: number | null }[]> {
  return tx.query(
    `SELECT id, number, import_id AS "importId" FROM sales_order WHERE channel = $1 AND number = ANY($2::text[])`,
    [channel, numbers],
  );
}

/** Inserts orders, and customers that are new; each order is given by its first row. */
export async function insertOrders(
  tx: Sql,
  orders: readonly SalesRow[],
  common: { readonly channel: string; readonly currencyCode: string; readonly importId: number },
): Promise<{ readonly id: number; readonly number: string }[]> {
  const customers = orders.filter(({ customerCode }) => customerCode !== null);
  if (customers.length > 0)
    await tx.query(
      `INSERT INTO customer (code, country)
       SELECT DISTINCT ON (code) code, country FROM unnest($1::text[], $2::text[]) AS row(code, country) ORDER BY code
       ON CONFLICT (code) DO NOTHING`,
      [customers.map(({ customerCode }) => customerCode), customers.map(({ country }) => country)],
    );
  return tx.query(
    `INSERT INTO sales_order (channel, number, customer_id, placed_at, currency_code, import_id)
     SELECT $4::text, row.number, customer.id, row.placed_at::timestamptz, $5::text, $6::int
       FROM unnest($1::text[], $2::text[], $3::text[]) WITH ORDINALITY AS row(number, placed_at, customer, place)
       LEFT JOIN customer ON customer.code = row.customer
      ORDER BY row.place RETURNING id, number`,
    [
      orders.map(({ orderNumber }) => orderNumber),
      orders.map(({ soldAt }) => soldAt),
      orders.map(({ customerCode }) => customerCode),
      common.channel,
      common.currencyCode,
      common.importId,
    ],
  );
}

/** Inserts order lines; the three lists of ids have the rows' order. */
export async function insertOrderLines(
  tx: Sql,
  rows: readonly SalesRow[],
  ids: {
    readonly orders: readonly number[];
    readonly variants: readonly number[];
    readonly warehouseId: number;
  },
): Promise<void> {
  await tx.query(
    `INSERT INTO sales_order_line (order_id, variant_id, warehouse_id, kind, quantity, unit_price)
     SELECT order_id, variant_id, $6::int, CASE WHEN is_return THEN 'RETURN' ELSE 'SALE' END::sales_order_line_kind,
            quantity, price / 10000.0
       FROM unnest($1::int[], $2::int[], $3::bool[], $4::int[], $5::bigint[])
            AS row(order_id, variant_id, is_return, quantity, price)`,
    [
      ids.orders,
      ids.variants,
      rows.map(({ kind }) => kind === 'RETURN'),
      rows.map(({ quantity }) => quantity),
      rows.map(({ price }) => price),
      ids.warehouseId,
    ],
  );
}
