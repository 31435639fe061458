import { Conditions } from '../../../database/conditions.ts';
import type { Connection } from '../../../database/connection.ts';
import { listPage } from '../../../database/listPage.ts';
import type { PageArguments, PageRow } from '../../../database/page.ts';
import type { Sql } from '../../../database/sql.ts';

/** What a price list is, but for its entries. */
export type PriceListTerms = {
  readonly name: string;
  readonly currencyCode: string;
  readonly validFrom: Date | null;
  readonly validTo: Date | null;
  readonly customerGroup: string | null;
  readonly channel: string | null;
  readonly priority: number;
};
export type PriceListRow = PageRow & PriceListTerms & { readonly createdAt: Date };
export type PriceListConnection = Connection<PriceListRow>;
/** A price of a list; the amount is a decimal as text in the list's currency. */
export type PriceListEntryRow = PageRow & {
  readonly priceListId: number;
  readonly variantId: number;
  readonly price: string;
  readonly currencyCode: string;
};
export type PriceListEntryConnection = Connection<PriceListEntryRow>;
/** What narrows a list of entries; ids are row ids. */
export type EntryListFilter = {
  readonly priceListIds?: readonly number[] | null | undefined;
  readonly variantIds?: readonly number[] | null | undefined;
};
/** An entry to be set; null takes the variant off the list. */
export type EntryLine = { readonly variantId: number; readonly price: string | null };

const listColumns = `list.id, list.name, list.currency_code AS "currencyCode", list.valid_from AS "validFrom",
  list.valid_to AS "validTo", list.customer_group AS "customerGroup", list.channel, list.priority,
  list.created_at AS "createdAt"`;
const entryColumns = `entry.id, entry.price_list_id AS "priceListId", entry.variant_id AS "variantId", entry.price,
  list.currency_code AS "currencyCode"`;

/** Keeps others from writing lists until the transaction ends, so that names can be compared: they are few, and seldom written. */
export async function lockLists(tx: Sql): Promise<void> {
  await tx.query('LOCK TABLE price_list IN SHARE ROW EXCLUSIVE MODE');
}

/** Row id of the list with a name, null where there is none. */
export async function findListByName(tx: Sql, name: string): Promise<number | null> {
  const [row] = await tx.query<{ id: number }>('SELECT id FROM price_list WHERE name = $1', [name]);
  return row?.id ?? null;
}

/** Writes a new list, yields its row id. */
export async function insertList(tx: Sql, terms: PriceListTerms, now: Date): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO price_list (name, currency_code, valid_from, valid_to, customer_group, channel, priority, created_at)
     VALUES ($1, $2, $3::timestamptz, $4::timestamptz, $5, $6, $7, $8::timestamptz) RETURNING id`,
    [
      terms.name,
      terms.currencyCode,
      terms.validFrom,
      terms.validTo,
      terms.customerGroup,
      terms.channel,
      terms.priority,
      now,
    ],
  );
  if (row === undefined) throw new Error('INSERT … RETURNING must yield the price list.');
  return row.id;
}

/** Writes what a list is from now on, all but its currency. */
export async function updateList(tx: Sql, id: number, terms: PriceListTerms): Promise<void> {
  await tx.query(
    `UPDATE price_list SET name = $2, valid_from = $3::timestamptz, valid_to = $4::timestamptz, customer_group = $5,
            channel = $6, priority = $7 WHERE id = $1`,
    [id, terms.name, terms.validFrom, terms.validTo, terms.customerGroup, terms.channel, terms.priority],
  );
}

/** Lists by row id, in no order. */
export function listListsById(sql: Sql, ids: readonly number[]): Promise<PriceListRow[]> {
  return sql.query(
    `SELECT ${listColumns}, list.id::text AS "sortKey" FROM price_list list WHERE list.id = ANY($1::int[])`,
    [ids],
  );
}

/** Entries by row id, in no order. */
export function listEntriesById(sql: Sql, ids: readonly number[]): Promise<PriceListEntryRow[]> {
  return sql.query(
    `SELECT ${entryColumns}, entry.id::text AS "sortKey" FROM price_list_entry entry
       JOIN price_list list ON list.id = entry.price_list_id WHERE entry.id = ANY($1::int[])`,
    [ids],
  );
}

/** One page of lists, by id. */
export function listLists(sql: Sql, page: PageArguments): Promise<PriceListConnection> {
  const order = orderById('priceList', 'list.id');
  return listPage(
    sql,
    { columns: listColumns, from: 'price_list list', conditions: new Conditions(), order },
    page,
  );
}

/** One page of entries, by id. */
export function listEntries(
  sql: Sql,
  filter: EntryListFilter,
  page: PageArguments,
): Promise<PriceListEntryConnection> {
  const conditions = new Conditions();
  conditions.anyOf('entry.price_list_id', 'int', filter.priceListIds, 'filter.priceListIds');
  conditions.anyOf('entry.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  const from = 'price_list_entry entry JOIN price_list list ON list.id = entry.price_list_id';
  const order = orderById('priceListEntry', 'entry.id');
  return listPage(sql, { columns: entryColumns, from, conditions, order }, page);
}

/** Sets entries of a list, each variant once, by one statement. */
export async function writeEntries(
  tx: Sql,
  priceListId: number,
  entries: readonly EntryLine[],
): Promise<void> {
  await tx.query(
    `WITH line AS (SELECT * FROM jsonb_to_recordset($2::jsonb) AS line("variantId" int, price numeric)),
          removed AS (
            DELETE FROM price_list_entry entry USING line
             WHERE entry.price_list_id = $1 AND entry.variant_id = line."variantId" AND line.price IS NULL
          )
     INSERT INTO price_list_entry (price_list_id, variant_id, price)
     SELECT $1, "variantId", price FROM line WHERE price IS NOT NULL ORDER BY "variantId"
     ON CONFLICT (variant_id, price_list_id) DO UPDATE SET price = excluded.price`,
    [priceListId, JSON.stringify(entries)],
  );
}

function orderById(scope: string, idColumn: string) {
  return { scope, column: idColumn, type: 'bigint', idColumn, direction: 'ASC' } as const;
}
