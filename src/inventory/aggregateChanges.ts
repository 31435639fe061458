import type { QuantityChange } from './ledger.ts';
import { compareLevelKeys, levelKeyOf } from './levelKey.ts';

/**
 * Adds up the changes of one level, quantity and type, so that two lines of one variant are checked together;
 * sums of 0 are left out. Sorted by level; the changes of one level keep the order given.
 */
export function aggregateChanges<Change extends QuantityChange>(changes: readonly Change[]): Change[] {
  const sums = new Map<string, Change>();
  for (const change of changes) {
    const key = `${levelKeyOf(change)}:${change.name}:${change.type}`;
    sums.set(key, { ...change, delta: (sums.get(key)?.delta ?? 0) + change.delta });
  }
  return [...sums.values()].filter((change) => change.delta !== 0).sort(compareLevelKeys);
}
