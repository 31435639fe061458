import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { makeInventoryLoaders } from '../../src/inventory/loaders.ts';
import { expectConsistent, makeStockFixture, type StockFixture } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
let variantIds: number[];
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  variantIds = [];
  for (let added = 0; added < 12; added += 1) variantIds.push(await shop.addVariant([added, 10, 20]));
});
afterAll(() => database.close());

describe('inventory loaders', () => {
  it('read the levels of many variants with one statement and their warehouses with another', async () => {
    const loaders = makeInventoryLoaders(shop.inventory);
    const count: StatementCount = { statements: 0 };
    const levels = await withStatementCount(count, () =>
      Promise.all(variantIds.map((id) => loaders.levelsByVariant.load(id))),
    );
    const warehouses = await withStatementCount(count, () =>
      Promise.all((levels[3] ?? []).map((level) => loaders.warehouseById.load(level.warehouseId))),
    );
    expect(count.statements).toBe(2);
    expect(levels[3]?.map((level) => level.onHand)).toEqual([3, 10, 20]);
    expect(levels[3]?.map((level) => level.warehouseId)).toEqual(shop.warehouseIds);
    expect(warehouses).toMatchObject([
      { code: 'LON', longitude: -0.12, latitude: 51.5, countryCode: 'GB', salesThrough: null },
      { code: 'LEE' },
      { code: 'BRE' },
    ]);
  });

  it('sum what is available over warehouses and variants, 0 where nothing was ever stocked', async () => {
    const bare = await shop.addVariant();
    const kept = await shop.addVariant([4, 6]);
    await shop.change(kept, shop.warehouseIds[0], { SAFETY_STOCK: 5, COMMITTED: 1 });
    const loaders = makeInventoryLoaders(shop.inventory);
    const [first, second] = await Promise.all([
      loaders.availableByVariant.load(bare),
      loaders.availableByVariant.load(kept),
    ]);
    expect([first, second]).toEqual([0, 4]);
    const [row] = await database.sql.query<{ id: number }>(
      'SELECT product_id AS id FROM product_variant WHERE id = $1',
      [kept],
    );
    expect(await loaders.availableByProduct.load(row?.id ?? 0)).toBe(4);
  });

  it('answer in key order, null for the unknown', async () => {
    const level = await shop.levelOf(variantIds[0] ?? 0, shop.warehouseIds[1]);
    expect(await shop.inventory.findLevels([999_999, level.id])).toEqual([null, level]);
    expect(await shop.inventory.findMovements([999_999])).toEqual([null]);
    expect(await shop.inventory.findReservations([999_999])).toEqual([null]);
    expect(await shop.inventory.findWarehouses([999_999])).toEqual([null]);
  });
});

describe('inventory lists', () => {
  it('page through levels without gaps and count only when asked', async () => {
    const filter = { warehouseId: shop.warehouseIds[2], variantIds };
    const count: StatementCount = { statements: 0 };
    const first = await withStatementCount(count, () => shop.inventory.listLevels(filter, { first: 5 }));
    expect(count.statements).toBe(1);
    const rest = await shop.inventory.listLevels(filter, { first: 100, after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map((level) => level.variantId)).toEqual(variantIds);
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    expect(await first.countRows()).toBe(variantIds.length);
  });

  it('filter levels by what is available', async () => {
    const { nodes } = await shop.inventory.listLevels(
      { variantIds, warehouseId: shop.warehouseIds[0], available: { gte: 3, lt: 6 } },
      {},
    );
    expect(nodes.map((level) => level.onHand)).toEqual([3, 4, 5]);
  });

  it('filter the ledger by type, level and time, latest entry last', async () => {
    const variantId = variantIds[5] ?? 0;
    const move = {
      variantId,
      fromWarehouseId: shop.warehouseIds[1],
      toWarehouseId: shop.warehouseIds[2],
      quantity: 2,
    };
    shop.time.now = new Date('2026-04-01T00:00:00.000Z');
    await shop.inventory.moveQuantities({ reason: 'Move', referenceDocumentUri: null, moves: [move] });
    const typed = await shop.inventory.listMovements(
      { variantId, types: ['TRANSFER_IN', 'TRANSFER_OUT', 'TRANSFER_IN'] },
      {},
    );
    expect(typed.nodes.map((entry) => [entry.type, entry.balanceAfter])).toEqual([
      ['TRANSFER_OUT', 8],
      ['TRANSFER_IN', 22],
    ]);
    const late = await shop.inventory.listMovements(
      { warehouseId: shop.warehouseIds[2], createdAt: { after: shop.time.now } },
      {},
    );
    expect(late.nodes).toHaveLength(1);
  });

  it('list warehouses by id', async () => {
    const { nodes } = await shop.inventory.listWarehouses({ first: 2 });
    expect(nodes.map((warehouse) => warehouse.name)).toEqual(['London', 'Leeds']);
  });
});

describe('inventoryConsistency', () => {
  it('finds what was changed behind the ledger, the reservations and the orders', async () => {
    await expectConsistent(shop.inventory);
    const level = await shop.levelOf(variantIds[11] ?? 0, shop.warehouseIds[0]);
    await database.sql.query('UPDATE inventory_level SET reserved = 2, incoming = 3 WHERE id = $1', [
      level.id,
    ]);
    const { isConsistent, differences, checkedLevels } = await shop.inventory.checkConsistency();
    expect(isConsistent).toBe(false);
    expect(checkedLevels).toBeGreaterThanOrEqual(36);
    expect(differences).toMatchObject([
      { quantityName: 'RESERVED', proof: 'LEDGER', levelQuantity: 2, provenQuantity: 0 },
      { quantityName: 'RESERVED', proof: 'RESERVATIONS', levelQuantity: 2, provenQuantity: 0 },
      { quantityName: 'INCOMING', proof: 'LEDGER', levelQuantity: 3, provenQuantity: 0 },
      { quantityName: 'INCOMING', proof: 'PURCHASE_ORDERS', levelQuantity: 3, provenQuantity: 0 },
    ]);
    expect(differences[0]?.level).toMatchObject({ id: level.id, reserved: 2 });
    await database.sql.query('UPDATE inventory_level SET reserved = 0, incoming = 0 WHERE id = $1', [
      level.id,
    ]);
  });

  it('finds a ledger whose level is gone', async () => {
    const variantId = await shop.addVariant([9]);
    await database.sql.query('DELETE FROM inventory_level WHERE variant_id = $1', [variantId]);
    expect((await shop.inventory.checkConsistency()).differences).toMatchObject([
      {
        level: { id: 0, variantId, onHand: 0 },
        quantityName: 'ON_HAND',
        levelQuantity: 0,
        provenQuantity: 9,
      },
    ]);
    await database.sql.query(
      'INSERT INTO inventory_level (variant_id, warehouse_id, on_hand) VALUES ($1, $2, 9)',
      [variantId, shop.warehouseIds[0]],
    );
    await expectConsistent(shop.inventory);
  });

  it('rests on a ledger that cannot be changed', async () => {
    const refusal = 'inventory_movement is append-only';
    await expect(database.sql.query('UPDATE inventory_movement SET delta = 1')).rejects.toThrow(refusal);
    await expect(database.sql.query('DELETE FROM inventory_movement')).rejects.toThrow(refusal);
  });
});
