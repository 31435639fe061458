import type { Sql } from '../database/sql.ts';
import type { InventoryReserveUserErrorCode as Code } from '../generated/graphql.ts';
import { checkLines, checkQuantity, checkReason, checkReference, formatCount } from '../inputChecks.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { availableOf } from './available.ts';
import { type LockedLevels, listUnknown, nameLevels } from './changeLevels.ts';
import { type Posting, postEntries, type SourceDocument } from './ledger.ts';
import {
  compareLevelKeys,
  firstLineByLevel,
  type LevelKey,
  levelKeyOf,
  uniqueLevelKeys,
} from './levelKey.ts';
import { lockLevels, writeEntries } from './levelRepository.ts';
import { documentOf, expiryReason, releasePostings } from './releasePostings.ts';
import { listReservationLines, type ReservationRow } from './repository.ts';
import { closeReservations, insertReservation, lockExpiredOnLevels } from './reservationRepository.ts';

/** Units to hold; ids are row ids. */
export type ReserveInput = SourceDocument & {
  readonly expiresInSeconds: number;
  readonly lines: readonly ReserveLine[];
};
type ReserveLine = LevelKey & { readonly quantity: number };

const maximumLines = 100;
const maximumQuantity = 1_000_000;
const maximumSeconds = 604_800;

/**
 * Holds units for a customer, all lines or none; the safety stock is kept back. Reservations on the same levels
 * that have expired are freed first, so that expiry does not depend on a timer. Locks reservations before levels.
 */
export async function reserve(
  tx: Sql,
  input: ReserveInput,
  now: Date,
): Promise<Outcome<ReservationRow, Code>> {
  const errors = checkInput(input);
  if (errors.length > 0) return refused(...errors);
  const lines = sumByLevel(input.lines);
  const expired = await lockExpiredOnLevels(tx, lines, now);
  const expiredLines =
    expired.length === 0
      ? []
      : await listReservationLines(
          tx,
          expired.map(({ id }) => id),
        );
  const levels = await lockLevels(tx, [...lines, ...expiredLines]);
  const released = postEntries(levels, releasePostings(expired, expiredLines, expiryReason));
  const shortages = listShortages(input.lines, lines, released.levels);
  if (shortages.length > 0) {
    const unknown = await listUnknown(tx, nameLevels('lines', input.lines), levels);
    return refused(...(unknown.length > 0 ? unknown : shortages));
  }
  if (expired.length > 0)
    await closeReservations(
      tx,
      expired.map(({ id }) => id),
      'EXPIRED',
      now,
    );
  const reservation = await insertReservation(tx, {
    expiresAt: new Date(now.getTime() + input.expiresInSeconds * 1000),
    referenceDocumentUri: input.referenceDocumentUri,
    createdAt: now,
    lines,
  });
  const held = postEntries(released.levels, toPostings(lines, { ...input, ...documentOf(reservation) }));
  await writeEntries(tx, [...released.entries, ...held.entries], now);
  return done(reservation);
}

function checkInput(input: ReserveInput): UserError<Code>[] {
  checkReference(input.referenceDocumentUri);
  return [
    ...checkReason(input.reason),
    ...checkExpiry(input.expiresInSeconds),
    ...checkLines('lines', input.lines, maximumLines, ({ quantity }, field) =>
      checkQuantity({ field: [...field, 'quantity'], value: quantity, minimum: 1, maximum: maximumQuantity }),
    ),
  ];
}

function checkExpiry(seconds: number): UserError<'INVALID_EXPIRY'>[] {
  if (seconds >= 1 && seconds <= maximumSeconds) return [];
  const field = ['input', 'expiresInSeconds'];
  const message = `input.expiresInSeconds must be 1 to ${formatCount(maximumSeconds)}, got ${formatCount(seconds)}.`;
  return [{ code: 'INVALID_EXPIRY', field, message }];
}

function sumByLevel(lines: readonly ReserveLine[]): ReserveLine[] {
  const sums = new Map<string, number>();
  for (const line of lines) sums.set(levelKeyOf(line), (sums.get(levelKeyOf(line)) ?? 0) + line.quantity);
  return uniqueLevelKeys(lines)
    .map((key) => ({ ...key, quantity: sums.get(levelKeyOf(key)) ?? 0 }))
    .sort(compareLevelKeys);
}

function listShortages(
  given: readonly ReserveLine[],
  wanted: readonly ReserveLine[],
  levels: LockedLevels,
): UserError<'INSUFFICIENT_STOCK'>[] {
  const firstLine = firstLineByLevel(given);
  return wanted.flatMap((line) => {
    const level = levels.get(levelKeyOf(line));
    const available = level === undefined ? 0 : availableOf(level);
    if (available >= line.quantity) return [];
    const field = quantityField(firstLine.get(levelKeyOf(line)) ?? 0);
    const message = `${field.join('.')} must be at most the ${formatCount(available)} units available, got ${formatCount(line.quantity)} in all.`;
    return [{ code: 'INSUFFICIENT_STOCK' as const, field, message }];
  });
}

function toPostings(
  lines: readonly ReserveLine[],
  { reason, referenceDocumentUri }: SourceDocument,
): Posting[] {
  return lines.map(({ variantId, warehouseId, quantity }) => ({
    variantId,
    warehouseId,
    name: 'RESERVED',
    type: 'RESERVATION',
    delta: quantity,
    reason,
    referenceDocumentUri,
  }));
}

function quantityField(index: number): string[] {
  return ['input', 'lines', String(index), 'quantity'];
}
