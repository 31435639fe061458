import { createHash } from 'node:crypto';
import { DomainError } from '../errors.ts';
import type { Sql } from './sql.ts';

/** The `@idempotent` directive of one mutation field. */
export type Idempotency = { readonly key: string; readonly mutation: string; readonly arguments: unknown };

type StoredKey = {
  readonly mutation: string;
  readonly argumentHash: string;
  readonly outcome: unknown;
  readonly isExpired: boolean;
};

const keptHours = 24;

/**
 * Runs `work` in a transaction, once a key. The outcome, plain JSON, is stored in that same transaction, so a
 * crash leaves either both or neither. A replay yields the stored outcome; the same key with other arguments
 * and a key whose first request is still running are refused with their own codes.
 */
export function inIdempotentTransaction<Outcome>(
  sql: Sql,
  idempotency: Idempotency | undefined,
  work: (tx: Sql) => Promise<Outcome>,
): Promise<Outcome> {
  if (idempotency === undefined) return sql.transaction(work);
  const argumentHash = createHash('sha256').update(JSON.stringify(idempotency.arguments)).digest('hex');
  return sql.transaction(async (tx) => {
    await lockKey(tx, idempotency.key);
    const stored = await findKey(tx, idempotency.key);
    if (stored !== undefined && !stored.isExpired) {
      if (stored.mutation !== idempotency.mutation || stored.argumentHash !== argumentHash)
        throw new DomainError(
          'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
          `The idempotency key '${idempotency.key}' must go with the arguments it was first sent with, got others.`,
        );
      return stored.outcome as Outcome; // written below by the same mutation
    }
    const outcome = await work(tx);
    await tx.query(
      `INSERT INTO idempotency_key (key, mutation, argument_hash, outcome) VALUES ($1, $2, $3, $4::jsonb)
       ON CONFLICT (key) DO UPDATE SET mutation = excluded.mutation, argument_hash = excluded.argument_hash,
         outcome = excluded.outcome, created_at = now()`,
      [idempotency.key, idempotency.mutation, argumentHash, JSON.stringify(outcome)],
    );
    return outcome;
  });
}

/**
 * Whether a key was answered before, so that costly work ahead of the transaction can be spared: the transaction decides, and
 * does it without where the key was forgotten meanwhile.
 */
export async function wasAnswered(sql: Sql, idempotency: Idempotency | undefined): Promise<boolean> {
  if (idempotency === undefined || idempotency.key.includes('\0')) return false;
  const stored = await findKey(sql, idempotency.key);
  return stored !== undefined && !stored.isExpired;
}

/** Removes the keys that are no longer kept; yields how many. */
export async function deleteExpiredKeys(sql: Sql): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM idempotency_key WHERE created_at < now() - make_interval(hours => $1) RETURNING 1`,
    [keptHours],
  );
  return rows.length;
}

async function lockKey(tx: Sql, key: string): Promise<void> {
  if (key.length < 1 || key.length > 255)
    throw new DomainError('BAD_USER_INPUT', `key must have 1 to 255 characters, got ${key.length}.`, {
      field: ['key'],
    });
  if (key.includes('\0'))
    throw new DomainError('BAD_USER_INPUT', 'key must not contain the character U+0000.', { field: ['key'] });
  const [lock] = await tx.query<{ taken: boolean }>(
    `SELECT pg_try_advisory_xact_lock(hashtextextended('idempotency:' || $1, 0)) AS taken`,
    [key],
  );
  if (lock?.taken !== true)
    throw new DomainError(
      'IDEMPOTENCY_CONCURRENT_REQUEST',
      `The first request with the idempotency key '${key}' must have ended, but it is still running.`,
    );
}

async function findKey(tx: Sql, key: string): Promise<StoredKey | undefined> {
  const [row] = await tx.query<StoredKey>(
    `SELECT mutation, argument_hash AS "argumentHash", outcome,
            created_at < now() - make_interval(hours => $2) AS "isExpired"
       FROM idempotency_key WHERE key = $1`,
    [key, keptHours],
  );
  return row;
}
