import { Conditions, type DateFilter, type NumberFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageOrder, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type {
  InventoryMovementType,
  InventoryQuantityName,
  InventoryReservationStatus,
} from '../generated/graphql.ts';
import { availableSql } from './available.ts';
import type { Quantities } from './ledger.ts';
import type { LevelKey } from './levelKey.ts';

export type WarehouseRow = {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly countryCode: string;
  readonly longitude: number;
  readonly latitude: number;
  /** 'YYYY-MM-DD' */
  readonly salesThrough: string | null;
};
export type LevelRow = LevelKey & Quantities & { readonly id: number; readonly updatedAt: Date };
export type MovementRow = LevelKey & {
  readonly id: number;
  readonly quantityName: InventoryQuantityName;
  readonly type: InventoryMovementType;
  readonly delta: number;
  readonly balanceAfter: number;
  readonly reason: string;
  readonly referenceDocumentUri: string | null;
  readonly createdAt: Date;
};
export type ReservationRow = {
  readonly id: number;
  readonly status: InventoryReservationStatus;
  readonly expiresAt: Date;
  readonly referenceDocumentUri: string | null;
};
export type ReservationLineRow = LevelKey & { readonly reservationId: number; readonly quantity: number };
export type WarehouseConnection = Connection<WarehouseRow>;
export type InventoryLevelConnection = Connection<LevelRow>;
export type InventoryMovementConnection = Connection<MovementRow>;

/** What narrows a list of levels; ids are row ids. */
export type LevelListFilter = {
  readonly warehouseId?: number | null;
  readonly variantIds?: readonly number[] | null;
  readonly available?: NumberFilter | null | undefined;
};
/** What narrows a list of ledger entries; ids are row ids. */
export type MovementListFilter = {
  readonly warehouseId?: number | null;
  readonly variantId?: number | null;
  readonly types?: readonly InventoryMovementType[] | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};

const warehouseColumns = `warehouse.id, warehouse.code, warehouse.name, warehouse.country_code AS "countryCode",
  warehouse.longitude, warehouse.latitude, warehouse.sales_through AS "salesThrough"`;
const movementColumns = `movement.id, movement.variant_id AS "variantId", movement.warehouse_id AS "warehouseId",
  movement.quantity_name AS "quantityName", movement.type, movement.delta,
  movement.balance_after AS "balanceAfter", movement.reason,
  movement.reference_document_uri AS "referenceDocumentUri", movement.created_at AS "createdAt"`;

/** Columns of a `LevelRow`; the table must be called `level`. */
export const levelColumns = `level.id, level.variant_id AS "variantId", level.warehouse_id AS "warehouseId",
  level.on_hand AS "onHand", level.committed, level.reserved, level.incoming, level.damaged,
  level.safety_stock AS "safetyStock", level.updated_at AS "updatedAt"`;

/** Columns of a `ReservationRow`; the table must be called `reservation`. */
export const reservationColumns = `reservation.id, reservation.status, reservation.expires_at AS "expiresAt",
  reservation.reference_document_uri AS "referenceDocumentUri"`;

/** One page of warehouses, by id. */
export function listWarehouses(sql: Sql, page: PageArguments): Promise<WarehouseConnection> {
  const conditions = new Conditions();
  return listPage<WarehouseRow & PageRow>(
    sql,
    { columns: warehouseColumns, from: 'warehouse', conditions, order: byId('warehouse') },
    page,
  );
}

/** One page of levels, by id. */
export function listLevels(
  sql: Sql,
  filter: LevelListFilter,
  page: PageArguments,
): Promise<InventoryLevelConnection> {
  const conditions = new Conditions();
  addEqual(conditions, 'level.warehouse_id', filter.warehouseId);
  conditions.anyOf('level.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  conditions.number(availableSql('level'), filter.available);
  return listPage<LevelRow & PageRow>(
    sql,
    { columns: levelColumns, from: 'inventory_level level', conditions, order: byId('level') },
    page,
  );
}

/** One page of the ledger, latest entry last. */
export function listMovements(
  sql: Sql,
  filter: MovementListFilter,
  page: PageArguments,
): Promise<InventoryMovementConnection> {
  const conditions = new Conditions();
  addEqual(conditions, 'movement.warehouse_id', filter.warehouseId);
  addEqual(conditions, 'movement.variant_id', filter.variantId);
  if (filter.types !== null && filter.types !== undefined)
    conditions.add(
      [...new Set(filter.types)],
      (p) => `movement.type = ANY(${p}::text[]::inventory_movement_type[])`, // a driver need not know our enum
    );
  conditions.date('movement.created_at', filter.createdAt);
  return listPage<MovementRow & PageRow>(
    sql,
    { columns: movementColumns, from: 'inventory_movement movement', conditions, order: byId('movement') },
    page,
  );
}

export function listWarehousesById(sql: Sql, ids: readonly number[]): Promise<WarehouseRow[]> {
  return sql.query(`SELECT ${warehouseColumns} FROM warehouse WHERE id = ANY($1::int[])`, [ids]);
}

export function listLevelsById(sql: Sql, ids: readonly number[]): Promise<LevelRow[]> {
  return sql.query(`SELECT ${levelColumns} FROM inventory_level level WHERE id = ANY($1::int[])`, [ids]);
}

/** Levels of each variant, by warehouse. */
export function listLevelsByVariant(sql: Sql, variantIds: readonly number[]): Promise<LevelRow[]> {
  return sql.query(
    `SELECT ${levelColumns} FROM inventory_level level WHERE variant_id = ANY($1::int[])
      ORDER BY variant_id, warehouse_id`,
    [variantIds],
  );
}

/** Sum of `available` over the warehouses of each variant that has a level. */
export function sumAvailableByVariant(
  sql: Sql,
  variantIds: readonly number[],
): Promise<{ readonly id: number; readonly available: number }[]> {
  return sql.query(
    `SELECT variant_id AS id, sum(${availableSql('level')})::int AS available
       FROM inventory_level level WHERE variant_id = ANY($1::int[]) GROUP BY variant_id`,
    [variantIds],
  );
}

/** Sum of `available` over the variants and warehouses of each product that has a level. */
export function sumAvailableByProduct(
  sql: Sql,
  productIds: readonly number[],
): Promise<{ readonly id: number; readonly available: number }[]> {
  return sql.query(
    `SELECT variant.product_id AS id, sum(${availableSql('level')})::int AS available
       FROM product_variant variant JOIN inventory_level level ON level.variant_id = variant.id
      WHERE variant.product_id = ANY($1::int[]) GROUP BY variant.product_id`,
    [productIds],
  );
}

export function listMovementsById(sql: Sql, ids: readonly number[]): Promise<MovementRow[]> {
  return sql.query(
    `SELECT ${movementColumns} FROM inventory_movement movement WHERE id = ANY($1::bigint[])`,
    [ids],
  );
}

export function listReservationsById(sql: Sql, ids: readonly number[]): Promise<ReservationRow[]> {
  return sql.query(
    `SELECT ${reservationColumns} FROM inventory_reservation reservation WHERE id = ANY($1::int[])`,
    [ids],
  );
}

/** Lines of each reservation, by variant and warehouse. */
export function listReservationLines(
  sql: Sql,
  reservationIds: readonly number[],
): Promise<ReservationLineRow[]> {
  return sql.query(
    `SELECT reservation_id AS "reservationId", variant_id AS "variantId", warehouse_id AS "warehouseId", quantity
       FROM inventory_reservation_line WHERE reservation_id = ANY($1::int[])
      ORDER BY reservation_id, variant_id, warehouse_id`,
    [reservationIds],
  );
}

function byId(table: 'warehouse' | 'level' | 'movement'): PageOrder {
  return { scope: table, column: `${table}.id`, type: 'bigint', idColumn: `${table}.id`, direction: 'ASC' };
}

function addEqual(conditions: Conditions, column: string, id: number | null | undefined): void {
  if (id !== null && id !== undefined) conditions.add(id, (p) => `${column} = ${p}::int`);
}
