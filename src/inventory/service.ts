import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { mapDone, type Outcome } from '../mutationOutcome.ts';
import { type AdjustInput, adjustQuantities } from './adjustQuantities.ts';
import { applyChanges } from './applyChanges.ts';
import { type CloseInput, confirm, expireBatch, release } from './closeReservation.ts';
import { type MoveInput, moveQuantities } from './moveQuantities.ts';
import { compareWithProofs } from './proofRepository.ts';
import * as repository from './repository.ts';
import { type ReserveInput, reserve } from './reserve.ts';
import { type SetInput, setQuantities } from './setQuantities.ts';

export type InventoryService = ReturnType<typeof makeInventoryService>;
type Dependencies = { readonly database: Pick<Database, 'sql'>; readonly clock: Clock };

const shownDifferences = 100;
const expiryBatch = 100;

/** Makes the use cases of stock: warehouses, levels, the ledger and reservations. */
export function makeInventoryService({ database, clock }: Dependencies) {
  return {
    ...makeReads(database.sql),
    ...makeChanges(database.sql, clock),
    applyChanges,
    /** Holds units inside the caller's transaction, see `reserve`. */
    reserveWithin: reserve,
    /** Gives the units of a reservation back inside the caller's transaction, see `release`. */
    releaseWithin: release,
  };
}

function makeReads(sql: Sql) {
  return {
    /** One page of warehouses, by id. */
    listWarehouses: (page: PageArguments) => repository.listWarehouses(sql, page),
    /** One page of levels, by id. */
    listLevels: (filter: repository.LevelListFilter, page: PageArguments) =>
      repository.listLevels(sql, filter, page),
    /** One page of the ledger, latest entry last. */
    listMovements: (filter: repository.MovementListFilter, page: PageArguments) =>
      repository.listMovements(sql, filter, page),
    /** Warehouses in key order, null where unknown. */
    findWarehouses: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listWarehousesById(sql, ids), idOf),
    /** Levels in key order, null where unknown. */
    findLevels: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listLevelsById(sql, ids), idOf),
    /** Ledger entries in key order, null where unknown. */
    findMovements: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listMovementsById(sql, ids), idOf),
    /** Reservations in key order, null where unknown. */
    findReservations: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listReservationsById(sql, ids), idOf),
    /** Lines of each reservation, in key order. */
    listReservationLines: async (ids: readonly number[]) =>
      manyByKey(ids, await repository.listReservationLines(sql, ids), (row) => row.reservationId),
    /** Levels of each variant, by warehouse, in key order. */
    listLevelsOfVariants: async (variantIds: readonly number[]) =>
      manyByKey(variantIds, await repository.listLevelsByVariant(sql, variantIds), (row) => row.variantId),
    /** Units of each variant that can be promised: the sum over its levels, in key order; 0 without a level. */
    sumAvailableOfVariants: async (ids: readonly number[]) =>
      availableByKey(ids, await repository.sumAvailableByVariant(sql, ids)),
    /** The same of each product: the sum over the levels of its variants. */
    sumAvailableOfProducts: async (ids: readonly number[]) =>
      availableByKey(ids, await repository.sumAvailableByProduct(sql, ids)),
    /** Compares every level with the ledger, the active reservations and the open purchase orders. */
    async checkConsistency() {
      const comparison = await compareWithProofs(sql, shownDifferences);
      return { ...comparison, isConsistent: comparison.differences.length === 0 };
    },
  };
}

function makeChanges(sql: Sql, clock: Clock) {
  const change = <Result, Code extends string>(
    idempotency: Idempotency | undefined,
    work: (tx: Sql, now: Date) => Promise<Outcome<Result, Code>>,
  ) => inIdempotentTransaction(sql, idempotency, (tx) => work(tx, clock()));
  return {
    /** Adds to a quantity of levels, all or none. */
    adjustQuantities: async (input: AdjustInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => adjustQuantities(tx, input, now)), reviveLevels),
    /** Sets a quantity of levels, comparing with what the caller last saw, all or none. */
    setQuantities: async (input: SetInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => setQuantities(tx, input, now)), reviveLevels),
    /** Moves units between warehouses, all or none. */
    moveQuantities: async (input: MoveInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => moveQuantities(tx, input, now)), reviveLevels),
    /** Holds units for a customer, all lines or none. */
    reserve: async (input: ReserveInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => reserve(tx, input, now)), reviveReservation),
    /** Gives the units of a reservation back. */
    release: async (input: CloseInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => release(tx, input, now)), reviveReservation),
    /** Turns a reservation into a sale. */
    confirm: async (input: CloseInput, idempotency?: Idempotency) =>
      mapDone(await change(idempotency, (tx, now) => confirm(tx, input, now)), reviveReservation),
    /** Frees the reservations that have expired by `now`, in batches of their own transactions; yields how many. */
    async expireReservations(now: Date): Promise<number> {
      let expired = 0;
      for (;;) {
        const freed = await sql.transaction((tx) => expireBatch(tx, now, expiryBatch));
        expired += freed;
        if (freed < expiryBatch) return expired;
      }
    },
  };
}

function idOf(row: { readonly id: number }): number {
  return row.id;
}

function availableByKey(
  ids: readonly number[],
  rows: readonly { readonly id: number; readonly available: number }[],
): number[] {
  return oneByKey(ids, rows, idOf).map((row) => row?.available ?? 0);
}

/** A replayed outcome is JSON: its times are texts. */
function reviveLevels(levels: readonly repository.LevelRow[]): repository.LevelRow[] {
  return levels.map((level) => ({ ...level, updatedAt: new Date(level.updatedAt) }));
}

function reviveReservation(reservation: repository.ReservationRow): repository.ReservationRow {
  return { ...reservation, expiresAt: new Date(reservation.expiresAt) };
}
