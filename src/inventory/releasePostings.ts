import type { Posting } from './ledger.ts';
import type { ReservationLineRow, ReservationRow } from './repository.ts';

/** The ledger's reason for units that are freed because their time ran out. */
export const expiryReason = 'Expiry';

/** The document behind a reservation's entries: the one it was made for, itself where there is none. */
export function documentOf({
  id,
  referenceDocumentUri,
}: Pick<ReservationRow, 'id' | 'referenceDocumentUri'>): { readonly referenceDocumentUri: string } {
  return { referenceDocumentUri: referenceDocumentUri ?? `gid://supplygraph/InventoryReservation/${id}` };
}

/** The changes that free what reservations hold, one a line. */
export function releasePostings(
  reservations: readonly ReservationRow[],
  lines: readonly ReservationLineRow[],
  reason: string,
): Posting[] {
  const documents = new Map(reservations.map((reservation) => [reservation.id, documentOf(reservation)]));
  return lines.map(({ reservationId, variantId, warehouseId, quantity }) => ({
    variantId,
    warehouseId,
    name: 'RESERVED',
    type: 'RELEASE',
    delta: -quantity,
    reason,
    referenceDocumentUri: documents.get(reservationId)?.referenceDocumentUri ?? null,
  }));
}
