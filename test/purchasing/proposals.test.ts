import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { proposalOrders } from '../../src/replenishment/proposalOrders.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let shop: StockFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
});
afterAll(() => database.close());

type Proposal = {
  status?: string;
  quantity?: number;
  warehouseId?: number;
  supplierId?: number;
  packSize?: number;
};

async function propose(proposal: Proposal = {}): Promise<{ id: number; variantId: number }> {
  const variantId = await shop.addVariant();
  const { packSize = 1 } = proposal;
  const offerId = await shop.addOffer(proposal.supplierId ?? shop.supplierIds[0], variantId, { packSize });
  const [row] = await database.sql.query<{ id: number }>(
    `INSERT INTO reorder_proposal (variant_id, warehouse_id, supplier_offer_id, status, quantity, reorder_point,
       order_up_to, safety_stock, lead_time_days, service_level, demand_during_lead_time, formula, inputs, input_hash,
       model_name, model_version)
     VALUES ($1, $2, $3, $4::text::recommendation_status, $5, 1, 2, 1, 4, 0.95, '{}', '', '{}', '', 'm', '1')
     RETURNING id`,
    [
      variantId,
      proposal.warehouseId ?? shop.warehouseIds[0],
      offerId,
      proposal.status ?? 'ACCEPTED',
      proposal.quantity ?? 12,
    ],
  );
  return { id: row?.id ?? 0, variantId };
}

function order(...proposalIds: number[]) {
  return shop.purchasing.createOrder({
    supplierId: null,
    warehouseId: null,
    lines: null,
    proposalIds,
    expectedOn: null,
  });
}

async function statusesOf(...ids: number[]) {
  return database.sql.query(
    `SELECT status, purchase_order_id AS "orderId" FROM reorder_proposal WHERE id = ANY($1::int[]) ORDER BY id`,
    [ids],
  );
}

describe('purchaseOrderCreate with proposals', () => {
  it('orders accepted proposals of one supplier and warehouse, which become APPLIED', async () => {
    const [first, second] = [await propose(), await propose({ quantity: 5 })];
    const made = resultOf(await order(second.id, first.id, second.id));
    expect(made).toMatchObject({
      supplierId: shop.supplierIds[0],
      warehouseId: shop.warehouseIds[0],
      lines: [
        { variantId: first.variantId, quantity: 12 },
        { variantId: second.variantId, quantity: 5 },
      ],
    });
    expect(await statusesOf(first.id, second.id)).toEqual([
      { status: 'APPLIED', orderId: made.id },
      { status: 'APPLIED', orderId: made.id },
    ]);
    expect(await shop.levelOf(second.variantId, shop.warehouseIds[0])).toMatchObject({ incoming: 5 });
    expect(errorsOf(await order(first.id))).toEqual([
      {
        code: 'PROPOSAL_NOT_ACCEPTED',
        field: ['input', 'proposalIds', '0'],
        message: 'input.proposalIds.0 must be an ACCEPTED proposal, got one that is APPLIED.',
      },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('refuses proposals that are unknown, of several suppliers or warehouses, or against the terms', async () => {
    const accepted = await propose();
    const elsewhere = await propose({ warehouseId: shop.warehouseIds[1] });
    const otherSupplier = await propose({ supplierId: shop.supplierIds[1], status: 'PROPOSED' });
    const errors = errorsOf(await order(accepted.id, elsewhere.id, otherSupplier.id, 999_999));
    expect(errors.map(({ code, field }) => [code, field?.at(-1)])).toEqual([
      ['MIXED_PROPOSALS', '1'],
      ['PROPOSAL_NOT_ACCEPTED', '2'],
      ['MIXED_PROPOSALS', '2'],
      ['NOT_FOUND', '3'],
    ]);
    expect(errors[0]?.message).toBe(
      'input.proposalIds.1 must be for the supplier and the warehouse of the order, got a proposal for others.',
    );
    const odd = await propose({ packSize: 5 });
    expect(errorsOf(await order(odd.id))).toMatchObject([
      { code: 'NOT_A_PACK_MULTIPLE', field: ['input', 'proposalIds', '0'] },
    ]);
    const nothing = await propose({ quantity: 0 });
    expect(errorsOf(await order(nothing.id))).toMatchObject([{ code: 'INVALID_QUANTITY' }]);
    expect(await statusesOf(accepted.id, odd.id)).toMatchObject([
      { status: 'ACCEPTED' },
      { status: 'ACCEPTED' },
    ]);
  });

  it('orders a proposal once in 50 parallel requests', async () => {
    const { id, variantId } = await propose();
    const answers = await Promise.all(Array.from({ length: 50 }, () => order(id)));
    expect(answers.filter((answer) => answer.kind === 'done')).toHaveLength(1);
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ incoming: 12 });
    await expectConsistent(shop.inventory);
  });
});

describe('proposalOrders', () => {
  it('refuses to mark proposals that are not accepted', async () => {
    const { id } = await propose({ status: 'REJECTED' });
    await expect(
      database.sql.transaction((tx) => proposalOrders.markApplied(tx, [id], 1, shop.time.now)),
    ).rejects.toThrow('All 1 locked proposals must become APPLIED, but 0 did.');
  });
});
