import type { InventoryMovementType, InventoryQuantityName } from '../generated/graphql.ts';
import { type LevelKey, levelKeyOf } from './levelKey.ts';

/** The six quantities of a level, in whole units. */
export type Quantities = {
  readonly onHand: number;
  readonly committed: number;
  readonly reserved: number;
  readonly incoming: number;
  readonly damaged: number;
  readonly safetyStock: number;
};

/** A change of one quantity of one level. */
export type QuantityChange = LevelKey & {
  readonly name: InventoryQuantityName;
  readonly type: InventoryMovementType;
  readonly delta: number;
};

/** What the ledger says about the cause of a change. */
export type SourceDocument = { readonly reason: string; readonly referenceDocumentUri: string | null };

/** A change with its cause: the ledger's unit of writing. */
export type Posting = QuantityChange & SourceDocument;

/** A line of the ledger with the quantity after it. */
export type LedgerEntry = Posting & { readonly balanceAfter: number };

/** The column of a level behind each quantity name. */
export const quantityFields = {
  ON_HAND: 'onHand',
  COMMITTED: 'committed',
  RESERVED: 'reserved',
  INCOMING: 'incoming',
  DAMAGED: 'damaged',
  SAFETY_STOCK: 'safetyStock',
} as const satisfies Record<InventoryQuantityName, keyof Quantities>;

/** No quantity of a level may be above this. */
export const maximumLevelQuantity = 100_000_000;

/**
 * Posts changes to levels, in the order given: yields the levels afterwards and one entry a posting with its
 * running balance. Every level must be there; nothing is checked, see `findBrokenRule`.
 */
export function postEntries<Level extends Quantities>(
  levels: ReadonlyMap<string, Level>,
  postings: readonly Posting[],
): { readonly levels: ReadonlyMap<string, Level>; readonly entries: readonly LedgerEntry[] } {
  const after = new Map(levels);
  const entries = postings.map((posting) => {
    const key = levelKeyOf(posting);
    const level = after.get(key);
    if (level === undefined) throw new Error(`The level ${key} must be locked before it is posted to.`);
    const field = quantityFields[posting.name];
    const balanceAfter = level[field] + posting.delta;
    after.set(key, { ...level, [field]: balanceAfter });
    return { ...posting, balanceAfter };
  });
  return { levels: after, entries };
}

/** A rule of levels that a change would break. */
export type BrokenRule =
  | {
      readonly rule: 'BELOW_ZERO' | 'ABOVE_MAXIMUM';
      readonly name: InventoryQuantityName;
      readonly value: number;
    }
  | { readonly rule: 'ON_HAND_BELOW_HELD'; readonly held: number; readonly value: number };

/**
 * The first rule that a level breaks, or null: each quantity is 0 to 100,000,000 and
 * onHand ≥ committed + reserved + damaged.
 */
export function findBrokenRule(level: Quantities): BrokenRule | null {
  for (const name of Object.keys(quantityFields) as InventoryQuantityName[]) {
    const value = level[quantityFields[name]]; // `keys` loses the literal types above
    if (value < 0) return { rule: 'BELOW_ZERO', name, value };
    if (value > maximumLevelQuantity) return { rule: 'ABOVE_MAXIMUM', name, value };
  }
  const held = level.committed + level.reserved + level.damaged;
  return level.onHand < held ? { rule: 'ON_HAND_BELOW_HELD', held, value: level.onHand } : null;
}
