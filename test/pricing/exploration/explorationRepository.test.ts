import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import {
  type ExplorationRow,
  type ExplorationRunRow,
  insertRun,
  listItems,
  listRuns,
} from '../../../src/pricing/exploration/explorationRepository.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';

let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});
afterAll(() => database.close());

const run: Omit<ExplorationRunRow, 'id'> = {
  frequency: 'WEEKLY',
  horizon: 4,
  objective: 'MARGIN',
  ...{ share: 0.1, maximumLossRate: 0.05, seed: 1, modelName: 'pricing', modelVersion: '1' },
  ...{ actor: 'Ada', reason: 'Fair', createdAt: new Date('2026-03-01') },
};
const item: Omit<ExplorationRow, 'runId'> = {
  ...{ itemId: 'mug', unitCost: 0.1 + 0.2, prices: [9.99, 10.49], propensities: [0.95, 0.05] },
  ...{
    expectedResults: [1e-9, 123.456],
    chosenIndex: 1,
    recommendedIndex: 0,
    currentIndex: 0,
    isExplored: true,
  },
};
const insert = (items: readonly Omit<ExplorationRow, 'runId'>[]) =>
  database.sql.transaction((tx) => insertRun(tx, run, items));

describe('the log of drawn prices', () => {
  it('gives back exactly what was stored, by two statements whatever the number of items', async () => {
    const items = Array.from({ length: 500 }, (_, i) => ({ ...item, itemId: `item ${i}` }));
    const written = { statements: 0 };
    const id = await withStatementCount(written, () => insert(items));
    expect(written.statements).toBeLessThanOrEqual(4); // with BEGIN and COMMIT
    expect(await listRuns(database.sql, [id, id + 1])).toEqual([{ id, ...run }]);
    expect(await listItems(database.sql, [id])).toEqual(items.map((one) => ({ ...one, runId: id })));
  });

  it('is never rewritten', async () => {
    const id = await insert([item]);
    const change = database.sql.query(
      'UPDATE price_exploration SET propensities = prices WHERE run_id = $1',
      [id],
    );
    await expect(change).rejects.toThrow('append-only');
  });

  it.each<[string, Partial<ExplorationRow>]>([
    ['a chosen price without a chance', { propensities: [1, 0] }],
    ['fewer chances than prices', { propensities: [1] }],
    ['a price that is none of the candidates', { recommendedIndex: 2 }],
  ])('refuses %s', async (_, change) => {
    await expect(insert([{ ...item, ...change }])).rejects.toThrow('price_exploration_check');
  });
});
