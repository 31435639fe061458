import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { makeSalesFixture, type SalesFixture } from '../support/salesFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;

beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

const rule = { serviceLevel: 0.95, reviewDays: 7 };

async function addSoldVariant(onHand: number): Promise<number> {
  const id = await fixture.stock.addVariant([onHand]);
  const units = Array.from({ length: 180 }, (_, day) => 8 + ((day * 7) % 5));
  await fixture.addSales(id, units, '2026-02-28');
  await fixture.stock.addOffer(fixture.stock.supplierIds[0], id, {
    leadTimeDaysMean: 10,
    minimumOrderQuantity: 30,
    packSize: 12,
  });
  return id;
}

async function generate(variantIds: readonly number[]) {
  const outcome = await fixture.services.replenishment.generateProposals({ ...rule, variantIds });
  if (outcome.kind === 'refused') throw new Error(outcome.userErrors[0]?.message);
  const rows = await fixture.services.replenishment.findProposals(outcome.result.proposalIds);
  return { ...outcome.result, rows: rows.filter((row) => row !== null) };
}

it('proposes what a planner can recompute by hand from the parts', async () => {
  const id = await addSoldVariant(40);
  const { rows } = await generate([id]);
  const [row] = rows;
  const inputs = row?.inputs as Record<string, number>;
  expect(inputs.inventoryPosition).toBe(40);
  const needed = Math.max((row?.orderUpTo ?? 0) - 40, 30);
  expect(row?.quantity).toBe(Math.ceil(needed / 12) * 12);
  expect(row?.safetyStock).toBeCloseTo((row?.reorderPoint ?? 0) - (row?.demandDuringLeadTime.mean ?? 0), 9);
  // About ten units a day over ten days of lead time and a week of review.
  expect(row?.demandDuringLeadTime.mean).toBeGreaterThan(150);
  expect(row?.demandDuringLeadTime.mean).toBeLessThan(190);
  expect(row?.reorderPoint).toBe(row?.demandDuringLeadTime.p95);
  expect(row?.formula).toContain(`${row?.quantity} = order-up-to level`);
});

it('proposes nothing where stock covers lead time and review', async () => {
  const id = await addSoldVariant(1_000);
  expect(await generate([id])).toMatchObject({ proposalIds: [], consideredCount: 1 });
});

it('replaces undecided proposals and keeps decided ones', async () => {
  const id = await addSoldVariant(1);
  const first = await generate([id]);
  const second = await generate([id]);
  expect(await fixture.services.replenishment.findProposals(first.proposalIds)).toEqual([null]);
  const decision = { decision: 'ACCEPT', actor: 'Ada', reason: null } as const;
  await fixture.services.replenishment.decideProposals({ ...decision, proposalIds: second.proposalIds });
  await generate([id]);
  const [kept] = await fixture.services.replenishment.findProposals(second.proposalIds);
  expect(kept).toMatchObject({ status: 'ACCEPTED', actor: 'Ada', decidedAt: fixture.time.now });
});

it('becomes a purchase order when accepted: units count as incoming and nothing more is proposed', async () => {
  const id = await addSoldVariant(1);
  const { proposalIds, rows } = await generate([id]);
  const order = (ids: readonly number[]) =>
    fixture.services.purchasing.createOrder({
      proposalIds: ids,
      supplierId: null,
      warehouseId: null,
      lines: null,
      expectedOn: null,
    });
  const early = await order(proposalIds);
  expect(early).toMatchObject({ kind: 'refused', userErrors: [{ code: 'PROPOSAL_NOT_ACCEPTED' }] });
  await fixture.services.replenishment.decideProposals({
    proposalIds,
    decision: 'ACCEPT',
    actor: 'Ada',
    reason: null,
  });
  expect(await order(proposalIds)).toMatchObject({ kind: 'done' });
  const [applied] = await fixture.services.replenishment.findProposals(proposalIds);
  expect(applied?.status).toBe('APPLIED');
  expect(applied?.purchaseOrderId).toBeGreaterThan(0);
  const level = await fixture.stock.levelOf(id, fixture.stock.warehouseIds[0]);
  expect(level.incoming).toBe(rows[0]?.quantity);
  expect((await generate([id])).proposalIds).toEqual([]);
  expect((await fixture.services.inventory.checkConsistency()).isConsistent).toBe(true);
});

it('decides all proposals or none', async () => {
  const { proposalIds } = await generate([await addSoldVariant(1)]);
  const decide = (ids: readonly number[], reason: string | null) =>
    fixture.services.replenishment.decideProposals({
      proposalIds: ids,
      decision: 'REJECT',
      actor: 'Ada',
      reason,
    });
  expect(await decide([...proposalIds, 999_999], 'No budget')).toEqual({
    kind: 'refused',
    userErrors: [
      {
        code: 'NOT_FOUND',
        field: ['input', 'proposalIds', '1'],
        message: 'input.proposalIds.1 must be a stored proposal, got an unknown one.',
      },
    ],
  });
  await expect(decide(proposalIds, 'No\0budget')).rejects.toThrow(
    'input.reason must not contain the character U+0000.',
  );
  await expect(decide(proposalIds, 'x'.repeat(501))).rejects.toThrow(
    'input.reason must have at most 500 characters, got 501.',
  );
  expect(await decide(proposalIds, null)).toMatchObject({
    userErrors: [{ code: 'BLANK_REASON', message: 'input.reason must be given to reject, got none.' }],
  });
  expect(await decide(proposalIds, 'No budget')).toMatchObject({ kind: 'done' });
  expect(await decide(proposalIds, 'Again')).toMatchObject({
    userErrors: [
      { code: 'NOT_PROPOSED', message: 'input.proposalIds.0 must be in state PROPOSED, got REJECTED.' },
    ],
  });
});

it('assumes terms, and says so, where no supplier offers the variant', async () => {
  const id = await fixture.stock.addVariant([5]);
  await fixture.addSales(id, Array(180).fill(10), '2026-02-28');
  const { replenishment, inventory, forecasting } = fixture.services;
  const [levels] = await inventory.listLevelsOfVariants([id]);
  const [forecast] = await forecasting.forecastVariants([id], 'DAILY', () => undefined);
  const situation = replenishment.toSituation([], levels, forecast);
  const [order] = await replenishment.calculateReorders([situation], rule);
  expect(order).toMatchObject({
    offer: null,
    leadTimeDays: 14,
    inputs: { areTermsAssumed: true, packSize: 1 },
  });
  expect(order?.formula).toMatch(
    /No supplier offers it: a lead time of 14 days, no minimum and no packs are assumed\.$/,
  );
  // 21 days of ten units each, less the five on the shelf.
  expect(order?.quantity).toBeGreaterThan(190);
  expect(order?.quantity).toBeLessThan(240);
  expect(await generate([id])).toMatchObject({ proposalIds: [], consideredCount: 0 });
});
