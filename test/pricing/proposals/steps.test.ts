import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import { toGlobalId } from '../../../src/globalId.ts';
import { crash, dieAfterCommit, dieBeforeCommit } from '../../support/failingTransactions.ts';
import { errorsOf, resultOf } from '../../support/stockFixture.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';
import { byAda, makeProposalsFixture, ofRun, type ProposalsFixture } from './support/proposalsFixture.ts';

let database: Database;
let fixture: ProposalsFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeProposalsFixture(database);
});
afterAll(() => database.close());

const now = { effectiveFrom: null, isDryRun: false };
const statusOf = async (id: number) => (await fixture.recommendations.findRecommendations([id]))[0]?.status;
/** Everything that steps can change. */
const readAll = async () =>
  Promise.all(
    [
      'product_variant',
      'variant_price',
      'recommendation',
      'recommendation_event',
      'price_proposal',
      'price_schedule',
    ].map((table) => database.sql.query(`SELECT * FROM ${table} ORDER BY 1`)),
  );

describe('a recommended price', () => {
  it('is set with its source, who did it and why, and taken back', async () => {
    const { addRun, addAccepted, prices, priceOf, proposals, recommendations } = fixture;
    const { variantId, id } = await addAccepted(await addRun(), '5.4900');
    expect(await proposals.apply({ ...byAda([id]), ...now })).toEqual({ ids: [id], userErrors: [] });
    expect(await priceOf(variantId)).toEqual({ price: '5.4900', listPrice: '5.4900' });
    const [entries] = await prices.listPrices([variantId], 'EFFECTIVE');
    expect(entries).toMatchObject([
      {
        price: '5.4900',
        validFrom: '2026-03-01',
        source: 'RECOMMENDATION',
        reference: toGlobalId('PriceRecommendation', id),
        actor: 'Ada',
        reason: 'Agreed.',
        comparePrice: '5.0000',
      },
    ]);
    const reverted = await proposals.revert({ ...byAda([id], 'Bo'), isDryRun: false });
    expect(reverted).toEqual({ ids: [id], userErrors: [], cancelledCount: 0 });
    expect(await priceOf(variantId)).toEqual({ price: '5.0000', listPrice: '5.0000' });
    const [after] = await prices.listPrices([variantId], 'EFFECTIVE');
    expect(after?.at(-1)).toMatchObject({ price: '5.0000', source: 'REVERSAL', actor: 'Bo' });
    expect(await recommendations.listEvents([id])).toMatchObject([
      [
        { status: 'ACCEPTED', actor: 'Ada' },
        { status: 'APPLIED', actor: 'Ada' },
        { status: 'REVERTED', actor: 'Bo', reason: 'Agreed.' },
      ],
    ]);
  });

  it('below a regular price that is above it leaves the promotion, and gives back what it took', async () => {
    const { addRun, propose, priceOf, proposals, setPrice, shop } = fixture;
    const variantId = await shop.addVariant();
    await setPrice(variantId, '5.0000', '7.0000');
    const [id = 0] = await propose(await addRun(), [{ variantId, recommendedPrice: '4.8000' }]);
    await proposals.accept(byAda([id]));
    await proposals.apply({ ...byAda([id]), ...now });
    expect(await priceOf(variantId)).toEqual({ price: '4.8000', listPrice: '7.0000' });
    await proposals.revert({ ...byAda([id]), isDryRun: false });
    expect(await priceOf(variantId)).toEqual({ price: '5.0000', listPrice: '7.0000' });
  });

  it('is refused where another price holds by then; the others of the call are set', async () => {
    const { addRun, addAccepted, priceOf, proposals, setPrice } = fixture;
    const run = await addRun();
    const [first, second] = [await addAccepted(run, '5.4000'), await addAccepted(run, '5.4500')];
    await setPrice(first.variantId, '5.2500');
    expect(await proposals.apply({ ...byAda([first.id, second.id]), ...now })).toEqual({
      ids: [second.id],
      userErrors: [
        {
          code: 'COMPARE_PRICE_STALE',
          field: ['input', 'recommendationIds', '0'],
          message:
            'input.recommendationIds.0 must be made for the price that holds, got one made for 5.00 GBP where 5.25 GBP holds.',
          recommendationId: first.id,
        },
      ],
    });
    expect(await priceOf(first.variantId)).toEqual({ price: '5.2500', listPrice: '5.2500' });
    expect([await statusOf(first.id), await statusOf(second.id)]).toEqual(['ACCEPTED', 'APPLIED']);
  });

  it('is not accepted either where another price holds', async () => {
    const { addRun, propose, proposals, setPrice, shop } = fixture;
    const variantId = await shop.addVariant();
    const [id = 0] = await propose(await addRun(), [{ variantId, recommendedPrice: '5.3000' }]);
    await setPrice(variantId, '5.1000');
    expect((await proposals.accept(byAda([id]))).userErrors).toMatchObject([{ code: 'COMPARE_PRICE_STALE' }]);
    expect(await proposals.reject(byAda([id]))).toEqual({ ids: [id], userErrors: [] });
  });

  it('with a step above ten per cent takes another person than the one who accepted it', async () => {
    const { addRun, addAccepted, proposals } = fixture;
    const run = await addRun();
    const [ten, more] = [await addAccepted(run, '5.5000'), await addAccepted(run, '5.5001')];
    const { ids, userErrors } = await proposals.apply({ ...byAda([ten.id, more.id], ' ada '), ...now });
    expect(ids).toEqual([ten.id]);
    expect(userErrors).toEqual([
      {
        code: 'SECOND_PERSON_REQUIRED',
        field: ['input', 'actor'],
        message: "input.actor must be another person than the one who accepted it, got 'ada' for both.",
        recommendationId: more.id,
      },
    ]);
    expect((await proposals.apply({ ...byAda([more.id], 'Bo'), ...now })).ids).toEqual([more.id]);
  });

  it('is set once of two that are for one variant', async () => {
    const { addRun, propose, proposals, priceOf, shop } = fixture;
    const variantId = await shop.addVariant();
    const [first = 0] = await propose(await addRun(), [{ variantId, recommendedPrice: '5.1000' }]);
    await proposals.accept(byAda([first]));
    const [second = 0] = await propose(await addRun(), [{ variantId, recommendedPrice: '5.2000' }]);
    await proposals.accept(byAda([second]));
    const result = await proposals.apply({ ...byAda([second, first, second]), ...now });
    expect(result).toMatchObject({
      ids: [second],
      userErrors: [{ code: 'COMPARE_PRICE_STALE', recommendationId: first }],
    });
    expect(await priceOf(variantId)).toMatchObject({ price: '5.2000' });
  });

  it('is carried out and undone by the steps of all recommendations too', async () => {
    const { addRun, addAccepted, priceOf, recommendations, setPrice } = fixture;
    const { variantId, id } = await addAccepted(await addRun(), '5.2000');
    const step = { kind: 'PRICE', recommendationId: id, actor: 'Ada', reason: 'As agreed.' } as const;
    await setPrice(variantId, '5.1000');
    expect(errorsOf(await recommendations.apply(step))).toEqual([
      {
        code: 'STALE',
        field: ['input', 'recommendationId'],
        message:
          'input.recommendationId must be made for the price that holds, got one made for 5.00 GBP where 5.10 GBP holds.',
      },
    ]);
    await setPrice(variantId, '5.0000');
    expect(resultOf(await recommendations.apply(step))).toBe(id);
    expect(await priceOf(variantId)).toMatchObject({ price: '5.2000' });
    expect(errorsOf(await recommendations.revert({ ...step, kind: 'COMPLAINT' }))).toMatchObject([
      { code: 'NOT_FOUND' },
    ]);
    await setPrice(variantId, '6.0000');
    expect(errorsOf(await recommendations.revert(step))).toMatchObject([
      {
        code: 'NOT_REVERTIBLE',
        message:
          'input.recommendationId must be about a price that still holds, got one that set 5.20 GBP where 6.00 GBP holds.',
      },
    ]);
    await setPrice(variantId, '5.2000');
    expect(resultOf(await recommendations.revert(step))).toBe(id);
    expect(await priceOf(variantId)).toMatchObject({ price: '5.0000' });
  });
});

