import type { Sql } from '../../src/database/sql.ts';

/** The crash that these transactions end with. */
export const crash = new Error('The process died.');

/** Transactions that do their work and die before the commit. */
export function dieBeforeCommit(sql: Sql): Sql {
  return {
    ...sql,
    transaction: (work) =>
      sql.transaction(async (tx) => {
        await work(tx);
        throw crash;
      }),
  };
}

/** Transactions that commit and die before the answer is sent. */
export function dieAfterCommit(sql: Sql): Sql {
  return {
    ...sql,
    async transaction(work) {
      await sql.transaction(work);
      throw crash;
    },
  };
}
