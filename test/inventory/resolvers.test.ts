import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { toGlobalId } from '../../src/globalId.ts';
import { expectConsistent, makeStockFixture, type StockFixture } from '../support/stockFixture.ts';
import { makeStockRequests } from '../support/stockRequests.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
});
afterAll(() => database.close());

describe.each(['compiled', 'reference'] as const)('stock over GraphQL, %s executor', (executor) => {
  const send = (query: string, variables?: Readonly<Record<string, unknown>>) =>
    makeStockRequests(database, shop, executor)(query, variables);
  const warehouse = (index: 0 | 1 | 2) => toGlobalId('Warehouse', shop.warehouseIds[index]);
  const variant = (id: number) => toGlobalId('ProductVariant', id);

  it('reads variants, their levels and warehouses with one statement a relation', async () => {
    const variantId = await shop.addVariant([4, 2]);
    await shop.change(variantId, shop.warehouseIds[0], { SAFETY_STOCK: 1 });
    const { sku } = (
      await send(
        'query ($first: Int) { productVariants(first: $first, orderBy: { field: CREATED_AT, direction: DESC }) { nodes { sku } } }',
        { first: 1 },
      )
    ).data.productVariants.nodes[0];
    const { data, errors, statements } = await send(`{ productVariantBySku(sku: "${sku}") { available
      product { available } inventoryLevels { id onHand available safetyStock updatedAt warehouse { name coordinates } } } }`);
    expect(errors).toEqual([]);
    expect(data.productVariantBySku).toEqual({
      available: 5,
      product: { available: 5 },
      inventoryLevels: [
        {
          id: toGlobalId('InventoryLevel', (await shop.levelOf(variantId, shop.warehouseIds[0])).id),
          onHand: 4,
          available: 3,
          safetyStock: 1,
          updatedAt: '2026-03-01T10:00:00.000Z',
          warehouse: { name: 'London', coordinates: [-0.12, 51.5] },
        },
        expect.objectContaining({ onHand: 2, available: 2 }),
      ],
    });
    expect(statements).toBe(6); // variant, available, levels, product, warehouses, the product's available
  });

  it('replays an idempotent mutation and refuses the key with other arguments', async () => {
    const variantId = await shop.addVariant([4]);
    const mutation = `mutation ($key: String!, $input: InventoryAdjustQuantitiesInput!) {
      inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
        inventoryLevels { onHand updatedAt variant { sku } } userErrors { code field message } } }`;
    const input = {
      reason: 'Count',
      changes: [{ variantId: variant(variantId), warehouseId: warehouse(0), delta: -1 }],
    };
    const key = `${executor}-adjust`;
    const first = await send(mutation, { key, input });
    expect(first).toMatchObject({
      errors: [],
      data: { inventoryAdjustQuantities: { inventoryLevels: [{ onHand: 3 }], userErrors: [] } },
    });
    expect((await send(mutation, { key, input })).data).toEqual(first.data);
    const other = await send(mutation, { key, input: { ...input, reason: 'Recount' } });
    expect(other.errors[0]?.originalError).toMatchObject({ code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' });
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ onHand: 3 });
  });

  it('sets, moves, reserves, releases and confirms', async () => {
    const variantId = await shop.addVariant([4]);
    const line = { variantId: variant(variantId), warehouseId: warehouse(0) };
    const set = await send(
      `mutation ($input: InventorySetQuantitiesInput!) { inventorySetQuantities(input: $input) {
        inventoryLevels { onHand } userErrors { code field } } }`,
      { input: { reason: 'Count', quantities: [{ ...line, quantity: 9, compareQuantity: 5 }] } },
    );
    expect(set.data.inventorySetQuantities).toEqual({
      inventoryLevels: null,
      userErrors: [
        { code: 'COMPARE_QUANTITY_STALE', field: ['input', 'quantities', '0', 'compareQuantity'] },
      ],
    });
    const move = {
      variantId: line.variantId,
      fromWarehouseId: warehouse(0),
      toWarehouseId: warehouse(2),
      quantity: 1,
    };
    const moved = await send(
      `mutation ($input: InventoryMoveQuantitiesInput!) { inventoryMoveQuantities(input: $input) {
        inventoryLevels { onHand warehouse { code } } userErrors { code } } }`,
      { input: { reason: 'Balance', moves: [move] } },
    );
    expect(moved.data.inventoryMoveQuantities).toEqual({
      inventoryLevels: [
        { onHand: 3, warehouse: { code: 'LON' } },
        { onHand: 1, warehouse: { code: 'BRE' } },
      ],
      userErrors: [],
    });
    const reserve = `mutation ($input: InventoryReserveInput!) { inventoryReserve(input: $input) {
      reservation { id status expiresAt lines { quantity variant { id } warehouse { id } } } userErrors { code } } }`;
    const held = await send(reserve, { input: { lines: [{ ...line, quantity: 2 }] } });
    const { reservation } = held.data.inventoryReserve;
    expect(reservation).toMatchObject({
      status: 'ACTIVE',
      expiresAt: '2026-03-01T10:15:00.000Z',
      lines: [{ quantity: 2, variant: { id: line.variantId }, warehouse: { id: line.warehouseId } }],
    });
    const confirmed = await send(
      `mutation ($id: ID!) { inventoryReservationConfirm(input: { reservationId: $id }) {
        reservation { status } userErrors { code } } }`,
      { id: reservation.id },
    );
    expect(confirmed.data.inventoryReservationConfirm).toEqual({
      reservation: { status: 'CONFIRMED' },
      userErrors: [],
    });
    const released = await send(
      `mutation ($id: ID!) { inventoryRelease(input: { reservationId: $id }) { reservation { id } userErrors { code } } }`,
      { id: reservation.id },
    );
    expect(released.data.inventoryRelease).toEqual({
      reservation: null,
      userErrors: [{ code: 'NOT_ACTIVE' }],
    });
    await expectConsistent(shop.inventory);
  });

  it('lists levels, the ledger and the proof', async () => {
    const variantId = await shop.addVariant([4, 0, 6]);
    const { data, errors } = await send(
      `query ($variantId: ID!, $warehouseId: ID!) {
        inventoryLevels(filter: { variantIds: [$variantId], available: { gt: 3 } }) { totalCount nodes { onHand variant { id } } }
        inventoryMovements(filter: { variantId: $variantId, warehouseId: $warehouseId, types: [ADJUSTMENT] }) {
          nodes { quantityName type delta balanceAfter reason createdAt variant { id } warehouse { id } } }
        warehouses(first: 1) { nodes { code countryCode salesThrough } pageInfo { hasNextPage } }
        inventoryConsistency { isConsistent checkedLevels differences { proof level { id } } }
      }`,
      { variantId: variant(variantId), warehouseId: warehouse(0) },
    );
    expect(errors).toEqual([]);
    expect(data.inventoryLevels).toMatchObject({ totalCount: 2, nodes: [{ onHand: 4 }, { onHand: 6 }] });
    expect(data.inventoryMovements.nodes).toEqual([
      {
        quantityName: 'ON_HAND',
        type: 'ADJUSTMENT',
        delta: 4,
        balanceAfter: 4,
        reason: 'Opening stock',
        createdAt: '2026-03-01T10:00:00.000Z',
        variant: { id: variant(variantId) },
        warehouse: { id: warehouse(0) },
      },
    ]);
    expect(data.warehouses).toMatchObject({ nodes: [{ code: 'LON', countryCode: 'GB' }] });
    expect(data.inventoryConsistency).toMatchObject({ isConsistent: true, differences: [] });
  });

  it('refuses ids of other things by the path of the argument', async () => {
    const { errors } = await send(
      `mutation ($id: ID!) { inventoryReserve(input: { lines: [{ variantId: $id, warehouseId: $id, quantity: 1 }] }) {
        userErrors { code } } }`,
      { id: warehouse(0) },
    );
    expect(errors[0]?.originalError).toMatchObject({
      code: 'BAD_USER_INPUT',
      field: ['input', 'lines', '0', 'variantId'],
    });
  });
});
