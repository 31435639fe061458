import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { errorsOf, expectConsistent, resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { type ComplaintsFixture, makeComplaintsFixture } from './support/complaintsFixture.ts';
import { makeRecommended, type Recommended, stepOf } from './support/recommended.ts';

let database: Database;
let fixture: ComplaintsFixture;
let recommended: Recommended;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
  recommended = makeRecommended(fixture);
});
afterAll(() => database.close());

const find = async (id: number) => (await fixture.complaints.findComplaints([id]))[0];
const actionOf = async (recommendationId: number) =>
  (await fixture.complaints.findActions([recommendationId]))[0];
const field = 'input.recommendationId';
const broken = 'It arrived broken.';
const refundWanted = 'I want my money back.';

describe('a refund', () => {
  it('is proposed with what it rests on, granted once and taken back', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const salesOrderNumber = await addOrder(await shop.addVariant([5]));
    const complaintId = await submit({ text: refundWanted, salesOrderNumber });
    const proposed = await recommended.newestOf(complaintId);
    expect(proposed).toMatchObject({
      status: 'PROPOSED',
      action: 'REFUND',
      rule: 'REFUND_WITHIN_WINDOW',
      explanation:
        "It was sent 9 days after the order, of 30 allowed; the line's price not yet refunded is 20 GBP.",
      terms: { amount: '20.0000', currencyCode: 'GBP', quantity: 2 },
      facts: { intent: 'get_refund', confidence: 0.9, intentAccept: 0.8, orderAgeDays: 9, orderQuantity: 2 },
      modelName: 'words',
      modelVersion: '1',
      createdAt: shop.time.now,
      actor: null,
    });
    expect(proposed.inputHash).toMatch(/^[0-9a-f]{64}$/);
    const id = await recommended.carryOut(complaintId);
    expect(await actionOf(id)).toMatchObject({ kind: 'REFUND', amount: '20.0000', cancelledAt: null });
    const second = await submit({ text: refundWanted, salesOrderNumber });
    expect(await recommended.newestOf(second)).toMatchObject({ action: 'HUMAN', rule: 'REFUNDED_BEFORE' });
    expect(resultOf(await recommendations.revert(stepOf(id, { reason: 'A mistake.' })))).toBe(id);
    expect(await actionOf(id)).toMatchObject({ kind: 'REFUND', cancelledAt: shop.time.now });
    expect(await recommendations.listEvents([id])).toEqual([
      ['ACCEPTED', 'APPLIED', 'REVERTED'].map((status) => expect.objectContaining({ status, actor: 'Ada' })),
    ]);
    expect(await recommended.newestOf(complaintId)).toMatchObject({
      status: 'REVERTED',
      reason: 'A mistake.',
    });
  });

  it('of one order line is granted to one of two complaints, and the other hears why', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const salesOrderNumber = await addOrder(await shop.addVariant());
    const [one, two] = [
      await submit({ text: refundWanted, salesOrderNumber }),
      await submit({ text: refundWanted, salesOrderNumber }),
    ];
    const { id } = await recommended.newestOf(two);
    resultOf(await recommendations.accept(stepOf(id)));
    await recommended.carryOut(one);
    expect(errorsOf(await recommendations.apply(stepOf(id)))).toEqual([
      {
        code: 'STALE',
        field: ['input', 'recommendationId'],
        message: `${field} must be what the facts still lead to, got one whose facts lead to HUMAN now: This order line was refunded.`,
      },
    ]);
    expect(await recommended.newestOf(two)).toMatchObject({ status: 'ACCEPTED' });
    expect(await actionOf(id)).toBeNull();
  });

  it('of one order line is granted to one of two who grant it at the same moment', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const salesOrderNumber = await addOrder(await shop.addVariant());
    const ids: number[] = [];
    for (let count = 0; count < 2; count += 1) {
      const { id } = await recommended.newestOf(await submit({ text: refundWanted, salesOrderNumber }));
      ids.push(resultOf(await recommendations.accept(stepOf(id))));
    }
    const outcomes = await Promise.all(ids.map((id) => recommendations.apply(stepOf(id))));
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    const granted = await database.sql.query(
      `SELECT sum(amount) AS amount FROM complaint_action action
         JOIN sales_order_line line ON line.id = action.sales_order_line_id
         JOIN sales_order orders ON orders.id = line.order_id WHERE orders.number = $1`,
      [salesOrderNumber],
    );
    expect(granted).toEqual([{ amount: '20.0000' }]);
  });

  it('above the limit of one person is carried out by another than who accepted it', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const salesOrderNumber = await addOrder(await shop.addVariant(), { unitPrice: '50.01' });
    const { id, needsSecondPerson } = await recommended.newestOf(
      await submit({ text: refundWanted, salesOrderNumber }),
    );
    expect(needsSecondPerson).toBe(true);
    resultOf(await recommendations.accept(stepOf(id)));
    expect(errorsOf(await recommendations.apply(stepOf(id, { actor: ' ada ' })))).toEqual([
      {
        code: 'SECOND_PERSON_REQUIRED',
        field: ['input', 'actor'],
        message: "input.actor must be another person than the one who accepted it, got 'ada' for both.",
      },
    ]);
    expect(resultOf(await recommendations.apply(stepOf(id, { actor: 'Bo' })))).toBe(id);
  });

  it('is not proposed where an order number fits two orders or two variants', async () => {
    const { addOrder, shop, submit } = fixture;
    const [first, second] = [await shop.addVariant(), await shop.addVariant()];
    const salesOrderNumber = await addOrder(first);
    await addOrder(second, { number: salesOrderNumber });
    const either = await submit({ text: refundWanted, salesOrderNumber });
    expect(await recommended.newestOf(either)).toMatchObject({ action: 'HUMAN', rule: 'ORDER_LINE_UNKNOWN' });
    const named = await submit({ text: refundWanted, salesOrderNumber, variantId: second });
    expect(await recommended.newestOf(named)).toMatchObject({
      action: 'REFUND',
      terms: { variantId: second },
    });
  });
});

