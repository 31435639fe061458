import type PgBoss from 'pg-boss';
import type { Sql } from '../database/sql.ts';

/** pg-boss wraps its scripts of several statements in this. */
const script = /^\s*BEGIN;([\s\S]*)COMMIT;\s*$/;

/**
 * pg-boss's door to the store. Its scripts run in a transaction of ours: a script that fails between its own BEGIN
 * and COMMIT would leave a pooled connection inside a broken transaction.
 */
export function bossDatabase(sql: Sql): PgBoss.Db {
  return {
    async executeSql(text, values) {
      const body = script.exec(text)?.[1];
      if (body === undefined) return { rows: await sql.query(text, values ?? []) };
      await sql.transaction((tx) => tx.execute(body));
      return { rows: [] };
    },
  };
}
