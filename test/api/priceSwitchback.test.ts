import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

const planQuery = `query ($input: PriceSwitchbackInput!) {
  priceSwitchbackPlan(input: $input) { pairs items { id blocks { firstPeriod lastPeriod countsFrom arm } } }
}`;
const effectQuery = `query ($input: PriceSwitchbackEffectInput!) {
  priceSwitchbackEffect(input: $input) {
    controlMean treatmentMean difference { value low high } change { value low high } pairs clusteredBy clusters
  }
}`;
const design = { itemIds: ['mug', 'cup', 'bowl'], periods: 13, blockPeriods: 3, washoutPeriods: 1, seed: 4 };
type Block = {
  readonly firstPeriod: number;
  readonly lastPeriod: number;
  readonly countsFrom: number;
  readonly arm: string;
};

describe.each(executors)('a switch-back test under the %s executor', (executor) => {
  let server: TestServer;
  const plan = (input: object) => server.ask(planQuery, { input });
  const findEffect = (outcomes: readonly object[], changed: object = design) =>
    server.ask(effectQuery, { input: { design: changed, outcomes } });
  /** Outcomes of 20 at the price as it is and 25 at the tested one, with what the washout spoils. */
  const makeOutcomes = async (changed: object = design) => {
    const { data } = await plan(changed);
    return data.priceSwitchbackPlan.items.map(({ id, blocks }: { id: string; blocks: Block[] }) => {
      const values: (number | null)[] = blocks.flatMap(({ firstPeriod, lastPeriod, countsFrom, arm }) =>
        Array.from({ length: lastPeriod - firstPeriod + 1 }, (_, at) =>
          firstPeriod + at < countsFrom ? 1000 : arm === 'TREATMENT' ? 25 : 20,
        ),
      );
      return { itemId: id, values: [...values, null] };
    });
  };

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it('is planned in pairs of blocks, the same for the same seed', async () => {
    const { data, errors } = await plan(design);
    expect(errors).toBeUndefined();
    const { pairs, items } = data.priceSwitchbackPlan;
    expect(pairs).toBe(2);
    expect(items.map(({ id }: { id: string }) => id)).toEqual(design.itemIds);
    for (const { blocks } of items) {
      expect(blocks.map(({ firstPeriod }: Block) => firstPeriod)).toEqual([0, 3, 6, 9]);
      expect(blocks.map(({ countsFrom }: Block) => countsFrom)).toEqual([1, 4, 7, 10]);
      expect(blocks.filter(({ arm }: Block) => arm === 'TREATMENT').length).toBe(2);
    }
    expect((await plan(design)).data).toEqual(data);
  });

  it('shows the effect that was there, whatever the order of the outcomes', async () => {
    const outcomes = await makeOutcomes();
    const { data, errors } = await findEffect(outcomes.toReversed());
    expect(errors).toBeUndefined();
    expect(data.priceSwitchbackEffect).toEqual({
      ...{ controlMean: 20, treatmentMean: 25, pairs: 6, clusteredBy: 'ITEM', clusters: 3 },
      difference: { value: 5, low: 5, high: 5 },
      change: { value: 0.25, low: 0.25, high: 0.25 },
    });
    const shared = { ...design, isShared: true };
    const together = await findEffect(await makeOutcomes(shared), shared);
    expect(together.data.priceSwitchbackEffect).toMatchObject({ clusteredBy: 'PAIR', clusters: 2, pairs: 6 });
  });

  it.each([
    [{ itemIds: [] }, 'input.itemIds must be 1 to 500 ids, got 0.'],
    [{ itemIds: ['mug', 'mug'] }, "input.itemIds.1 must be given once, got 'mug' again."],
    [{ blockPeriods: 0 }, 'input.blockPeriods must be 1 to 366, got 0.'],
    [{ washoutPeriods: 3 }, 'input.washoutPeriods must be 0 to below blockPeriods (3), got 3.'],
    [
      { periods: 11 },
      'input.periods must be at least four blocks (12) and at most 50,000 ÷ the number of items (16666), got 11.',
    ],
    [{ seed: -1 }, 'input.seed must be 0 to 2147483647, got -1.'],
  ])('refuses the design %j', async (change, message) => {
    const { errors } = await plan({ ...design, ...change });
    expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    expect(errors?.[0]?.message).toBe(message);
  });

  it('refuses outcomes that do not fit the design', async () => {
    const outcomes = await makeOutcomes();
    const [first, second, third] = outcomes;
    const cases: readonly (readonly [object[], string])[] = [
      [[first, second], 'input.outcomes must be one entry an item (3), got 2.'],
      [[first, second, second], "input.outcomes.2.itemId must be given once, got 'cup' again."],
      [
        [first, second, { ...third, itemId: 'vase' }],
        "input.outcomes.2.itemId must be an id of the design, got 'vase'.",
      ],
      [
        [first, second, { ...third, values: [1] }],
        'input.outcomes.2.values must be one value a period (13), got 1.',
      ],
      [
        [first, second, { ...third, values: third.values.with(4, 1e13) }],
        'input.outcomes.2.values.4 must be −1e12 to 1e12, got 10000000000000.',
      ],
      [
        outcomes.map((one: { values: unknown[] }) => ({ ...one, values: one.values.map(() => null) })),
        'input.outcomes must be known in both blocks of a pair for at least two items, or two pairs where items share theirs, got fewer.',
      ],
    ];
    for (const [given, message] of cases) {
      const { errors } = await findEffect(given);
      expect(errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
      expect(errors?.[0]?.message).toBe(message);
    }
    const { errors } = await findEffect(outcomes, { ...design, blockPeriods: 0 });
    expect(errors?.[0]?.message).toBe('input.design.blockPeriods must be 1 to 366, got 0.');
  });
});
