import type { Sql } from '../database/sql.ts';
import { notFound } from '../inputChecks.ts';
import { type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import type { LedgerEntry } from './ledger.ts';
import { type LevelKey, levelKeyOf, uniqueLevelKeys } from './levelKey.ts';
import {
  createMissingLevels,
  deleteLevels,
  findExisting,
  lockLevels,
  writeEntries,
} from './levelRepository.ts';
import type { LevelRow } from './repository.ts';

/** A level as a line of an input names it, with the paths of its two ids. */
export type NamedLevel = LevelKey & {
  readonly variantField: readonly string[];
  readonly warehouseField: readonly string[];
};

/** Locked levels by `levelKeyOf`. */
export type LockedLevels = ReadonlyMap<string, LevelRow>;

/** What a use case makes of the locked levels: entries to write, or refusals. */
export type Plan<Code extends string> =
  | { readonly entries: readonly LedgerEntry[] }
  | { readonly userErrors: readonly UserError<Code>[] };

/**
 * Changes the named levels: creates those that are missing, locks them all in one order, lets `plan` decide on
 * the values read inside the lock, and writes its entries. Yields the levels afterwards, each once, in the order
 * named. Where it is refused nothing stays written, created levels included.
 */
export async function changeLevels<Code extends string>(
  tx: Sql,
  named: readonly NamedLevel[],
  now: Date,
  plan: (levels: LockedLevels) => Plan<Code>,
): Promise<Outcome<LevelRow[], Code | 'NOT_FOUND'>> {
  const created = await createMissingLevels(tx, named, now);
  const levels = await lockLevels(tx, named);
  const unknown = await listUnknown(tx, named, levels);
  const planned = unknown.length > 0 ? { userErrors: unknown } : plan(levels);
  if ('userErrors' in planned) {
    if (created.length > 0) await deleteLevels(tx, created);
    return refused<Code | 'NOT_FOUND'>(...planned.userErrors);
  }
  const changed = await writeEntries(tx, planned.entries, now);
  const after = new Map([...levels.values(), ...changed].map((level) => [levelKeyOf(level), level]));
  return {
    kind: 'done',
    result: uniqueLevelKeys(named).flatMap((key) => after.get(levelKeyOf(key)) ?? []),
  };
}

/** The refusals of lines whose variant or warehouse does not exist, each field once; none where all levels do. */
export async function listUnknown(
  tx: Sql,
  named: readonly NamedLevel[],
  levels: LockedLevels,
): Promise<UserError<'NOT_FOUND'>[]> {
  const missing = named.filter((level) => !levels.has(levelKeyOf(level)));
  if (missing.length === 0) return [];
  const existing = await findExisting(
    tx,
    missing.map((level) => level.variantId),
    missing.map((level) => level.warehouseId),
  );
  const errors = missing.flatMap((level) => [
    ...(existing.variantIds.has(level.variantId)
      ? []
      : [notFound('ProductVariant', level.variantId, level.variantField)]),
    ...(existing.warehouseIds.has(level.warehouseId)
      ? []
      : [notFound('Warehouse', level.warehouseId, level.warehouseField)]),
  ]);
  return [...new Map(errors.map((error) => [error.field?.join('.'), error])).values()];
}

/** Names the level of each line of an input list by its `variantId` and `warehouseId`. */
export function nameLevels(list: string, lines: readonly LevelKey[]): NamedLevel[] {
  return lines.map(({ variantId, warehouseId }, index) => ({
    variantId,
    warehouseId,
    variantField: ['input', list, String(index), 'variantId'],
    warehouseField: ['input', list, String(index), 'warehouseId'],
  }));
}