describe('many at once', () => {
  it('take as many statements as one', async () => {
    const { addRun, addAccepted, proposals } = fixture;
    const count = async (size: number) => {
      const run = await addRun();
      const ids: number[] = [];
      for (let index = 0; index < size; index += 1) ids.push((await addAccepted(run, '5.2500')).id);
      const meters = [{ statements: 0 }, { statements: 0 }] as const;
      const applied = await withStatementCount(meters[0], () => proposals.apply({ ...byAda(ids), ...now }));
      const reverted = await withStatementCount(meters[1], () =>
        proposals.revert({ ...ofRun(run), isDryRun: false }),
      );
      expect([applied.ids, reverted.ids]).toEqual([ids, ids]);
      return meters.map(({ statements }) => statements);
    };
    const one = await count(1);
    expect(await count(12)).toEqual(one);
    expect(Math.max(...one)).toBeLessThanOrEqual(12);
  });

  it('are told beforehand by a dry run, which changes nothing', async () => {
    const { addRun, addAccepted, proposals, setPrice } = fixture;
    const run = await addRun();
    const [first, second] = [await addAccepted(run, '5.3000'), await addAccepted(run, '5.3500')];
    await setPrice(second.variantId, '4.0000');
    const before = await readAll();
    const told = await proposals.apply({ ...ofRun(run), effectiveFrom: null, isDryRun: true });
    expect(told).toMatchObject({ ids: [first.id], userErrors: [{ recommendationId: second.id }] });
    const later = await proposals.apply({ ...ofRun(run), effectiveFrom: '2026-04-01', isDryRun: true });
    expect(later).toMatchObject({ ids: [first.id], userErrors: [{ recommendationId: second.id }] });
    expect(await readAll()).toEqual(before);
    expect(await proposals.apply({ ...ofRun(run), ...now })).toEqual(told);
    const applied = await readAll();
    expect(await proposals.revert({ ...ofRun(run), isDryRun: true })).toMatchObject({ ids: [first.id] });
    expect(await readAll()).toEqual(applied);
  });

  it('go back together by one call for a run, but for prices that were changed since', async () => {
    const { addRun, addAccepted, priceOf, proposals, setPrice } = fixture;
    const run = await addRun();
    const [kept, changed, later] = [
      await addAccepted(run, '5.1000'),
      await addAccepted(run, '5.2000'),
      await addAccepted(run, '5.3000'),
    ];
    await proposals.apply({ ...byAda([kept.id, changed.id]), ...now });
    await proposals.apply({ ...byAda([later.id]), effectiveFrom: '2026-03-08', isDryRun: false });
    await setPrice(changed.variantId, '5.9900');
    expect(await proposals.revert({ ...ofRun(run, 'Bo'), isDryRun: false })).toEqual({
      ids: [kept.id],
      cancelledCount: 1,
      userErrors: [
        {
          code: 'PRICE_CHANGED_SINCE',
          field: ['input', 'runId'],
          message: `Recommendation '${toGlobalId('PriceRecommendation', changed.id)}' of input.runId must be about a price that still holds, got one that set 5.20 GBP where 5.99 GBP holds.`,
          recommendationId: changed.id,
        },
      ],
    });
    expect(await priceOf(kept.variantId)).toMatchObject({ price: '5.0000' });
    expect(await priceOf(changed.variantId)).toMatchObject({ price: '5.9900' });
    expect([await statusOf(kept.id), await statusOf(changed.id)]).toEqual(['REVERTED', 'APPLIED']);
    expect((await proposals.findSchedules([later.id]))[0]).toMatchObject({
      state: 'CANCELLED',
      note: 'Bo called it off: Agreed.',
    });
  });

  it('are set by one of two who do it at once', async () => {
    const { addRun, addAccepted, prices, proposals } = fixture;
    const run = await addRun();
    const made = [await addAccepted(run, '5.1000'), await addAccepted(run, '5.2000')];
    const ids = made.map(({ id }) => id);
    const results = await Promise.all([
      proposals.apply({ ...byAda(ids), ...now }),
      proposals.apply({ ...byAda(ids.toReversed(), 'Bo'), ...now }),
    ]);
    expect(results.map((result) => result.ids.length).sort()).toEqual([0, 2]);
    expect(results.flatMap(({ userErrors }) => userErrors.map(({ code }) => code))).toEqual([
      'INVALID_STATE',
      'INVALID_STATE',
    ]);
    const histories = await prices.listPrices(
      made.map(({ variantId }) => variantId),
      'EFFECTIVE',
    );
    expect(histories.map(({ length }) => length)).toEqual([1, 1]);
  });

  it('sent twice with a key are set once, also where the answer was lost', async () => {
    const { addRun, addAccepted, prices, proposals, proposalsOn, setPrice } = fixture;
    const { variantId, id } = await addAccepted(await addRun(), '5.1000');
    const command = { ...byAda([id]), ...now };
    const key = { key: 'price-apply', mutation: 'priceRecommendationApply', arguments: { id } };
    await expect(proposalsOn(dieBeforeCommit(database.sql)).apply(command, key)).rejects.toBe(crash);
    expect(await statusOf(id)).toBe('ACCEPTED');
    await expect(proposalsOn(dieAfterCommit(database.sql)).apply(command, key)).rejects.toBe(crash);
    await setPrice(variantId, '6.0000');
    expect(await proposals.apply(command, key)).toEqual({ ids: [id], userErrors: [] });
    const [history] = await prices.listPrices([variantId], 'EFFECTIVE');
    expect(history?.map(({ price }) => price)).toEqual(['5.1000', '6.0000']);
    await expect(proposals.apply(command, { ...key, arguments: { id: 0 } })).rejects.toMatchObject({
      code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH',
    });
  });

  it('name what is unknown, and what cannot take the step', async () => {
    const { addRun, addAccepted, proposals } = fixture;
    const { id } = await addAccepted(await addRun(), '5.1000');
    const unknown = 2_000_000_000;
    expect((await proposals.accept(byAda([unknown, id]))).userErrors).toMatchObject([
      { code: 'NOT_FOUND', recommendationId: unknown },
      {
        code: 'INVALID_STATE',
        message: 'input.recommendationIds.1 must be PROPOSED for this step, got one that is ACCEPTED.',
      },
    ]);
    expect(await proposals.apply({ ...ofRun(unknown), ...now })).toMatchObject({
      ids: [],
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'runId'], recommendationId: null }],
    });
    expect(await proposals.revert({ ...byAda([id], ' '), isDryRun: false })).toMatchObject({
      ids: [],
      userErrors: [{ code: 'BLANK', field: ['input', 'actor'] }],
    });
  });
});
