import type { Sql } from '../database/sql.ts';
import type {
  InventoryReleaseUserErrorCode,
  InventoryReservationConfirmUserErrorCode,
} from '../generated/graphql.ts';
import { checkReason, notFound } from '../inputChecks.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { type Posting, postEntries } from './ledger.ts';
import { lockLevels, writeEntries } from './levelRepository.ts';
import { expiryReason, releasePostings } from './releasePostings.ts';
import { listReservationLines, type ReservationLineRow, type ReservationRow } from './repository.ts';
import { closeReservations, lockExpired, lockReservation } from './reservationRepository.ts';

/** A reservation to close; the id is a row id. */
export type CloseInput = { readonly reservationId: number; readonly reason: string };

const field = ['input', 'reservationId'];

/** Gives back what a reservation holds; one that has expired but still holds its units is released as well. */
export async function release(
  tx: Sql,
  input: CloseInput,
  now: Date,
): Promise<Outcome<ReservationRow, InventoryReleaseUserErrorCode>> {
  const reservation = await lockActive(tx, input);
  if ('userErrors' in reservation) return refused(...reservation.userErrors);
  const lines = await listReservationLines(tx, [reservation.id]);
  await post(tx, lines, releasePostings([reservation], lines, input.reason), now);
  return done(await closeOne(tx, reservation.id, 'RELEASED', now));
}

/** Turns a reservation into a sale; refused once its time has run out, whether or not it has been freed yet. */
export async function confirm(
  tx: Sql,
  input: CloseInput,
  now: Date,
): Promise<Outcome<ReservationRow, InventoryReservationConfirmUserErrorCode>> {
  const reservation = await lockActive(tx, input);
  if ('userErrors' in reservation) return refused(...reservation.userErrors);
  if (reservation.expiresAt.getTime() <= now.getTime()) return refused(notActive('EXPIRED'));
  const lines = await listReservationLines(tx, [reservation.id]);
  const released = releasePostings([reservation], lines, input.reason);
  const sold = released.map((posting) => ({ ...posting, name: 'ON_HAND' as const, type: 'SALE' as const }));
  await post(tx, lines, [...released, ...sold], now);
  return done(await closeOne(tx, reservation.id, 'CONFIRMED', now));
}

/** Frees up to `limit` expired reservations, the earliest first; yields how many. */
export async function expireBatch(tx: Sql, now: Date, limit: number): Promise<number> {
  const expired = await lockExpired(tx, now, limit);
  if (expired.length === 0) return 0;
  const ids = expired.map(({ id }) => id);
  const lines = await listReservationLines(tx, ids);
  await post(tx, lines, releasePostings(expired, lines, expiryReason), now);
  return (await closeReservations(tx, ids, 'EXPIRED', now)).length;
}

async function lockActive(
  tx: Sql,
  { reservationId, reason }: CloseInput,
): Promise<ReservationRow | { readonly userErrors: readonly UserError<InventoryReleaseUserErrorCode>[] }> {
  const blank = checkReason(reason);
  if (blank.length > 0) return { userErrors: blank };
  const reservation = await lockReservation(tx, reservationId);
  if (reservation === null) return { userErrors: [notFound('InventoryReservation', reservationId, field)] };
  return reservation.status === 'ACTIVE' ? reservation : { userErrors: [notActive(reservation.status)] };
}

function notActive(status: ReservationRow['status']): UserError<'NOT_ACTIVE'> {
  const message = `${field.join('.')} must be an ACTIVE reservation, got one that is ${status}.`;
  return { code: 'NOT_ACTIVE', field, message };
}

async function post(
  tx: Sql,
  lines: readonly ReservationLineRow[],
  postings: readonly Posting[],
  now: Date,
): Promise<void> {
  const levels = await lockLevels(tx, lines);
  await writeEntries(tx, postEntries(levels, postings).entries, now);
}

async function closeOne(
  tx: Sql,
  id: number,
  status: 'CONFIRMED' | 'RELEASED',
  now: Date,
): Promise<ReservationRow> {
  const [closed] = await closeReservations(tx, [id], status, now);
  if (closed === undefined) throw new Error(`The locked reservation ${id} must still be active.`);
  return closed;
}
