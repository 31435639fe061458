import type { Sql } from '../database/sql.ts';
import type { InventoryMoveQuantitiesUserErrorCode as Code } from '../generated/graphql.ts';
import { checkLines, checkQuantity, checkReason, checkReference, formatCount } from '../inputChecks.ts';
import { type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { aggregateChanges } from './aggregateChanges.ts';
import { movableOf } from './available.ts';
import { changeLevels, type LockedLevels, type NamedLevel, type Plan } from './changeLevels.ts';
import { describeBrokenRule } from './describeBrokenRule.ts';
import { findBrokenRule, postEntries, type SourceDocument } from './ledger.ts';
import { firstLineByLevel, type LevelKey, levelKeyOf, uniqueLevelKeys } from './levelKey.ts';
import type { LevelRow } from './repository.ts';

/** Units to move between warehouses; ids are row ids. */
export type MoveInput = SourceDocument & { readonly moves: readonly Move[] };
type Move = {
  readonly variantId: number;
  readonly fromWarehouseId: number;
  readonly toWarehouseId: number;
  readonly quantity: number;
};

const maximumMoves = 250;
const maximumQuantity = 1_000_000;

/**
 * Moves units on hand between warehouses, all moves or none; yields the levels afterwards, each once, in input
 * order (origin before destination). What leaves a level must be there before the request: units cannot travel
 * on within it. The safety stock may be moved; committed, reserved and damaged units may not.
 */
export async function moveQuantities(
  tx: Sql,
  input: MoveInput,
  now: Date,
): Promise<Outcome<LevelRow[], Code>> {
  const errors = checkInput(input);
  if (errors.length > 0) return refused(...errors);
  return changeLevels(tx, input.moves.flatMap(nameEnds), now, (levels) => plan(input, levels));
}

function checkInput({ reason, referenceDocumentUri, moves }: MoveInput): UserError<Code>[] {
  checkReference(referenceDocumentUri);
  return [
    ...checkReason(reason),
    ...checkLines<Move, Code>('moves', moves, maximumMoves, (move, _field, index) => [
      ...checkQuantity({
        field: fieldOf(index, 'quantity'),
        value: move.quantity,
        minimum: 1,
        maximum: maximumQuantity,
      }),
      ...checkEnds(move, index),
    ]),
  ];
}

function checkEnds(move: Move, index: number): UserError<'SAME_WAREHOUSE'>[] {
  if (move.fromWarehouseId !== move.toWarehouseId) return [];
  const field = fieldOf(index, 'toWarehouseId');
  const message = `${field.join('.')} must be another warehouse than fromWarehouseId, got the same.`;
  return [{ code: 'SAME_WAREHOUSE', field, message }];
}

function plan({ moves, ...document }: MoveInput, levels: LockedLevels): Plan<Code> {
  const outgoing = moves.map((move) => ({ ...originOf(move), quantity: move.quantity }));
  const incoming = moves.map((move) => ({ ...destinationOf(move), quantity: move.quantity }));
  const leaving = aggregateChanges(
    outgoing.map((line) => ({ ...toChange(line), type: 'TRANSFER_OUT' as const, delta: -line.quantity })),
  );
  const arriving = aggregateChanges(
    incoming.map((line) => ({ ...toChange(line), type: 'TRANSFER_IN' as const, delta: line.quantity })),
  );
  const firstOrigin = firstLineByLevel(outgoing);
  const userErrors = leaving.flatMap((change): UserError<Code>[] => {
    const level = levels.get(levelKeyOf(change));
    const free = level === undefined ? 0 : movableOf(level);
    if (free + change.delta >= 0) return [];
    return [describeShortage(fieldOf(firstOrigin.get(levelKeyOf(change)), 'quantity'), free, -change.delta)];
  });
  if (userErrors.length > 0) return { userErrors };
  const postings = [...leaving, ...arriving].map((change) => ({ ...change, ...document }));
  const { levels: after, entries } = postEntries(levels, postings);
  const firstDestination = firstLineByLevel(incoming);
  const broken = uniqueLevelKeys(incoming).flatMap((key) => {
    const level = after.get(levelKeyOf(key));
    const rule = level === undefined ? null : findBrokenRule(level);
    if (rule?.rule !== 'ABOVE_MAXIMUM') return [];
    const { message, field } = describeBrokenRule(
      rule,
      fieldOf(firstDestination.get(levelKeyOf(key)), 'quantity'),
    );
    return [{ code: 'INVALID_QUANTITY' as const, message, field }];
  });
  return broken.length > 0 ? { userErrors: broken } : { entries };
}

function describeShortage(field: string[], free: number, asked: number): UserError<'INSUFFICIENT_STOCK'> {
  const message = `${field.join('.')} must be at most the ${formatCount(free)} units free in the origin, got ${formatCount(asked)} in all.`;
  return { code: 'INSUFFICIENT_STOCK', field, message };
}

function nameEnds(move: Move, index: number): NamedLevel[] {
  const variantField = fieldOf(index, 'variantId');
  return [
    { ...originOf(move), variantField, warehouseField: fieldOf(index, 'fromWarehouseId') },
    { ...destinationOf(move), variantField, warehouseField: fieldOf(index, 'toWarehouseId') },
  ];
}

function originOf({ variantId, fromWarehouseId }: Move): LevelKey {
  return { variantId, warehouseId: fromWarehouseId };
}

function destinationOf({ variantId, toWarehouseId }: Move): LevelKey {
  return { variantId, warehouseId: toWarehouseId };
}

function toChange({ variantId, warehouseId }: LevelKey): LevelKey & { readonly name: 'ON_HAND' } {
  return { variantId, warehouseId, name: 'ON_HAND' };
}

function fieldOf(index: number | undefined, name: keyof Move): string[] {
  return ['input', 'moves', String(index), name];
}
