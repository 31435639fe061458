import type { Sql } from '../../database/sql.ts';
import * as repository from './priceRepository.ts';
import { settleDue } from './schedule.ts';
import { toDay } from './today.ts';

/** Scheduled prices that began to hold, and those that lapsed because another price held by then; row ids of entries. */
export type Activation = { readonly effective: readonly number[]; readonly lapsed: readonly number[] };

/** Variants a transaction. */
const batchSize = 1_000;

/**
 * Lets scheduled prices begin whose day has come, a thousand variants a transaction; any number of processes may do so at
 * once. Until it has run, `ProductVariant.price` is the price before; a change of the price meanwhile does it first.
 */
export async function activateDuePrices(sql: Sql, now: Date): Promise<Activation> {
  const effective: number[] = [];
  const lapsed: number[] = [];
  for (;;) {
    const ids = await repository.listDueVariants(sql, toDay(now), batchSize);
    if (ids.length === 0) return { effective, lapsed };
    const { settled } = await sql.transaction((tx) => activate(tx, ids, now));
    for (const { id, status } of settled) (status === 'EFFECTIVE' ? effective : lapsed).push(id);
  }
}

async function activate(tx: Sql, ids: readonly number[], now: Date): Promise<repository.Settlement> {
  const variants = new Map((await repository.lockVariants(tx, ids)).map((row) => [row.id, row]));
  const due = settleDue(variants, await repository.listScheduled(tx, ids), toDay(now));
  if (due.settled.length > 0) await repository.writeSettlement(tx, due, now);
  return due;
}
