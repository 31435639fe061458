import type { Sql } from '../database/sql.ts';
import type {
  InventoryAdjustQuantitiesUserErrorCode as Code,
  InventoryAdjustableName,
} from '../generated/graphql.ts';
import { checkLines, checkReason, checkReference, formatCount } from '../inputChecks.ts';
import { type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { aggregateChanges } from './aggregateChanges.ts';
import { changeLevels, type LockedLevels, nameLevels, type Plan } from './changeLevels.ts';
import { describeBrokenRule } from './describeBrokenRule.ts';
import { findBrokenRule, postEntries, type SourceDocument } from './ledger.ts';
import { firstLineByLevel, type LevelKey, levelKeyOf, uniqueLevelKeys } from './levelKey.ts';
import type { LevelRow } from './repository.ts';

/** Changes of one quantity of levels by differences; ids are row ids. */
export type AdjustInput = SourceDocument & {
  readonly name: InventoryAdjustableName;
  readonly changes: readonly (LevelKey & { readonly delta: number })[];
};

const maximumChanges = 250;
const maximumDelta = 1_000_000;

/** Adds to a quantity of levels, all or none; yields the levels afterwards, each once, in input order. */
export async function adjustQuantities(
  tx: Sql,
  input: AdjustInput,
  now: Date,
): Promise<Outcome<LevelRow[], Code>> {
  const errors = checkInput(input);
  if (errors.length > 0) return refused(...errors);
  return changeLevels(tx, nameLevels('changes', input.changes), now, (levels) => plan(input, levels));
}

function checkInput({ reason, referenceDocumentUri, changes }: AdjustInput): UserError<Code>[] {
  checkReference(referenceDocumentUri);
  return [...checkReason(reason), ...checkLines('changes', changes, maximumChanges, checkDelta)];
}

function checkDelta(
  { delta }: { readonly delta: number },
  line: readonly string[],
): UserError<'INVALID_QUANTITY'>[] {
  if (delta !== 0 && Math.abs(delta) <= maximumDelta) return [];
  const field = [...line, 'delta'];
  const range = `${formatCount(-maximumDelta)} to ${formatCount(maximumDelta)} and not 0`;
  const message = `${field.join('.')} must be ${range}, got ${formatCount(delta)}.`;
  return [{ code: 'INVALID_QUANTITY', field, message }];
}

function plan(
  { name, changes, reason, referenceDocumentUri }: AdjustInput,
  levels: LockedLevels,
): Plan<'NEGATIVE_RESULT' | 'INVALID_QUANTITY'> {
  const postings = aggregateChanges(
    changes.map((change) => ({ ...change, name, type: 'ADJUSTMENT' as const, reason, referenceDocumentUri })),
  );
  const { levels: after, entries } = postEntries(levels, postings);
  const firstLine = firstLineByLevel(changes);
  const userErrors = uniqueLevelKeys(changes).flatMap((key) => {
    const level = after.get(levelKeyOf(key));
    const broken = level === undefined ? null : findBrokenRule(level);
    if (broken === null) return [];
    return [
      describeBrokenRule(broken, ['input', 'changes', String(firstLine.get(levelKeyOf(key))), 'delta']),
    ];
  });
  return userErrors.length > 0 ? { userErrors } : { entries };
}
