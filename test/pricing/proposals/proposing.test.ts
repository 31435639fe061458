import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/database/database.ts';
import { withStatementCount } from '../../../src/database/statementMeter.ts';
import { needsSecondPerson } from '../../../src/pricing/proposals/policy.ts';
import { termsOf } from '../../../src/pricing/proposals/storedProposal.ts';
import { openTestDatabase } from '../../support/testDatabase.ts';
import { byAda, makeProposalsFixture, type ProposalsFixture } from './support/proposalsFixture.ts';

let database: Database;
let fixture: ProposalsFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeProposalsFixture(database);
});
afterAll(() => database.close());

/** What is recommended for a variant, newest first. */
async function listOf(variantId: number) {
  const [rows] = await fixture.recommendations.listOfSubjects('PRICE', [variantId]);
  return rows?.map((row) => [termsOf(row).recommendedPrice, row.status]);
}

describe('a run', () => {
  it('takes the place of what was proposed and nobody has decided on', async () => {
    const { addRun, propose, proposals, shop } = fixture;
    const variantId = await shop.addVariant();
    const other = await shop.addVariant();
    await propose(await addRun(), [
      { variantId, recommendedPrice: '5.1000' },
      { variantId: other, recommendedPrice: '5.1000' },
    ]);
    const run = await addRun();
    const [id = 0] = await propose(run, [{ variantId, recommendedPrice: '5.2000' }]);
    expect(await listOf(variantId)).toEqual([['5.2000', 'PROPOSED']]);
    expect(await listOf(other)).toEqual([['5.1000', 'PROPOSED']]);
    expect(await proposals.findProposals([id])).toEqual([
      {
        recommendationId: id,
        variantId,
        jobId: run,
        expectedGain: '20.0000',
        priceId: null,
        previousListPrice: null,
      },
    ]);
  });

  it('does not propose again what a person declined or accepted, until another price holds', async () => {
    const { addRun, propose, proposals, setPrice, shop } = fixture;
    const [declined, accepted] = [await shop.addVariant(), await shop.addVariant()];
    const both = [declined, accepted].map((variantId) => ({ variantId, recommendedPrice: '5.1000' }));
    const [first = 0, second = 0] = await propose(await addRun(), both);
    await proposals.reject(byAda([first]));
    await proposals.accept(byAda([second]));
    await propose(await addRun(), both);
    expect(await listOf(declined)).toEqual([['5.1000', 'REJECTED']]);
    expect(await listOf(accepted)).toEqual([['5.1000', 'ACCEPTED']]);
    await setPrice(declined, '4.9000');
    await propose(await addRun(), [
      { variantId: declined, currentPrice: '4.9000', recommendedPrice: '5.1000' },
    ]);
    expect(await listOf(declined)).toEqual([
      ['5.1000', 'PROPOSED'],
      ['5.1000', 'REJECTED'],
    ]);
  });

  it('proposes nothing for a price that no longer holds', async () => {
    const { addRun, propose, shop } = fixture;
    const variantId = await shop.addVariant();
    await propose(await addRun(), [{ variantId, currentPrice: '4.0000', recommendedPrice: '4.2000' }]);
    expect(await listOf(variantId)).toEqual([]);
  });

  it('after one that was carried out proposes anew', async () => {
    const { addAccepted, addRun, propose, proposals } = fixture;
    const { variantId, id } = await addAccepted(await addRun(), '5.2500');
    await proposals.apply({ ...byAda([id]), effectiveFrom: null, isDryRun: false });
    await propose(await addRun(), [{ variantId, currentPrice: '5.2500', recommendedPrice: '5.4000' }]);
    expect(await listOf(variantId)).toEqual([
      ['5.4000', 'PROPOSED'],
      ['5.2500', 'APPLIED'],
    ]);
  });

  it('takes as many statements for many variants as for one', async () => {
    const { addRun, propose, shop } = fixture;
    const count = async (size: number) => {
      const variantIds: number[] = [];
      for (let index = 0; index < size; index += 1) variantIds.push(await shop.addVariant());
      const run = await addRun();
      const given = variantIds.map((variantId) => ({ variantId, recommendedPrice: '5.1000' }));
      const meter = { statements: 0 };
      await withStatementCount(meter, () => propose(run, given));
      return meter.statements;
    };
    expect(await count(15)).toBe(await count(1));
  });
});

describe('a list of recommended prices', () => {
  it('is narrowed by run, state, variant and gain, and ordered by gain', async () => {
    const { addRun, propose, proposals, shop } = fixture;
    const run = await addRun();
    const variantIds = [await shop.addVariant(), await shop.addVariant(), await shop.addVariant()];
    const gains = ['9.5000', '-1.0000', '100.0000'];
    const ids = await propose(
      run,
      variantIds.map((variantId, index) => ({
        variantId,
        recommendedPrice: '5.1000',
        facts: { expectedGain: gains[index] ?? '' },
      })),
    );
    const list = async (filter: object, direction: 'ASC' | 'DESC' = 'DESC') => {
      const order = { field: 'EXPECTED_GAIN', direction } as const;
      const { nodes } = await proposals.listRecommendationIds({ jobId: run, ...filter }, order, {});
      return nodes.map(({ id }) => ids.indexOf(id));
    };
    expect(await list({})).toEqual([2, 0, 1]);
    expect(await list({}, 'ASC')).toEqual([1, 0, 2]);
    expect(await list({ expectedGain: { gte: 9.5 } })).toEqual([2, 0]);
    expect(await list({ variantIds: variantIds.slice(0, 1) })).toEqual([0]);
    expect(await list({ statuses: ['ACCEPTED'] })).toEqual([]);
    expect(await list({ categoryIds: [1] })).toEqual([]);
    const order = { field: 'EXPECTED_GAIN', direction: 'DESC' } as const;
    const first = await proposals.listRecommendationIds({ jobId: run }, order, { first: 1 });
    const after = first.pageInfo.endCursor;
    const rest = await proposals.listRecommendationIds({ jobId: run }, order, { first: 5, after });
    expect([...first.nodes, ...rest.nodes].map(({ id }) => ids.indexOf(id))).toEqual([2, 0, 1]);
    expect(await first.countRows()).toBe(3);
  });
});

describe('the policy', () => {
  it.each([
    ['10.0000', '11.0000', false],
    ['10.0000', '11.0001', true],
    ['10.0000', '9.0000', false],
    ['10.0000', '8.9999', true],
    ['1.1000', '1.2100', false],
    ['0.0300', '0.0330', false],
  ])('from %s to %s: a second person %s', (currentPrice, recommendedPrice, isNeeded) => {
    expect(needsSecondPerson({ currentPrice, recommendedPrice }, { secondPersonAbovePercent: 10 })).toBe(
      isNeeded,
    );
  });
});
