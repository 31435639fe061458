import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import { crash, dieBeforeCommit } from '../../support/failingTransactions.ts';
import { resultOf } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';
import { byAda, makeProposalsFixture, type ProposalsFixture } from './support/proposalsFixture.ts';

let database: Database;
let fixture: ProposalsFixture;
let run: number;
const firstDay = new Date('2026-03-01T10:00:00.000Z');
const dueDay = new Date('2026-03-05T00:00:00.000Z');
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeProposalsFixture(database);
  run = await fixture.addRun();
});
beforeEach(() => {
  fixture.shop.time.now = firstDay;
});
afterAll(() => database.close());

/** Has prices of new variants set on the fifth of March. */
async function schedule(prices: readonly string[], actor = 'Ada') {
  const made: Awaited<ReturnType<ProposalsFixture['addAccepted']>>[] = [];
  for (const price of prices) made.push(await fixture.addAccepted(run, price));
  const ids = made.map(({ id }) => id);
  const command = { ...byAda(ids, actor), effectiveFrom: '2026-03-05', isDryRun: false };
  expect(await fixture.proposals.apply(command)).toEqual({ ids, userErrors: [] });
  return made;
}
const scheduleOf = async (id: number) => (await fixture.proposals.findSchedules([id]))[0];
const rowOf = async (id: number) => (await fixture.recommendations.findRecommendations([id]))[0];

describe('a scheduled price', () => {
  it('is set when its day has come, by whoever scheduled it', async () => {
    const { prices, priceOf, proposals, shop } = fixture;
    const [one] = await schedule(['5.2500']);
    const { variantId, id } = one ?? { variantId: 0, id: 0 };
    expect(await scheduleOf(id)).toMatchObject({
      state: 'SCHEDULED',
      effectiveFrom: '2026-03-05',
      actor: 'Ada',
    });
    shop.time.now = new Date('2026-03-04T23:59:59.000Z');
    expect(await proposals.applyDue()).toEqual({ appliedIds: [], failedIds: [] });
    expect(await priceOf(variantId)).toMatchObject({ price: '5.0000' });
    shop.time.now = dueDay;
    expect(await proposals.applyDue()).toEqual({ appliedIds: [id], failedIds: [] });
    expect(await priceOf(variantId)).toMatchObject({ price: '5.2500' });
    expect(await scheduleOf(id)).toMatchObject({ state: 'APPLIED', note: null, endedAt: dueDay });
    expect(await rowOf(id)).toMatchObject({ status: 'APPLIED', actor: 'Ada', reason: 'Agreed.' });
    const [history] = await prices.listPrices([variantId], 'EFFECTIVE');
    expect(history).toMatchObject([{ validFrom: '2026-03-05', actor: 'Ada', source: 'RECOMMENDATION' }]);
    expect(await proposals.applyDue()).toEqual({ appliedIds: [], failedIds: [] });
  });

  it('fails with its reason where another price holds by then, and changes nothing', async () => {
    const { priceOf, proposals, setPrice, shop } = fixture;
    const [stale, good] = await schedule(['5.2500', '5.3500']);
    await setPrice(stale?.variantId ?? 0, '5.1000');
    shop.time.now = dueDay;
    expect(await proposals.applyDue()).toEqual({ appliedIds: [good?.id], failedIds: [stale?.id] });
    expect(await priceOf(stale?.variantId ?? 0)).toEqual({ price: '5.1000', listPrice: '5.1000' });
    expect(await rowOf(stale?.id ?? 0)).toMatchObject({ status: 'ACCEPTED' });
    expect(await scheduleOf(stale?.id ?? 0)).toMatchObject({
      state: 'FAILED',
      note: 'The recommendation must be made for the price that holds, got one made for 5.00 GBP where 5.10 GBP holds.',
      endedAt: dueDay,
    });
    expect(await proposals.applyDue()).toEqual({ appliedIds: [], failedIds: [] });
  });

  it('is compared when it is scheduled too, and is scheduled once', async () => {
    const { addAccepted, proposals, setPrice } = fixture;
    const [one] = await schedule(['5.2500']);
    const stale = await addAccepted(run, '5.3000');
    await setPrice(stale.variantId, '4.0000');
    const command = { ...byAda([one?.id ?? 0, stale.id]), effectiveFrom: '2026-03-06', isDryRun: false };
    expect(await proposals.apply(command)).toMatchObject({
      ids: [],
      userErrors: [
        { code: 'COMPARE_PRICE_STALE', recommendationId: stale.id },
        {
          code: 'ALREADY_SCHEDULED',
          message: 'input.recommendationIds.0 must not be scheduled yet, got one that is for 2026-03-05.',
        },
      ],
    });
    expect(await proposals.apply({ ...command, effectiveFrom: '2026-02-28' })).toEqual({
      ids: [],
      userErrors: [
        {
          code: 'DATE_PASSED',
          field: ['input', 'effectiveFrom'],
          message: 'input.effectiveFrom must be today, 2026-03-01, or later, got 2026-02-28.',
          recommendationId: null,
        },
      ],
    });
  });

  it('that is sent again with its key is answered alike, also when its day has passed', async () => {
    const { addAccepted, proposals, shop } = fixture;
    const { id } = await addAccepted(run, '5.2500');
    const command = { ...byAda([id]), effectiveFrom: '2026-03-01', isDryRun: false };
    const key = { key: 'today', mutation: 'priceRecommendationApply', arguments: { id } };
    expect(await proposals.apply(command, key)).toEqual({ ids: [id], userErrors: [] });
    shop.time.now = dueDay;
    expect(await proposals.apply(command, key)).toEqual({ ids: [id], userErrors: [] });
    expect((await proposals.apply(command)).userErrors).toMatchObject([{ code: 'DATE_PASSED' }]);
  });

  it('whose step takes two people is not scheduled by the one who accepted it', async () => {
    const { addAccepted, proposals } = fixture;
    const { id } = await addAccepted(run, '6.0000');
    const command = { effectiveFrom: '2026-03-05', isDryRun: false };
    expect((await proposals.apply({ ...byAda([id]), ...command })).userErrors).toMatchObject([
      { code: 'SECOND_PERSON_REQUIRED' },
    ]);
    expect((await proposals.apply({ ...byAda([id], 'Bo'), ...command })).ids).toEqual([id]);
  });

  it('can be called off, and is over when the price is set before its day', async () => {
    const { priceOf, proposals, recommendations, shop } = fixture;
    const [off, early, single] = await schedule(['5.1000', '5.2000', '5.3000']);
    const [offId = 0, earlyId = 0, singleId = 0] = [off?.id, early?.id, single?.id];
    expect(await proposals.cancelSchedules(byAda([offId, 2_000_000_000]))).toMatchObject({
      ids: [offId],
      userErrors: [{ code: 'NOT_FOUND' }],
    });
    expect((await proposals.cancelSchedules(byAda([offId]))).userErrors).toMatchObject([
      {
        code: 'NOT_SCHEDULED',
        message: 'input.recommendationIds.0 must be scheduled, got one that is not.',
      },
    ]);
    await proposals.apply({ ...byAda([earlyId], 'Bo'), effectiveFrom: '2026-03-01', isDryRun: false });
    const step = { kind: 'PRICE', recommendationId: singleId, actor: 'Bo', reason: null } as const;
    resultOf(await recommendations.apply(step));
    for (const id of [earlyId, singleId])
      expect(await scheduleOf(id)).toMatchObject({
        state: 'CANCELLED',
        note: 'Bo set the price before its day.',
      });
    shop.time.now = dueDay;
    expect(await proposals.applyDue()).not.toMatchObject({ appliedIds: [offId] });
    expect(await priceOf(off?.variantId ?? 0)).toMatchObject({ price: '5.0000' });
    expect(await rowOf(offId)).toMatchObject({ status: 'ACCEPTED' });
  });
});

