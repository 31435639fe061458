import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import {
  deleteExpiredKeys,
  type Idempotency,
  inIdempotentTransaction,
} from '../../src/database/idempotency.ts';
import type { Sql } from '../../src/database/sql.ts';
import { crash, dieAfterCommit, dieBeforeCommit } from '../support/failingTransactions.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql.execute('CREATE TABLE effect (name text NOT NULL)');
});
afterAll(() => database.close());

function keyOf(key: string, more: Partial<Idempotency> = {}): Idempotency {
  return { key, mutation: 'doSomething', arguments: { name: key }, ...more };
}

/** Work with one visible effect; its outcome tells the calls apart. */
function addEffect(name: string) {
  return async (tx: Sql) => {
    const [row] = await tx.query<{ count: number }>(
      `WITH added AS (INSERT INTO effect VALUES ($1)) SELECT count(*)::int AS count FROM effect WHERE name = $1`,
      [name],
    );
    return { kind: 'done', before: row?.count ?? -1 };
  };
}

async function countEffects(name: string): Promise<number> {
  const [row] = await database.sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM effect WHERE name = $1',
    [name],
  );
  return row?.count ?? 0;
}

describe('a mutation with an idempotency key', () => {
  it('takes effect once and yields the stored outcome again', async () => {
    const first = await inIdempotentTransaction(database.sql, keyOf('once'), addEffect('once'));
    const second = await inIdempotentTransaction(database.sql, keyOf('once'), addEffect('once'));
    expect(second).toEqual(first);
    expect(await countEffects('once')).toBe(1);
  });

  it('takes effect every time without a key', async () => {
    await inIdempotentTransaction(database.sql, undefined, addEffect('plain'));
    await inIdempotentTransaction(database.sql, undefined, addEffect('plain'));
    expect(await countEffects('plain')).toBe(2);
  });

  it('takes effect once when the process dies before the commit and the request is sent again', async () => {
    const { sql } = database;
    const died = inIdempotentTransaction(dieBeforeCommit(sql), keyOf('before'), addEffect('before'));
    await expect(died).rejects.toBe(crash);
    expect(await countEffects('before')).toBe(0);
    await inIdempotentTransaction(sql, keyOf('before'), addEffect('before'));
    expect(await countEffects('before')).toBe(1);
  });

  it('takes effect once when the process dies after the commit and the request is sent again', async () => {
    const { sql } = database;
    const died = inIdempotentTransaction(dieAfterCommit(sql), keyOf('after'), addEffect('after'));
    await expect(died).rejects.toBe(crash);
    expect(await inIdempotentTransaction(sql, keyOf('after'), addEffect('after'))).toEqual({
      kind: 'done',
      before: 0,
    });
    expect(await countEffects('after')).toBe(1);
  });

  it('takes effect once in 60 parallel requests, which get the outcome or are told that it is being made', async () => {
    const settled = await Promise.allSettled(
      Array.from({ length: 60 }, () =>
        inIdempotentTransaction(database.sql, keyOf('parallel'), addEffect('parallel')),
      ),
    );
    const answers = settled.filter((one) => one.status === 'fulfilled').map((one) => one.value);
    expect(answers.length).toBeGreaterThan(0);
    expect(new Set(answers.map((answer) => answer.before))).toEqual(new Set([0]));
    for (const one of settled)
      if (one.status === 'rejected')
        expect(one.reason).toMatchObject({
          code: 'IDEMPOTENCY_CONCURRENT_REQUEST',
          message:
            "The first request with the idempotency key 'parallel' must have ended, but it is still running.",
        });
    expect(await countEffects('parallel')).toBe(1);
  });

  it('refuses the key with other arguments or for another mutation', async () => {
    await inIdempotentTransaction(database.sql, keyOf('mismatch'), addEffect('mismatch'));
    const refusal = {
      code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
      message:
        "The idempotency key 'mismatch' must go with the arguments it was first sent with, got others.",
    };
    for (const other of [{ arguments: { name: 'other' } }, { mutation: 'doSomethingElse' }])
      await expect(
        inIdempotentTransaction(database.sql, keyOf('mismatch', other), addEffect('mismatch')),
      ).rejects.toMatchObject(refusal);
    expect(await countEffects('mismatch')).toBe(1);
  });

  it('refuses a key of no or too many characters', async () => {
    await expect(inIdempotentTransaction(database.sql, keyOf(''), addEffect('length'))).rejects.toMatchObject(
      { code: 'BAD_USER_INPUT', message: 'key must have 1 to 255 characters, got 0.' },
    );
    await expect(
      inIdempotentTransaction(database.sql, keyOf('k'.repeat(256)), addEffect('length')),
    ).rejects.toThrow('key must have 1 to 255 characters, got 256.');
    await expect(inIdempotentTransaction(database.sql, keyOf('k\0'), addEffect('length'))).rejects.toThrow(
      'key must not contain the character U+0000.',
    );
  });

  it('is forgotten after 24 hours', async () => {
    for (const key of ['old', 'swept'])
      await inIdempotentTransaction(database.sql, keyOf(key), addEffect(key));
    await database.sql.query(
      `UPDATE idempotency_key SET created_at = now() - interval '25 hours' WHERE key IN ('old', 'swept')`,
    );
    const changed = keyOf('old', { arguments: 'others' });
    await inIdempotentTransaction(database.sql, changed, addEffect('old'));
    expect(await countEffects('old')).toBe(2);
    expect(await deleteExpiredKeys(database.sql)).toBe(1);
    await inIdempotentTransaction(database.sql, changed, addEffect('old'));
    expect(await countEffects('old')).toBe(2);
  });
});
