import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { StatementCount } from '../../src/database/statementMeter.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { toGlobalId } from '../../src/globalId.ts';
import type { AdjustInput } from '../../src/inventory/adjustQuantities.ts';
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

describe('inventoryAdjustQuantities', () => {
  const adjust = (input: Partial<AdjustInput>) =>
    shop.inventory.adjustQuantities({ ...document, name: 'ON_HAND', changes: [], ...input });

  it('adds up the changes of one level and writes one entry of the ledger with its balance', async () => {
    const variantId = await shop.addVariant([3, 4]);
    shop.time.now = new Date('2026-03-02T08:00:00.000Z');
    const levels = resultOf(
      await adjust({
        changes: [
          { variantId, warehouseId: leeds, delta: 6 },
          { variantId, warehouseId: london, delta: -1 },
          { variantId, warehouseId: leeds, delta: -10 },
        ],
      }),
    );
    expect(levels.map(({ warehouseId, onHand }) => [warehouseId, onHand])).toEqual([
      [leeds, 0],
      [london, 2],
    ]);
    expect(levels[0]?.updatedAt).toEqual(shop.time.now);
    expect((await ledgerOf(variantId)).slice(2)).toMatchObject([
      {
        ...document,
        warehouseId: london,
        quantityName: 'ON_HAND',
        type: 'ADJUSTMENT',
        delta: -1,
        balanceAfter: 2,
      },
      { warehouseId: leeds, delta: -4, balanceAfter: 0, createdAt: shop.time.now },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('creates the level of a variant that was never stocked in a warehouse', async () => {
    const variantId = await shop.addVariant();
    const changes = [{ variantId, warehouseId: london, delta: 5 }];
    expect(resultOf(await adjust({ name: 'SAFETY_STOCK', changes }))).toMatchObject([
      { variantId, warehouseId: london, onHand: 0, safetyStock: 5 },
    ]);
    await expectConsistent(shop.inventory);
  });

  it('writes nothing where changes cancel out, and leaves no level behind where it refuses', async () => {
    const variantId = await shop.addVariant([3]);
    const change = { variantId, warehouseId: london, delta: 2 };
    expect(resultOf(await adjust({ changes: [change, { ...change, delta: -2 }] }))).toMatchObject([
      { onHand: 3 },
    ]);
    expect(await ledgerOf(variantId)).toHaveLength(1);
    errorsOf(await adjust({ changes: [{ variantId, warehouseId: leeds, delta: -1 }] }));
    expect((await shop.inventory.listLevelsOfVariants([variantId]))[0]).toHaveLength(1);
  });

  it('refuses everything wrong with an input at once', async () => {
    const variantId = await shop.addVariant([3]);
    const level = { variantId, warehouseId: london };
    const errors = errorsOf(
      await adjust({
        reason: ' ',
        changes: [
          { ...level, delta: 0 },
          { ...level, delta: -1_000_001 },
        ],
      }),
    );
    expect(errors).toEqual([
      {
        code: 'BLANK_REASON',
        field: ['input', 'reason'],
        message: 'input.reason must have 1 to 500 characters that are not blank, got none.',
      },
      {
        code: 'INVALID_QUANTITY',
        field: ['input', 'changes', '0', 'delta'],
        message: 'input.changes.0.delta must be −1,000,000 to 1,000,000 and not 0, got 0.',
      },
      {
        code: 'INVALID_QUANTITY',
        field: ['input', 'changes', '1', 'delta'],
        message: 'input.changes.1.delta must be −1,000,000 to 1,000,000 and not 0, got −1,000,001.',
      },
    ]);
  });

  it('refuses unknown variants and warehouses, each field by name', async () => {
    const variantId = await shop.addVariant();
    const errors = errorsOf(
      await adjust({
        changes: [
          { variantId: unknownId, warehouseId: london, delta: 1 },
          { variantId, warehouseId: unknownId, delta: 1 },
        ],
      }),
    );
    expect(errors).toEqual([
      {
        code: 'NOT_FOUND',
        field: ['input', 'changes', '0', 'variantId'],
        message: `input.changes.0.variantId must be the id of an existing ProductVariant, got '${toGlobalId('ProductVariant', unknownId)}'.`,
      },
      {
        code: 'NOT_FOUND',
        field: ['input', 'changes', '1', 'warehouseId'],
        message: `input.changes.1.warehouseId must be the id of an existing Warehouse, got '${toGlobalId('Warehouse', unknownId)}'.`,
      },
    ]);
  });

  it('keeps quantities at 0 or more, on hand above what is held, and below the maximum', async () => {
    const variantId = await shop.addVariant([10]);
    await shop.change(variantId, london, { COMMITTED: 2, DAMAGED: 3 });
    const level = { variantId, warehouseId: london };
    const refusalOf = async (input: Partial<AdjustInput>) => errorsOf(await adjust(input))[0];
    expect(await refusalOf({ name: 'COMMITTED', changes: [{ ...level, delta: -3 }] })).toEqual({
      code: 'NEGATIVE_RESULT',
      field: ['input', 'changes', '0', 'delta'],
      message: 'input.changes.0.delta must leave COMMITTED at 0 or more, got −1.',
    });
    expect(await refusalOf({ changes: [{ ...level, delta: -6 }] })).toMatchObject({
      code: 'NEGATIVE_RESULT',
      message: 'input.changes.0.delta must leave on hand the 5 units committed, reserved or damaged, got 4.',
    });
    const million = { ...level, delta: 1_000_000 };
    expect(await refusalOf({ changes: Array.from({ length: 100 }, () => million) })).toMatchObject({
      code: 'INVALID_QUANTITY',
      message: 'input.changes.0.delta must leave ON_HAND at 100,000,000 or less, got 100,000,010.',
    });
    expect(await shop.levelOf(variantId, london)).toMatchObject({ onHand: 10, committed: 2, damaged: 3 });
  });

  it('refuses too many changes, and throws for what no code describes', async () => {
    const change = { variantId: unknownId, warehouseId: london, delta: 1 };
    expect(errorsOf(await adjust({ changes: Array.from({ length: 251 }, () => change) }))).toEqual([
      {
        code: 'TOO_MANY_LINES',
        field: ['input', 'changes'],
        message: 'input.changes must have 1 to 250 entries, got 251.',
      },
    ]);
    await expect(adjust({ changes: [] })).rejects.toThrow('input.changes must have 1 to 250 entries, got 0.');
    await expect(adjust({ changes: [change], reason: 'x'.repeat(501) })).rejects.toThrow(
      'input.reason must have at most 500 characters, got 501.',
    );
    await expect(adjust({ changes: [change], referenceDocumentUri: 'x'.repeat(501) })).rejects.toThrow(
      'input.referenceDocumentUri must have at most 500 characters, got 501.',
    );
    await expect(adjust({ changes: [change], reason: 'a\0b' })).rejects.toThrow(
      'input.reason must not contain the character U+0000.',
    );
  });

  it('costs three statements, however many lines there are', async () => {
    const variantIds = await Promise.all(Array.from({ length: 20 }, () => shop.addVariant([5])));
    const changes = variantIds.map((variantId) => ({ variantId, warehouseId: london, delta: 1 }));
    const count: StatementCount = { statements: 0 };
    resultOf(await withStatementCount(count, () => adjust({ changes })));
    expect(count.statements).toBe(3);
  });
});

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
