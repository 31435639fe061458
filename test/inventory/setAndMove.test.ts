import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import {
  errorsOf,
  expectConsistent,
  makeStockFixture,
  resultOf,
  type StockFixture,
} from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

const document = { reason: 'Count', referenceDocumentUri: 'gid://shop/Count/1' };
const unknownId = 999_999;

let database: Database;
let shop: StockFixture;
let london: number;
let leeds: number;
beforeAll(async () => {
  database = await openTestDatabase();
  shop = await makeStockFixture(database);
  [london, leeds] = shop.warehouseIds;
});
afterAll(() => database.close());

async function ledgerOf(variantId: number) {
  const { nodes } = await shop.inventory.listMovements({ variantId }, { last: 100 });
  return nodes;
}

describe('inventorySetQuantities', () => {
  const setLevel = (line: { variantId: number; quantity: number; compareQuantity: number | null }) =>
    shop.inventory.setQuantities({
      ...document,
      name: 'ON_HAND',
      ignoreCompareQuantity: false,
      quantities: [{ warehouseId: london, ...line }],
    });

  it('sets a quantity that is still the one compared with', async () => {
    const variantId = await shop.addVariant([7]);
    expect(resultOf(await setLevel({ variantId, quantity: 4, compareQuantity: 7 }))).toMatchObject([
      { onHand: 4 },
    ]);
    expect((await ledgerOf(variantId)).at(-1)).toMatchObject({ delta: -3, balanceAfter: 4 });
    resultOf(await setLevel({ variantId, quantity: 4, compareQuantity: 4 }));
    expect(await ledgerOf(variantId)).toHaveLength(2); // what is there already is no entry
    await expectConsistent(shop.inventory);
  });

  it('refuses a stale or missing comparison, a level named twice and values out of range', async () => {
    const variantId = await shop.addVariant([7]);
    expect(errorsOf(await setLevel({ variantId, quantity: 4, compareQuantity: 6 }))).toEqual([
      {
        code: 'COMPARE_QUANTITY_STALE',
        field: ['input', 'quantities', '0', 'compareQuantity'],
        message: 'input.quantities.0.compareQuantity must be the present quantity 7, got 6.',
      },
    ]);
    const line = { variantId, warehouseId: london, quantity: -1, compareQuantity: null };
    const input = { ...document, name: 'ON_HAND' as const, quantities: [line, line] };
    const errors = errorsOf(await shop.inventory.setQuantities({ ...input, ignoreCompareQuantity: false }));
    expect(errors.map(({ message }) => message)).toEqual([
      'input.quantities.0.quantity must be 0 to 100,000,000, got −1.',
      'input.quantities.0.compareQuantity must be given unless ignoreCompareQuantity is true, got null.',
      'input.quantities.1.quantity must be 0 to 100,000,000, got −1.',
      'input.quantities.1.compareQuantity must be given unless ignoreCompareQuantity is true, got null.',
      'input.quantities.1 must name a level of its own, got that of input.quantities.0.',
    ]);
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 7 });
  });

  it('sets without comparing where asked to, but not below what is held', async () => {
    const variantId = await shop.addVariant([7]);
    await shop.change(variantId, london, { COMMITTED: 5 });
    const set = (quantity: number) =>
      shop.inventory.setQuantities({
        ...document,
        name: 'ON_HAND',
        ignoreCompareQuantity: true,
        quantities: [{ variantId, warehouseId: london, quantity, compareQuantity: null }],
      });
    expect(resultOf(await set(5))).toMatchObject([{ onHand: 5 }]);
    expect(errorsOf(await set(4))).toMatchObject([
      { code: 'NEGATIVE_RESULT', field: ['input', 'quantities', '0', 'quantity'] },
    ]);
  });
});

describe('inventoryMoveQuantities', () => {
  const move = (variantId: number, ...moves: readonly [number, number, number][]) =>
    shop.inventory.moveQuantities({
      ...document,
      moves: moves.map(([fromWarehouseId, toWarehouseId, quantity]) => ({
        variantId,
        fromWarehouseId,
        toWarehouseId,
        quantity,
      })),
    });

  it('takes units from one warehouse and puts them into another, safety stock included', async () => {
    const variantId = await shop.addVariant([10]);
    await shop.change(variantId, london, { SAFETY_STOCK: 9 });
    expect(resultOf(await move(variantId, [london, leeds, 4], [london, leeds, 6]))).toMatchObject([
      { warehouseId: london, onHand: 0 },
      { warehouseId: leeds, onHand: 10 },
    ]);
    expect((await ledgerOf(variantId)).slice(2)).toMatchObject([
      { type: 'TRANSFER_OUT', warehouseId: london, delta: -10, balanceAfter: 0 },
      { type: 'TRANSFER_IN', warehouseId: leeds, delta: 10, balanceAfter: 10 },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('refuses to move units that are held or arrive with the same request', async () => {
    const variantId = await shop.addVariant([10, 1]);
    await shop.change(variantId, london, { COMMITTED: 2, DAMAGED: 1 });
    expect(errorsOf(await move(variantId, [london, leeds, 4], [london, leeds, 4]))).toEqual([
      {
        code: 'INSUFFICIENT_STOCK',
        field: ['input', 'moves', '0', 'quantity'],
        message: 'input.moves.0.quantity must be at most the 7 units free in the origin, got 8 in all.',
      },
    ]);
    const bremen = shop.warehouseIds[2];
    expect(errorsOf(await move(variantId, [london, leeds, 2], [leeds, bremen, 3]))).toMatchObject([
      { code: 'INSUFFICIENT_STOCK', field: ['input', 'moves', '1', 'quantity'] },
    ]);
    expect((await shop.inventory.listLevelsOfVariants([variantId]))[0]).toHaveLength(2);
  });

  it('refuses a move within one warehouse, of nothing, and beyond what a level may have', async () => {
    const variantId = await shop.addVariant([1_000_000, 99_999_999]);
    expect(errorsOf(await move(variantId, [london, london, 0])).map(({ message }) => message)).toEqual([
      'input.moves.0.quantity must be 1 to 1,000,000, got 0.',
      'input.moves.0.toWarehouseId must be another warehouse than fromWarehouseId, got the same.',
    ]);
    expect(errorsOf(await move(variantId, [london, leeds, 2]))).toMatchObject([
      {
        code: 'INVALID_QUANTITY',
        message: 'input.moves.0.quantity must leave ON_HAND at 100,000,000 or less, got 100,000,001.',
      },
    ]);
    expect(errorsOf(await move(unknownId, [london, leeds, 2]))).toHaveLength(1);
  });
});