describe('a replacement', () => {
  it('holds its units by the ledger, and gives them back when it is reverted', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const variantId = await shop.addVariant([1, 6]);
    const complaintId = await submit({ text: broken, salesOrderNumber: await addOrder(variantId) });
    expect(await recommended.newestOf(complaintId)).toMatchObject({
      action: 'REPLACEMENT',
      terms: { warehouseId: shop.warehouseIds[1], quantity: 2 }, // the first warehouse has too few
    });
    const id = await recommended.carryOut(complaintId);
    const { reservationId } = (await actionOf(id)) ?? {};
    expect(await shop.inventory.findReservations([reservationId ?? 0])).toMatchObject([
      { status: 'ACTIVE', referenceDocumentUri: `gid://supplygraph/Complaint/${complaintId}` },
    ]);
    expect((await shop.levelOf(variantId, shop.warehouseIds[1])).reserved).toBe(2);
    await expectConsistent(shop.inventory);
    resultOf(await recommendations.revert(stepOf(id)));
    expect(await shop.levelOf(variantId, shop.warehouseIds[1])).toMatchObject({ reserved: 0, onHand: 6 });
    await expectConsistent(shop.inventory);
    const movements = await database.sql.query(
      `SELECT type, delta FROM inventory_movement WHERE variant_id = $1 AND quantity_name = 'RESERVED' ORDER BY id`,
      [variantId],
    );
    expect(movements).toEqual([
      { type: 'RESERVATION', delta: 2 },
      { type: 'RELEASE', delta: -2 },
    ]);
  });

  it('is refused once the stock has gone, and nothing is held', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const variantId = await shop.addVariant([2]);
    const complaintId = await submit({ text: broken, salesOrderNumber: await addOrder(variantId) });
    const { id } = await recommended.newestOf(complaintId);
    resultOf(await recommendations.accept(stepOf(id)));
    await shop.change(variantId, shop.warehouseIds[0], { ON_HAND: -1 });
    const [error] = errorsOf(await recommendations.apply(stepOf(id)));
    expect(error?.code).toBe('STALE');
    expect(error?.message).toContain('got one whose facts lead to REFUND now: ');
    expect((await shop.levelOf(variantId, shop.warehouseIds[0])).reserved).toBe(0);
    // A change of the complaint proposes what the facts lead to now, beside the accepted one that no longer holds.
    resultOf(await fixture.complaints.changeComplaint({ complaintId, carrier: 'Swift' }));
    expect((await recommended.listOf(complaintId)).map(({ action, status }) => [action, status])).toEqual([
      ['REFUND', 'PROPOSED'],
      ['REPLACEMENT', 'ACCEPTED'],
    ]);
    await recommended.carryOut(complaintId);
    await shop.change(variantId, shop.warehouseIds[0], { ON_HAND: 5 });
    expect(errorsOf(await recommendations.apply(stepOf(id)))).toMatchObject([{ code: 'TOPIC_TAKEN' }]);
  });

  it('that was sent cannot be reverted; one whose hold has run out can', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const variantId = await shop.addVariant([9]);
    const salesOrderNumber = await addOrder(variantId);
    const sent = await recommended.carryOut(await submit({ text: broken, salesOrderNumber }));
    const { reservationId } = (await actionOf(sent)) ?? {};
    resultOf(await shop.inventory.confirm({ reservationId: reservationId ?? 0, reason: 'Sent' }));
    expect(errorsOf(await recommendations.revert(stepOf(sent)))).toEqual([
      {
        code: 'NOT_REVERTIBLE',
        field: ['input', 'recommendationId'],
        message: `${field} must be about units that have not been sent, got a replacement whose reservation is CONFIRMED.`,
      },
    ]);
    expect(await actionOf(sent)).toMatchObject({ cancelledAt: null });
    const other = await submit({ text: broken, salesOrderNumber: await addOrder(variantId) });
    const held = await recommended.carryOut(other);
    const { now } = shop.time;
    shop.time.now = new Date(now.getTime() + 8 * 86_400_000);
    await shop.inventory.expireReservations(shop.time.now);
    resultOf(await recommendations.revert(stepOf(held)));
    shop.time.now = now;
    expect(await shop.levelOf(variantId, shop.warehouseIds[0])).toMatchObject({ reserved: 0, onHand: 7 });
    await expectConsistent(shop.inventory);
  });
});

