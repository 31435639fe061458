import type { Sql } from '../database/sql.ts';
import type { InventoryReservationStatus } from '../generated/graphql.ts';
import type { LevelKey } from './levelKey.ts';
import { type ReservationRow, reservationColumns } from './repository.ts';

/** A reservation to be written; one line a level. */
export type NewReservation = {
  readonly expiresAt: Date;
  readonly referenceDocumentUri: string | null;
  readonly createdAt: Date;
  readonly lines: readonly (LevelKey & { readonly quantity: number })[];
};

/** Writes an active reservation with its lines. */
export async function insertReservation(sql: Sql, reservation: NewReservation): Promise<ReservationRow> {
  const [row] = await sql.query<ReservationRow>(
    `WITH reservation AS (
       INSERT INTO inventory_reservation (expires_at, reference_document_uri, created_at)
       VALUES ($1::timestamptz, $2, $3::timestamptz) RETURNING *
     ), lines AS (
       INSERT INTO inventory_reservation_line (reservation_id, variant_id, warehouse_id, quantity)
       SELECT reservation.id, line.* FROM reservation, unnest($4::int[], $5::int[], $6::int[]) AS line
     )
     SELECT ${reservationColumns} FROM reservation`,
    [
      reservation.expiresAt,
      reservation.referenceDocumentUri,
      reservation.createdAt,
      reservation.lines.map((line) => line.variantId),
      reservation.lines.map((line) => line.warehouseId),
      reservation.lines.map((line) => line.quantity),
    ],
  );
  if (row === undefined) throw new Error('INSERT … RETURNING must yield the reservation.');
  return row;
}

/** Locks one reservation until the transaction ends and reads it; null where unknown. */
export async function lockReservation(sql: Sql, id: number): Promise<ReservationRow | null> {
  const [row] = await sql.query<ReservationRow>(
    `SELECT ${reservationColumns} FROM inventory_reservation reservation WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ?? null;
}

/** Locks, by id, the reservations that have expired, are not closed and hold units of one of these levels. */
export function lockExpiredOnLevels(
  sql: Sql,
  keys: readonly LevelKey[],
  now: Date,
): Promise<ReservationRow[]> {
  return sql.query(
    `SELECT ${reservationColumns} FROM inventory_reservation reservation
      WHERE status = 'ACTIVE' AND expires_at <= $3::timestamptz
        AND EXISTS (SELECT FROM inventory_reservation_line line
                      JOIN unnest($1::int[], $2::int[]) AS wanted(variant_id, warehouse_id)
                        ON line.variant_id = wanted.variant_id AND line.warehouse_id = wanted.warehouse_id
                     WHERE line.reservation_id = reservation.id)
      ORDER BY id FOR UPDATE`,
    [keys.map((key) => key.variantId), keys.map((key) => key.warehouseId), now],
  );
}

/** Locks the reservations that expired first and are not closed, leaving out those another transaction has locked. */
export function lockExpired(sql: Sql, now: Date, limit: number): Promise<ReservationRow[]> {
  return sql.query(
    `SELECT ${reservationColumns} FROM inventory_reservation reservation
      WHERE status = 'ACTIVE' AND expires_at <= $1::timestamptz
      ORDER BY expires_at, id LIMIT $2 FOR UPDATE SKIP LOCKED`,
    [now, limit],
  );
}

/** Closes locked, active reservations; yields them as they are now. */
export function closeReservations(
  sql: Sql,
  ids: readonly number[],
  status: Exclude<InventoryReservationStatus, 'ACTIVE'>,
  now: Date,
): Promise<ReservationRow[]> {
  return sql.query(
    `UPDATE inventory_reservation reservation
        SET status = $2::text::inventory_reservation_status, closed_at = $3::timestamptz
      WHERE id = ANY($1::int[]) AND status = 'ACTIVE' RETURNING ${reservationColumns}`,
    [ids, status, now],
  );
}
