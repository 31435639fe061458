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