describe('what else is proposed', () => {
  it('hurries a shipment once, and again after that was reverted', async () => {
    const { submit, recommendations } = fixture;
    const given = { text: 'It is late.', shipmentReference: 'S-7' };
    const id = await recommended.carryOut(await submit(given));
    expect(await actionOf(id)).toMatchObject({ kind: 'EXPEDITE', shipmentReference: 'S-7' });
    expect(await recommended.newestOf(await submit(given))).toMatchObject({ rule: 'NOTHING_TO_HURRY' });
    resultOf(await recommendations.revert(stepOf(id)));
    expect(await recommended.newestOf(await submit(given))).toMatchObject({ action: 'EXPEDITE' });
  });

  it('hurries the purchase order that brings what is out of stock, and not after that was reverted', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const variantId = await shop.addVariant([0]);
    const [supplierId, warehouseId] = [shop.supplierIds[0], shop.warehouseIds[0]];
    await shop.addOffer(supplierId, variantId);
    const order = { supplierId, warehouseId, proposalIds: null, expectedOn: '2026-03-20' };
    const { id: orderId } = resultOf(
      await shop.purchasing.createOrder({ ...order, lines: [{ variantId, quantity: 9 }] }),
    );
    const complaintId = await submit({ text: 'It is late.', salesOrderNumber: await addOrder(variantId) });
    expect(await recommended.newestOf(complaintId)).toMatchObject({
      rule: 'SUPPLY_LATE',
      facts: { purchaseOrderId: orderId, expectedOn: '2026-03-20' },
    });
    const id = await recommended.carryOut(complaintId);
    expect(await shop.purchasing.findPurchaseOrders([orderId])).toMatchObject([
      { expeditedAt: shop.time.now },
    ]);
    resultOf(await recommendations.revert(stepOf(id)));
    expect(await shop.purchasing.findPurchaseOrders([orderId])).toMatchObject([{ expeditedAt: null }]);
  });

  it('is a claim on the supplier beside the customer’s remedy once five complain', async () => {
    const { addOrder, shop, submit } = fixture;
    const variantId = await shop.addVariant([50]);
    await shop.addOffer(shop.supplierIds[0], variantId, { unitCost: '2.50' });
    const ids: number[] = [];
    for (let count = 0; count < 5; count += 1)
      ids.push(await submit({ text: broken, variantId, salesOrderNumber: await addOrder(variantId) }));
    expect(await recommended.listOf(ids[3] ?? 0)).toHaveLength(1);
    const [claim, remedy] = [...(await recommended.listOf(ids[4] ?? 0))].sort((a, b) =>
      b.topic.localeCompare(a.topic),
    );
    expect(remedy).toMatchObject({ action: 'REPLACEMENT', topic: 'CUSTOMER' });
    expect(claim).toMatchObject({
      action: 'SUPPLIER_CLAIM',
      terms: { supplierId: shop.supplierIds[0], quantity: 2, amount: '5.0000', currencyCode: 'GBP' },
    });
    for (const each of [claim, remedy]) {
      resultOf(await fixture.recommendations.accept(stepOf(each?.id ?? 0)));
      resultOf(await fixture.recommendations.apply(stepOf(each?.id ?? 0)));
    }
    expect(await actionOf(claim?.id ?? 0)).toMatchObject({ kind: 'SUPPLIER_CLAIM', amount: '5.0000' });
  });

  it('is a recount where three customers miss what their warehouse has, once', async () => {
    const { shop, submit } = fixture;
    const given = {
      text: 'It is late.',
      variantId: await shop.addVariant([4]),
      warehouseId: shop.warehouseIds[0],
    };
    await submit(given);
    await submit(given);
    const third = await submit(given);
    const recount = (await recommended.listOf(third)).find(({ action }) => action === 'RECOUNT');
    expect(recount).toMatchObject({ topic: 'SUPPLY', terms: { warehouseId: shop.warehouseIds[0] } });
    resultOf(await fixture.recommendations.accept(stepOf(recount?.id ?? 0)));
    resultOf(await fixture.recommendations.apply(stepOf(recount?.id ?? 0)));
    expect((await recommended.listOf(await submit(given))).map(({ action }) => action)).toEqual(['HUMAN']);
  });

  it('is a person below the acceptance of the model’s card: handed over, and back', async () => {
    const { submit, recommendations } = fixture;
    const complaintId = await submit({ text: 'Where is it?' });
    expect(await recommended.newestOf(complaintId)).toMatchObject({
      action: 'HUMAN',
      rule: 'LOW_CONFIDENCE',
      explanation: 'The confidence 0.600 is below 0.800, from which the intent is accepted.',
    });
    const id = await recommended.carryOut(complaintId);
    expect(await find(complaintId)).toMatchObject({ status: 'IN_PROGRESS', assignee: 'care' });
    resultOf(await recommendations.revert(stepOf(id)));
    expect(await find(complaintId)).toMatchObject({ status: 'OPEN', assignee: null });
  });
});
