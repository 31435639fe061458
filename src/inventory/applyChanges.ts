import type { Sql } from '../database/sql.ts';
import { badInput, DomainError } from '../errors.ts';
import { aggregateChanges } from './aggregateChanges.ts';
import { describeBrokenRule } from './describeBrokenRule.ts';
import { findBrokenRule, postEntries, type QuantityChange, type SourceDocument } from './ledger.ts';
import { levelKeyOf } from './levelKey.ts';
import { createMissingLevels, lockLevels, writeEntries } from './levelRepository.ts';
import type { LevelRow } from './repository.ts';

/**
 * Applies changes of one document inside the caller's transaction, the door for other domains: adds up changes of
 * one level, creates missing levels, locks, checks and writes. Yields the changed levels. Throws NOT_FOUND for an
 * unknown variant or warehouse and BAD_USER_INPUT where a level would break its rules; the caller's transaction
 * must then be rolled back.
 */
export async function applyChanges(
  tx: Sql,
  changes: readonly QuantityChange[],
  document: SourceDocument,
  now: Date,
): Promise<LevelRow[]> {
  const postings = aggregateChanges(changes.map((change) => ({ ...change, ...document })));
  await createMissingLevels(tx, postings, now);
  const levels = await lockLevels(tx, postings);
  const unknown = postings.find((posting) => !levels.has(levelKeyOf(posting)));
  if (unknown !== undefined)
    throw new DomainError(
      'NOT_FOUND',
      `Stock must be of an existing variant in an existing warehouse, got variant ${unknown.variantId} in warehouse ${unknown.warehouseId}.`,
    );
  const { levels: after, entries } = postEntries(levels, postings);
  for (const level of after.values()) {
    const broken = findBrokenRule(level);
    if (broken !== null) throw badInput(describeBrokenRule(broken, ['input']).message, ['input']);
  }
  return writeEntries(tx, entries, now);
}
