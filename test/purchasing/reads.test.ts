import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { type StatementCount, withStatementCount } from '../../src/database/statementMeter.ts';
import { expectedDay } from '../../src/purchasing/expectedDay.ts';
import { makePurchasingLoaders } from '../../src/purchasing/loaders.ts';
import { makeStockFixture, resultOf, type StockFixture } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
const orderIds: number[] = [];
const variantIds: number[] = [];
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  for (let made = 0; made < 4; made += 1) {
    const supplierId = shop.supplierIds[made % 2 === 0 ? 0 : 1];
    const variantId = await shop.addVariant();
    await shop.addOffer(supplierId, variantId, { unitCost: '3' });
    await shop.addOffer(shop.supplierIds[made % 2 === 0 ? 1 : 0], variantId, {
      unitCost: '2',
      isPreferred: made === 3,
    });
    shop.time.now = new Date(Date.UTC(2026, 2, 10 - made));
    const input = { supplierId, warehouseId: shop.warehouseIds[0], proposalIds: null, expectedOn: null };
    const order = resultOf(
      await shop.purchasing.createOrder({ ...input, lines: [{ variantId, quantity: made + 1 }] }),
    );
    orderIds.push(order.id);
    variantIds.push(variantId);
  }
});
afterAll(() => database.close());

describe('purchasing loaders', () => {
  it('read offers, lines and totals of many keys with one statement each', async () => {
    const loaders = makePurchasingLoaders(shop.purchasing);
    const count: StatementCount = { statements: 0 };
    const [offers, lines, totals] = await withStatementCount(count, () =>
      Promise.all([
        Promise.all(variantIds.map((id) => loaders.offersByVariant.load(id))),
        Promise.all(orderIds.map((id) => loaders.linesByOrder.load(id))),
        Promise.all(orderIds.map((id) => loaders.totalCostByOrder.load(id))),
      ]),
    );
    expect(count.statements).toBe(3);
    expect(offers[0]?.map((offer) => offer.unitCost)).toEqual(['2.0000', '3.0000']);
    expect(lines[1]).toMatchObject([{ quantity: 2, receivedQuantity: 0 }]);
    expect(totals).toEqual(['3.0000', '6.0000', '9.0000', '12.0000']);
  });

  it('put the preferred offer first, then the cheapest', async () => {
    const preferred = await shop.addVariant();
    await shop.addOffer(shop.supplierIds[0], preferred, { unitCost: '9', isPreferred: true });
    await shop.addOffer(shop.supplierIds[1], preferred, { unitCost: '1' });
    const [offers] = await shop.purchasing.listOffersOfVariants([preferred]);
    expect(offers?.map((offer) => offer.unitCost)).toEqual(['9.0000', '1.0000']);
  });

  it('answer null for the unknown', async () => {
    expect(await shop.purchasing.findSuppliers([999_999, shop.supplierIds[1]])).toMatchObject([
      null,
      { code: 'BOLT', countryCode: null },
    ]);
    expect(await shop.purchasing.findOffers([999_999])).toEqual([null]);
    expect(await shop.purchasing.findPurchaseOrders([999_999])).toEqual([null]);
    expect(await shop.purchasing.sumCostOfOrders([999_999])).toEqual(['0']);
  });
});

describe('purchase order lists', () => {
  it('filter by state, supplier, warehouse and time', async () => {
    await shop.purchasing.cancelOrder({ purchaseOrderId: orderIds[0] ?? 0, reason: 'Gone' });
    const list = async (filter: Parameters<typeof shop.purchasing.listPurchaseOrders>[0]) => {
      const { nodes } = await shop.purchasing.listPurchaseOrders(
        filter,
        { field: 'ID', direction: 'ASC' },
        {},
      );
      return nodes.map((order) => orderIds.indexOf(order.id));
    };
    expect(await list({ statuses: ['CANCELLED', 'CANCELLED'] })).toEqual([0]);
    expect(await list({ statuses: [] })).toEqual([]);
    expect(await list({ supplierId: shop.supplierIds[1] })).toEqual([1, 3]);
    expect(await list({ warehouseId: shop.warehouseIds[1] })).toEqual([]);
    const orderedAt = { after: new Date('2026-03-08T00:00:00Z'), before: new Date('2026-03-10T00:00:00Z') };
    expect(await list({ orderedAt })).toEqual([1, 2]);
  });

  it('order by time and page by cursor', async () => {
    const order = { field: 'ORDERED_AT', direction: 'DESC' } as const;
    const first = await shop.purchasing.listPurchaseOrders({}, order, { first: 3 });
    const rest = await shop.purchasing.listPurchaseOrders({}, order, { after: first.pageInfo.endCursor });
    expect([...first.nodes, ...rest.nodes].map((row) => row.id)).toEqual(orderIds);
    expect(await first.countRows()).toBe(4);
  });

  it('list suppliers by id', async () => {
    const { nodes } = await shop.purchasing.listSuppliers({ first: 1 });
    expect(nodes).toMatchObject([{ code: 'ACME', name: 'Acme', countryCode: 'GB' }]);
  });
});

describe('expectedDay', () => {
  it('is the day on which the slowest line arrives, part days rounded up', () => {
    const orderedAt = new Date('2026-02-27T22:30:00Z');
    expect(expectedDay(orderedAt, [1, 2.1])).toBe('2026-03-02');
    expect(expectedDay(orderedAt, [0])).toBe('2026-02-27');
  });
});
