import type { Sql } from '../../database/sql.ts';

const rollback = new Error('A rehearsal is rolled back.');

/** Does work in a transaction and takes all of it back; yields what it would have come to. */
export async function inRehearsal<Result>(sql: Sql, work: (tx: Sql) => Promise<Result>): Promise<Result> {
  const results: Result[] = [];
  try {
    await sql.transaction(async (tx) => {
      results.push(await work(tx));
      throw rollback;
    });
  } catch (error) {
    if (error !== rollback) throw error;
  }
  const [result] = results;
  if (result === undefined) throw new Error('A rehearsal must yield what it came to, and it did not.');
  return result;
}
