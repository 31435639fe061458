import type { Sql } from '../database/sql.ts';
import type {
  InventorySetQuantitiesUserErrorCode as Code,
  InventoryAdjustableName,
} from '../generated/graphql.ts';
import { checkLines, checkQuantity, checkReason, checkReference, formatCount } from '../inputChecks.ts';
import { type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { aggregateChanges } from './aggregateChanges.ts';
import { changeLevels, type LockedLevels, nameLevels, type Plan } from './changeLevels.ts';
import { describeBrokenRule } from './describeBrokenRule.ts';
import {
  findBrokenRule,
  maximumLevelQuantity,
  postEntries,
  quantityFields,
  type SourceDocument,
} from './ledger.ts';
import { firstLineByLevel, type LevelKey, levelKeyOf } from './levelKey.ts';
import type { LevelRow } from './repository.ts';

/** New values of one quantity of levels; ids are row ids. */
export type SetInput = SourceDocument & {
  readonly name: InventoryAdjustableName;
  readonly ignoreCompareQuantity: boolean;
  readonly quantities: readonly SetLine[];
};
type SetLine = LevelKey & { readonly quantity: number; readonly compareQuantity: number | null };

const maximumLines = 250;

/**
 * Sets a quantity of levels, all or none, comparing with what the caller last saw; yields the levels afterwards
 * in input order. A quantity that is there already is not an entry of the ledger.
 */
export async function setQuantities(tx: Sql, input: SetInput, now: Date): Promise<Outcome<LevelRow[], Code>> {
  const errors = checkInput(input);
  if (errors.length > 0) return refused(...errors);
  return changeLevels(tx, nameLevels('quantities', input.quantities), now, (levels) => plan(input, levels));
}

function checkInput({
  reason,
  referenceDocumentUri,
  quantities,
  ignoreCompareQuantity,
}: SetInput): UserError<Code>[] {
  checkReference(referenceDocumentUri);
  const firstLine = firstLineByLevel(quantities);
  return [
    ...checkReason(reason),
    ...checkLines<SetLine, Code>('quantities', quantities, maximumLines, (line, _field, index) => [
      ...checkQuantity({
        field: fieldOf(index, 'quantity'),
        value: line.quantity,
        minimum: 0,
        maximum: maximumLevelQuantity,
      }),
      ...checkCompareGiven(line, index, ignoreCompareQuantity),
      ...checkNamedOnce(index, firstLine.get(levelKeyOf(line)) ?? index),
    ]),
  ];
}

function checkCompareGiven(
  line: SetLine,
  index: number,
  isIgnored: boolean,
): UserError<'COMPARE_QUANTITY_REQUIRED'>[] {
  if (isIgnored || line.compareQuantity !== null) return [];
  const field = fieldOf(index, 'compareQuantity');
  const message = `${field.join('.')} must be given unless ignoreCompareQuantity is true, got null.`;
  return [{ code: 'COMPARE_QUANTITY_REQUIRED', field, message }];
}

function checkNamedOnce(index: number, first: number): UserError<'DUPLICATE_LEVEL'>[] {
  if (index === first) return [];
  const field = ['input', 'quantities', String(index)];
  const message = `${field.join('.')} must name a level of its own, got that of input.quantities.${first}.`;
  return [{ code: 'DUPLICATE_LEVEL', field, message }];
}

function plan(input: SetInput, levels: LockedLevels): Plan<Code> {
  const { name, reason, referenceDocumentUri } = input;
  const stale: UserError<Code>[] = [];
  const changes = input.quantities.map((line, index) => {
    const present = levels.get(levelKeyOf(line))?.[quantityFields[name]] ?? 0;
    if (!input.ignoreCompareQuantity && line.compareQuantity !== present)
      stale.push(describeStale(fieldOf(index, 'compareQuantity'), present, line.compareQuantity ?? 0));
    const delta = line.quantity - present;
    return { ...toKey(line), name, type: 'ADJUSTMENT' as const, delta, reason, referenceDocumentUri };
  });
  const { levels: after, entries } = postEntries(levels, aggregateChanges(changes));
  const broken = input.quantities.flatMap((line, index) => {
    const level = after.get(levelKeyOf(line));
    const rule = level === undefined ? null : findBrokenRule(level);
    return rule === null ? [] : [describeBrokenRule(rule, fieldOf(index, 'quantity'))];
  });
  const userErrors = stale.length > 0 ? stale : broken;
  return userErrors.length > 0 ? { userErrors } : { entries };
}

function describeStale(field: string[], present: number, got: number): UserError<'COMPARE_QUANTITY_STALE'> {
  const message = `${field.join('.')} must be the present quantity ${formatCount(present)}, got ${formatCount(got)}.`;
  return { code: 'COMPARE_QUANTITY_STALE', field, message };
}

function fieldOf(index: number, name: 'quantity' | 'compareQuantity'): string[] {
  return ['input', 'quantities', String(index), name];
}

function toKey({ variantId, warehouseId }: LevelKey): LevelKey {
  return { variantId, warehouseId };
}
