import type { Conditions } from './conditions.ts';
import { type Connection, toConnection } from './connection.ts';
import { type PageArguments, type PageOrder, type PageRow, planPage } from './page.ts';
import type { Sql } from './sql.ts';

/** A list: its columns, its FROM clause (with joins), its conditions and its order. */
export type ListQuery = {
  readonly columns: string;
  readonly from: string;
  readonly conditions: Conditions;
  readonly order: PageOrder;
};

/** Reads one page of a list with one statement; the rows are counted by another only when asked for. */
export async function listPage<Row extends PageRow>(
  sql: Sql,
  { columns, from, conditions, order }: ListQuery,
  page: PageArguments,
): Promise<Connection<Row>> {
  const plan = planPage(page, order, conditions.parameters.length);
  const rows = await sql.query<Row>(
    `SELECT ${columns}, ${plan.select} FROM ${from} WHERE ${conditions.sql} AND ${plan.where}
      ORDER BY ${plan.orderBy} LIMIT ${plan.limit}`,
    [...conditions.parameters, ...plan.parameters],
  );
  return toConnection(plan.toPage(rows), async () => {
    const [total] = await sql.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM ${from} WHERE ${conditions.sql}`,
      conditions.parameters,
    );
    return total?.count ?? 0;
  });
}
