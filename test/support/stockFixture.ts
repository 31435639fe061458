import { expect } from 'vitest';
import type { Clock } from '../../src/clock.ts';
import type { Database } from '../../src/database/database.ts';
import type { Sql } from '../../src/database/sql.ts';
import type { QuantityChange } from '../../src/inventory/ledger.ts';
import type { LevelRow } from '../../src/inventory/repository.ts';
import { type InventoryService, makeInventoryService } from '../../src/inventory/service.ts';
import type { Outcome, UserError } from '../../src/mutationOutcome.ts';
import { makePriceRecordsService } from '../../src/pricing/records/service.ts';
import { makePurchasingService, type PurchasingService } from '../../src/purchasing/service.ts';
import { proposalOrders } from '../../src/replenishment/proposalOrders.ts';

/** Terms of an offer; the defaults are 1 unit at least, packs of 1, 2.50 GBP, 4.2 days. */
export type OfferTerms = {
  readonly unitCost?: string;
  readonly currencyCode?: string;
  readonly leadTimeDaysMean?: number;
  readonly minimumOrderQuantity?: number;
  readonly packSize?: number;
  readonly isPreferred?: boolean;
};

/** A small shop with three warehouses and two suppliers; variants are added as tests need them. */
export type StockFixture = {
  readonly inventory: InventoryService;
  readonly purchasing: PurchasingService;
  readonly warehouseIds: readonly [number, number, number];
  readonly supplierIds: readonly [number, number];
  /** The time that the services see; tests move it. */
  readonly time: { now: Date };
  /** Adds a variant with units on hand in the first, second and third warehouse; no level where left out. */
  addVariant(onHand?: readonly number[]): Promise<number>;
  /** Applies changes to a level as another domain would. */
  change(
    variantId: number,
    warehouseId: number,
    units: Partial<Record<QuantityChange['name'], number>>,
  ): Promise<void>;
  addOffer(supplierId: number, variantId: number, terms?: OfferTerms): Promise<number>;
  levelOf(variantId: number, warehouseId: number): Promise<LevelRow>;
  /** Services on the same store behind another way of opening transactions. */
  servicesOn(sql: Sql): { readonly inventory: InventoryService; readonly purchasing: PurchasingService };
};

/** Fills a fresh store with warehouses and suppliers. */
export async function makeStockFixture(database: Database): Promise<StockFixture> {
  const time = { now: new Date('2026-03-01T10:00:00.000Z') };
  const clock: Clock = () => time.now;
  const servicesOn = (sql: Sql) => {
    const inventory = makeInventoryService({ database: { sql }, clock });
    const purchasing = makePurchasingService({
      database: { sql },
      clock,
      inventory,
      proposals: proposalOrders,
      costs: makePriceRecordsService({ database: { sql }, clock }),
    });
    return { inventory, purchasing };
  };
  const { sql } = database;
  const { inventory, purchasing } = servicesOn(sql);
  const warehouseIds = await insertWarehouses(sql);
  let variants = 0;
  const change: StockFixture['change'] = async (variantId, warehouseId, units) => {
    const changes = Object.entries(units).map(([name, delta]) => ({
      variantId,
      warehouseId,
      name: name as QuantityChange['name'], // the keys of `units`
      type: 'ADJUSTMENT' as const,
      delta,
    }));
    const document = { reason: 'Opening stock', referenceDocumentUri: null };
    await sql.transaction((tx) => inventory.applyChanges(tx, changes, document, time.now));
  };
  return {
    inventory,
    purchasing,
    warehouseIds,
    supplierIds: await insertSuppliers(sql),
    time,
    servicesOn,
    change,
    async addVariant(onHand = []) {
      variants += 1;
      const variantId = await insertVariant(sql, `SKU-${variants}`);
      for (const [index, units] of onHand.entries())
        await change(variantId, warehouseIds[index as 0 | 1 | 2], { ON_HAND: units });
      return variantId;
    },
    addOffer: (supplierId, variantId, terms = {}) => insertOffer(sql, supplierId, variantId, terms),
    async levelOf(variantId, warehouseId) {
      const [levels] = await inventory.listLevelsOfVariants([variantId]);
      const level = levels?.find((candidate) => candidate.warehouseId === warehouseId);
      if (level === undefined) throw new Error(`Variant ${variantId} must have a level.`);
      return level;
    },
  };
}

/** The result of an outcome that must be done. */
export function resultOf<Result, Code extends string>(outcome: Outcome<Result, Code>): Result {
  if (outcome.kind === 'refused') throw new Error(`Refused: ${JSON.stringify(outcome.userErrors)}`);
  return outcome.result;
}

/** The errors of an outcome that must be refused. */
export function errorsOf<Result, Code extends string>(
  outcome: Outcome<Result, Code>,
): readonly UserError<Code>[] {
  if (outcome.kind === 'done') throw new Error(`Done: ${JSON.stringify(outcome.result)}`);
  return outcome.userErrors;
}

/** Fails unless ledger, reservations and purchase orders agree with every level. */
export async function expectConsistent(inventory: InventoryService): Promise<void> {
  const { isConsistent, differences } = await inventory.checkConsistency();
  expect({ isConsistent, differences }).toEqual({ isConsistent: true, differences: [] });
}

async function insertWarehouses(sql: Sql): Promise<[number, number, number]> {
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO warehouse (code, name, country_code, longitude, latitude)
     VALUES ('LON', 'London', 'GB', -0.12, 51.5), ('LEE', 'Leeds', 'GB', -1.55, 53.8), ('BRE', 'Bremen', 'DE', 8.8, 53.08)
     RETURNING id`,
  );
  return rows.map((row) => row.id) as [number, number, number]; // three rows above
}

async function insertSuppliers(sql: Sql): Promise<[number, number]> {
  const rows = await sql.query<{ id: number }>(
    `INSERT INTO supplier (code, name, country_code) VALUES ('ACME', 'Acme', 'GB'), ('BOLT', 'Bolt', NULL) RETURNING id`,
  );
  return rows.map((row) => row.id) as [number, number]; // two rows above
}

async function insertVariant(sql: Sql, sku: string): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `WITH product AS (INSERT INTO product (handle, name) VALUES (lower($1), $1) RETURNING id)
     INSERT INTO product_variant (product_id, sku, name, price, list_price, currency_code)
     SELECT product.id, $1, $1, 5, 5, 'GBP' FROM product RETURNING id`,
    [sku],
  );
  return row?.id ?? 0;
}

async function insertOffer(
  sql: Sql,
  supplierId: number,
  variantId: number,
  terms: OfferTerms,
): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `INSERT INTO supplier_offer (supplier_id, variant_id, unit_cost, currency_code, lead_time_days_mean,
                                 minimum_order_quantity, pack_size, is_preferred)
     VALUES ($1, $2, $3::text::numeric, $4, $5, $6, $7, $8) RETURNING id`,
    [
      supplierId,
      variantId,
      terms.unitCost ?? '2.50',
      terms.currencyCode ?? 'GBP',
      terms.leadTimeDaysMean ?? 4.2,
      terms.minimumOrderQuantity ?? 1,
      terms.packSize ?? 1,
      terms.isPreferred ?? false,
    ],
  );
  return row?.id ?? 0;
}
