import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { toGlobalId } from '../../src/globalId.ts';
import { makeStockFixture, type StockFixture } from '../support/stockFixture.ts';
import { makeStockRequests } from '../support/stockRequests.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
});
afterAll(() => database.close());

it('orders, receives, lists and cancels over GraphQL', async () => {
  const send = makeStockRequests(database, shop, 'compiled');
  const variantId = await shop.addVariant();
  await shop.addOffer(shop.supplierIds[0], variantId, { unitCost: '2.5', packSize: 2 });
  const ids = {
    variantId: toGlobalId('ProductVariant', variantId),
    supplierId: toGlobalId('Supplier', shop.supplierIds[0]),
    warehouseId: toGlobalId('Warehouse', shop.warehouseIds[0]),
  };
  const created = await send(
    `mutation ($variantId: ID!, $supplierId: ID!, $warehouseId: ID!) {
      purchaseOrderCreate(input: { supplierId: $supplierId, warehouseId: $warehouseId,
                                   lines: [{ variantId: $variantId, quantity: 4 }] }) {
        purchaseOrder { id number status expectedOn orderedAt supplier { code } warehouse { code }
          totalCost { amount currencyCode }
          lines { quantity receivedQuantity unitCost { amount } variant { id supplierOffers { packSize supplier { name } } } } }
        userErrors { code } } }`,
    ids,
  );
  expect(created.errors).toEqual([]);
  const order = created.data.purchaseOrderCreate.purchaseOrder;
  expect(order).toMatchObject({
    number: 'PO-000001',
    status: 'OPEN',
    expectedOn: '2026-03-06',
    orderedAt: '2026-03-01T10:00:00.000Z',
    supplier: { code: 'ACME' },
    warehouse: { code: 'LON' },
    totalCost: { amount: '10.00', currencyCode: 'GBP' },
    lines: [
      {
        quantity: 4,
        receivedQuantity: 0,
        unitCost: { amount: '2.50' },
        variant: { id: ids.variantId, supplierOffers: [{ packSize: 2, supplier: { name: 'Acme' } }] },
      },
    ],
  });
  const received = await send(
    `mutation ($id: ID!, $variantId: ID!) {
      purchaseOrderReceive(input: { purchaseOrderId: $id, lines: [{ variantId: $variantId, quantity: 1 }] }) {
        purchaseOrder { status lines { receivedQuantity } } userErrors { code } } }`,
    { id: order.id, variantId: ids.variantId },
  );
  expect(received.data.purchaseOrderReceive).toEqual({
    purchaseOrder: { status: 'PARTIALLY_RECEIVED', lines: [{ receivedQuantity: 1 }] },
    userErrors: [],
  });
  const cancelled = await send(
    `mutation ($id: ID!) { purchaseOrderCancel(input: { purchaseOrderId: $id, reason: "Late" }) {
      purchaseOrder { status } userErrors { code } } }`,
    { id: order.id },
  );
  expect(cancelled.data.purchaseOrderCancel).toEqual({
    purchaseOrder: { status: 'CANCELLED' },
    userErrors: [],
  });
  const listed = await send(
    `query ($supplierId: ID!) {
      purchaseOrders(filter: { statuses: [CANCELLED], supplierId: $supplierId }, orderBy: { field: ORDERED_AT, direction: DESC }) {
        totalCount nodes { id lines { variant { id } } } }
      suppliers { nodes { id code } }
    }`,
    { supplierId: ids.supplierId },
  );
  expect(listed).toMatchObject({
    errors: [],
    data: {
      purchaseOrders: {
        totalCount: 1,
        nodes: [{ id: order.id, lines: [{ variant: { id: ids.variantId } }] }],
      },
      suppliers: { nodes: [{ id: ids.supplierId, code: 'ACME' }, { code: 'BOLT' }] },
    },
  });
});
