import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

const query = 'query ($input: PriceOptimizeInput!) { priceOptimize(input: $input) { items { id } } }';
const period = { date: '2026-01-05', units: 10, price: 9.99 };
const base = { id: 'a', unitCost: 5, currentPrice: 10, history: [period] };
const later = (changes: object) => ({ ...period, date: '2026-01-12', ...changes });

describe.each(executors)('bad input of priceOptimize under the %s executor', (executor) => {
  let server: TestServer;
  const ask = (items: readonly object[], rules: object = {}) =>
    server.ask(query, { input: { frequency: 'WEEKLY', horizon: 8, items, ...rules } });

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it.each<[string, object, readonly object[], string]>([
    ['items', {}, [], '1 to 1000 items, got 0'],
    ['items', {}, Array.from({ length: 1_001 }, () => base), '1 to 1000 items, got 1001'],
    ['horizon', { horizon: 0 }, [base], '1 to 64 periods, got 0'],
    ['horizon', { horizon: 65 }, [base], '1 to 64 periods, got 65'],
    [
      'frequency',
      { frequency: 'HOURLY' },
      [base],
      'DAILY or longer, since an observation is dated by its day, got HOURLY',
    ],
  ])('refuses a request whose %s breaks its rule', async (field, rules, items, rest) => {
    const { errors } = await ask(items, rules);
    expect(errors?.[0]).toMatchObject({
      message: `input.${field} must be ${rest}.`,
      extensions: { code: 'BAD_USER_INPUT' },
    });
  });

  it.each<[string, object, string]>([
    ['unitCost', { unitCost: -1 }, '0 to 1000000000000, got -1'],
    ['currentPrice', { currentPrice: 0 }, 'above 0 and at most 1000000000000, got 0'],
    ['history', { history: [] }, '1 to 2000 periods, got 0'],
    ['history.0.units', { history: [{ ...period, units: -3 }] }, '0 to 1000000000000, got -3'],
    ['history.0.price', { history: [{ ...period, price: 0 }] }, 'above 0 and at most 1000000000000, got 0'],
    [
      'history.0.regularPrice',
      { history: [{ ...period, regularPrice: -1 }] },
      'above 0 and at most 1000000000000, got -1',
    ],
    ['history.0.sentiment', { history: [{ ...period, sentiment: 2 }] }, '−1 to 1, got 2'],
    [
      'history.0.complaintRate',
      { history: [{ ...period, complaintRate: -1 }] },
      '0 to 1000000000000, got -1',
    ],
    ['history.1.date', { history: [period, period] }, 'another day than that of history.0, got 2026-01-05'],
    [
      'history.1.date',
      { history: [period, { ...period, date: '2026-01-06' }] },
      'at least 4 days after the WEEKLY period before it (2026-01-05), got 2026-01-06',
    ],
    [
      'history.1.competitorPrices',
      {
        history: [{ ...period, competitorPrices: [1, 2, 3] }, later({ competitorPrices: [1, 2, 3, 4, 5] })],
      },
      '3 entries as in the first period with any, got 5',
    ],
    [
      'history.0.competitorPrices',
      { history: [{ ...period, competitorPrices: new Array(51).fill(1) }] },
      'at most 50 entries, got 51',
    ],
    [
      'history.0.competitorPrices.1',
      { history: [{ ...period, competitorPrices: [1, 0] }] },
      'above 0 and at most 1000000000000, got 0',
    ],
    [
      'competitorPrices',
      { history: [{ ...period, competitorPrices: [1, 2, 3] }], competitorPrices: [1] },
      '3 entries as in the history, got 1',
    ],
    ['competitorPrices.0', { competitorPrices: [-1] }, 'above 0 and at most 1000000000000, got -1'],
    ['groups', { groups: new Array(11).fill('category:a') }, 'at most 10 groups, got 11'],
    ['groups.0', { groups: [''] }, '1 to 200 characters, got 0'],
    [
      'history.0.currencyCode',
      { currencyCode: 'EUR', history: [{ ...period, currencyCode: 'USD' }] },
      "the item's (EUR), got USD",
    ],
    ['constraints.floor', { constraints: { floor: -1 } }, '0 to 1000000000000, got -1'],
    ['constraints.ceiling', { constraints: { ceiling: 0 } }, 'above 0 and at most 1000000000000, got 0'],
    ['constraints.stockLimit', { constraints: { stockLimit: -1 } }, '0 to 1000000000000, got -1'],
    ['constraints.minimumMarginRate', { constraints: { minimumMarginRate: 1 } }, '−1 to below 1, got 1'],
    ['constraints.endings.0', { constraints: { endings: [99] } }, '0 to below 1, got 99'],
    [
      'constraints.endings',
      { constraints: { endings: new Array(101).fill(0) } },
      'at most 100 endings, got 101',
    ],
    [
      'constraints.competitorCorridor',
      { competitorPrices: [10], constraints: { competitorCorridor: [0.9] } },
      'two ratios, the lowest and the highest, got 1',
    ],
    [
      'constraints.competitorCorridor',
      { competitorPrices: [10], constraints: { competitorCorridor: [1.2, 0.9] } },
      'two ratios, the lowest first, got 1.2 and 0.9',
    ],
    [
      'constraints.competitorCorridor',
      { constraints: { competitorCorridor: [0.9, 1.1] } },
      'given with a price of a competitor, got none',
    ],
    [
      'constraints.floor',
      { constraints: { floor: 12, ceiling: 8 } },
      'such that the lowest price that the floor allows (12) is at most the highest that the ceiling allows (8), got 12',
    ],
    [
      'constraints.competitorCorridor',
      { competitorPrices: [10], constraints: { competitorCorridor: [0.9, 1.1], ceiling: 8 } },
      'such that the lowest price that the competitor corridor allows (9) is at most the highest that the ceiling allows (8), got 0.9 to 1.1',
    ],
    [
      'unitCost',
      { unitCost: 9, constraints: { ceiling: 8 } },
      'below the highest price that the ceiling allows (8), got 9',
    ],
    [
      'constraints.endings',
      { constraints: { floor: 12.1, ceiling: 12.6, endings: [0.99, 0] } },
      'an ending that a price from 12.1 to 12.6 has, got 0.99, 0',
    ],
    ['markdown.stock', { markdown: { stock: -1, endDate: '2026-03-01' } }, '0 to 1000000000000, got -1'],
    [
      'markdown.salvageValue',
      { markdown: { stock: 1, endDate: '2026-03-01', salvageValue: -1 } },
      '0 to 1000000000000, got -1',
    ],
    [
      'markdown.endDate',
      { markdown: { stock: 1, endDate: '2026-01-17' } },
      '1 to 64 whole WEEKLY periods after the last one of the history, got 2026-01-17',
    ],
    [
      'markdown.endDate',
      { markdown: { stock: 1, endDate: '2028-01-01' } },
      '1 to 64 whole WEEKLY periods after the last one of the history, got 2028-01-01',
    ],
  ])('refuses an item whose %s breaks its rule', async (field, changes, rest) => {
    const { errors } = await ask([base, { ...base, ...changes }]);
    expect(errors?.[0]).toMatchObject({
      message: `input.items.1.${field} must be ${rest}.`,
      extensions: { code: 'BAD_USER_INPUT', field: ['input', 'items', '1', ...field.split('.')] },
    });
  });

  it.each<[string, object, string]>([
    ['couplings.0', { group: 'category:tea' }, 'given at least one bound, got none'],
    ['couplings.0.group', { group: 'x', maximumChanges: 1 }, 'a group of one of the items, got x'],
    ['couplings.0.maximumChanges', { maximumChanges: -1 }, 'at least 0, got -1'],
    ['couplings.0.minimumMarginRate', { minimumMarginRate: 1 }, '−1 to below 1, got 1'],
    ['couplings.0.maximumAverageChangeRate', { maximumAverageChangeRate: 11 }, '−1 to 10, got 11'],
    [
      'couplings.0.minimumAverageChangeRate',
      { minimumAverageChangeRate: 0.2, maximumAverageChangeRate: 0.1 },
      'at most maximumAverageChangeRate (0.1), got 0.2',
    ],
    ['couplings.0.priceOrder', { priceOrder: ['a'] }, '2 to 100 ids, got 1'],
    ['couplings.0.priceOrder.1', { priceOrder: ['a', 'x'] }, 'the id of exactly one item, got x'],
    ['couplings.0.priceOrder.1', { priceOrder: ['a', 'a'] }, 'an id that is not before it, got a'],
  ])('refuses a coupling whose %s breaks its rule', async (field, coupling, rest) => {
    const { errors } = await ask([base, { ...base, id: 'b' }], { couplings: [coupling] });
    expect(errors?.[0]?.message).toBe(`input.${field} must be ${rest}.`);
  });

  it('refuses more than a hundred markdowns, and those of coupled items', async () => {
    const marked = { ...base, markdown: { stock: 1, endDate: '2026-03-01' } };
    const many = await ask(Array.from({ length: 101 }, () => marked));
    expect(many.errors?.[0]?.message).toBe(
      'input.items must be such that at most 100 have a markdown, got 101.',
    );
    const { errors } = await ask([base, marked], { couplings: [{ maximumChanges: 1 }] });
    expect(errors?.[0]?.message).toBe(
      'input.couplings.0 must be over items without a markdown, got items.1 with one.',
    );
  });

  it('refuses more couplings than fifty', async () => {
    const { errors } = await ask([base], { couplings: new Array(51).fill({ maximumChanges: 1 }) });
    expect(errors?.[0]?.message).toBe('input.couplings must be at most 50 couplings, got 51.');
  });

  it('refuses items in two currencies', async () => {
    const { errors } = await ask([base, { ...base, currencyCode: 'EUR' }, { ...base, currencyCode: 'USD' }]);
    expect(errors?.[0]?.message).toBe(
      'input.items.2.currencyCode must be EUR like that of items.1, got USD.',
    );
  });

  it('refuses an unknown objective', async () => {
    const { errors } = await ask([base], { objective: 'PROFIT' });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toContain('PROFIT');
  });
});