describe('the work that is due', () => {
  it('is done once by workers who begin at the same moment', async () => {
    const { prices, proposals, shop } = fixture;
    const made = await schedule(['5.1100', '5.1200', '5.1300']);
    shop.time.now = dueDay;
    const results = await Promise.all([proposals.applyDue(), proposals.applyDue(), proposals.applyDue()]);
    const applied = results.flatMap(({ appliedIds }) => appliedIds);
    expect(applied.toSorted((a, b) => a - b)).toEqual(made.map(({ id }) => id));
    expect(results.flatMap(({ failedIds }) => failedIds)).toEqual([]);
    const histories = await prices.listPrices(
      made.map(({ variantId }) => variantId),
      'EFFECTIVE',
    );
    expect(histories.map(({ length }) => length)).toEqual([1, 1, 1]);
  });

  it('goes on where a worker died', async () => {
    const { priceOf, proposals, proposalsOn, shop } = fixture;
    const [one] = await schedule(['5.1500']);
    shop.time.now = dueDay;
    await expect(proposalsOn(dieBeforeCommit(database.sql)).applyDue()).rejects.toBe(crash);
    expect(await priceOf(one?.variantId ?? 0)).toMatchObject({ price: '5.0000' });
    expect(await scheduleOf(one?.id ?? 0)).toMatchObject({ state: 'SCHEDULED' });
    expect(await proposals.applyDue()).toEqual({ appliedIds: [one?.id], failedIds: [] });
  });

  it('takes as many statements for many as for one', async () => {
    const { proposals, shop } = fixture;
    const count = async (size: number) => {
      const made = await schedule(Array.from({ length: size }, () => '5.2000'));
      shop.time.now = dueDay;
      const meter = { statements: 0 };
      const { appliedIds } = await withStatementCount(meter, () => proposals.applyDue());
      expect(appliedIds).toHaveLength(made.length);
      shop.time.now = firstDay;
      return meter.statements;
    };
    expect(await count(9)).toBe(await count(1));
  });
});
