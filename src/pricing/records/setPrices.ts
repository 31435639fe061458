import type { Sql } from '../../database/sql.ts';
import { badInput } from '../../errors.ts';
import { isBelow, isPrice, isSameAmount } from './amount.ts';
import type { HeldPrice, PriceChange, PriceChangeResult } from './priceChange.ts';
import * as repository from './priceRepository.ts';
import { findPlanned, settleDue } from './schedule.ts';
import { toDay } from './today.ts';

/** Whether a change that is refused holds the others of its call back. */
export type SetMode = 'EACH' | 'ALL_OR_NONE';

type Decision = { readonly result: PriceChangeResult; readonly entry: repository.NewPrice | null };

/**
 * Sets prices of variants inside the caller's transaction: locks the variants in the order of their ids, lets scheduled
 * prices that are due begin, compares, and writes what holds and the history together. Three statements, one more where
 * scheduled prices were due, whatever the number of changes. Yields what became of each change, in order; a change of
 * prices to those that hold writes nothing. Throws BAD_USER_INPUT where a variant is named twice or a price is no amount.
 */
export async function setPrices(
  tx: Sql,
  changes: readonly PriceChange[],
  { now, mode }: { readonly now: Date; readonly mode: SetMode },
): Promise<readonly PriceChangeResult[]> {
  if (changes.length === 0) return [];
  checkChanges(changes);
  const today = toDay(now);
  const ids = changes.map(({ variantId }) => variantId);
  const variants = new Map((await repository.lockVariants(tx, ids)).map((row) => [row.id, row]));
  const held = new Map<number, HeldPrice>(variants);
  const scheduled = await repository.listScheduled(tx, ids);
  const due = settleDue(held, scheduled, today);
  if (due.settled.length > 0) await repository.writeSettlement(tx, due, now);
  for (const { variantId, ...prices } of due.held) held.set(variantId, prices);
  const settled = new Set(due.settled.map(({ id }) => id));
  const open = scheduled.filter(({ id }) => !settled.has(id));
  const decisions = changes.map((change): Decision => {
    const variant = variants.get(change.variantId);
    const present = held.get(change.variantId);
    if (variant === undefined || present === undefined)
      return { result: { kind: 'unknownVariant' }, entry: null };
    const { currencyCode } = change;
    if (currencyCode !== null && currencyCode !== variant.currencyCode)
      return { result: { kind: 'currencyMismatch', currencyCode: variant.currencyCode }, entry: null };
    const day = change.validFrom !== null && change.validFrom > today ? change.validFrom : today;
    const before = findPlanned(present, open, { variantId: variant.id, day });
    return decide(change, before, { day, isScheduled: day > today });
  });
  return write(tx, decisions, { now, mode });
}

function checkChanges(changes: readonly PriceChange[]): void {
  const seen = new Set<number>();
  for (const { variantId, price, listPrice, comparePrice } of changes) {
    if (seen.has(variantId))
      throw badInput(`A variant must be priced once in a call, got ${variantId} twice.`);
    seen.add(variantId);
    for (const amount of [price, listPrice, comparePrice])
      if (amount !== null && !isPrice(amount))
        throw badInput(`A price must be above 0 with at most four decimals, got ${amount}.`);
  }
}

function decide(
  change: PriceChange,
  before: HeldPrice,
  { day, isScheduled }: { readonly day: string; readonly isScheduled: boolean },
): Decision {
  if (change.comparePrice !== null && !isSameAmount(change.comparePrice, before.price))
    return { result: { kind: 'stale', present: before }, entry: null };
  const now = {
    price: change.price,
    listPrice: change.listPrice ?? keepAbove(before.listPrice, change.price),
  };
  if (isBelow(now.listPrice, now.price))
    return { result: { kind: 'listPriceBelowPrice', ...now }, entry: null };
  if (isSameAmount(now.price, before.price) && isSameAmount(now.listPrice, before.listPrice))
    return { result: { kind: 'unchanged', now: before }, entry: null };
  const { variantId, comparePrice, source, reference, actor, reason } = change;
  const status = isScheduled ? 'SCHEDULED' : 'EFFECTIVE';
  return {
    result: { kind: 'set', priceId: 0, now, before, isScheduled },
    entry: { variantId, validFrom: day, ...now, comparePrice, status, source, reference, actor, reason },
  };
}

async function write(
  tx: Sql,
  decisions: readonly Decision[],
  { now, mode }: { readonly now: Date; readonly mode: SetMode },
): Promise<readonly PriceChangeResult[]> {
  const isRefused = decisions.some(({ result: { kind } }) => kind !== 'set' && kind !== 'unchanged');
  const results = decisions.map(({ result }) => result);
  if (mode === 'ALL_OR_NONE' && isRefused)
    return results.map((result) => (result.kind === 'set' ? { kind: 'heldBack' } : result));
  const entries = decisions.flatMap(({ entry }) => entry ?? []);
  if (entries.length === 0) return results;
  const priceIds = await repository.insertPrices(tx, entries, now);
  return decisions.map(({ result, entry }) =>
    result.kind === 'set' && entry !== null
      ? { ...result, priceId: priceIds.get(entry.variantId) ?? 0 }
      : result,
  );
}

function keepAbove(listPrice: string, price: string): string {
  return isBelow(listPrice, price) ? price : listPrice;
}
