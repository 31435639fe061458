import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { type ComplaintsFixture, makeComplaintsFixture } from '../complaints/support/complaintsFixture.ts';
import { makeRecommended, type Recommended, stepOf } from '../complaints/support/recommended.ts';
import { errorsOf, resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let fixture: ComplaintsFixture;
let recommended: Recommended;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
  recommended = makeRecommended(fixture);
});
afterAll(() => database.close());

const find = async (id: number) => (await fixture.complaints.findComplaints([id]))[0];
const field = 'input.recommendationId';
const broken = 'It arrived broken.';

describe('a proposal', () => {
  it('gives way to a new one when a person corrects the intent, unless that says the same', async () => {
    const { addOrder, complaints, shop, submit } = fixture;
    const complaintId = await submit({
      text: 'Where is it?',
      salesOrderNumber: await addOrder(await shop.addVariant()),
    });
    const first = await recommended.newestOf(complaintId);
    resultOf(await complaints.changeComplaint({ complaintId, assignee: 'Cleo' }));
    expect(await recommended.listOf(complaintId)).toEqual([first]);
    const labels = { severity: null, sentiment: null, isComplaint: null, author: 'Ada', reason: 'Read it.' };
    resultOf(await complaints.overrideTriage({ complaintId, intent: 'get_refund', ...labels }));
    expect(await recommended.listOf(complaintId)).toMatchObject([
      { action: 'REFUND', status: 'PROPOSED', facts: { isCorrected: true } },
    ]);
    resultOf(await complaints.changeComplaint({ complaintId, status: 'CLOSED' }));
    expect(await recommended.listOf(complaintId)).toEqual([]);
  });

  it('that was rejected is not made again', async () => {
    const { complaints, submit, recommendations } = fixture;
    const complaintId = await submit({ text: 'Where is it?' });
    const { id } = await recommended.newestOf(complaintId);
    resultOf(await recommendations.reject(stepOf(id, { reason: 'Spam.' })));
    resultOf(await complaints.changeComplaint({ complaintId, assignee: 'Cleo' }));
    expect(await recommended.listOf(complaintId)).toMatchObject([
      { id, status: 'REJECTED', reason: 'Spam.' },
    ]);
  });

  it('is made by the job where the request did not triage; those of two complaints are read by one statement', async () => {
    const { submit, triager, work } = fixture;
    triager.next = 'fail';
    const ids = [await submit(), await submit()];
    triager.next = 'answer';
    expect(await recommended.listOf(ids[0] ?? 0)).toEqual([]);
    await work(async () => (await find(ids[1] ?? 0))?.triageState === 'DONE');
    for (const id of ids)
      expect(await recommended.newestOf(id)).toMatchObject({ rule: 'ORDER_LINE_UNKNOWN' });
    const meter = { statements: 0 };
    const { recommendations } = fixture;
    await withStatementCount(meter, () => recommendations.listOfSubjects('COMPLAINT', ids));
    expect(meter.statements).toBe(1);
  });
});

describe('a step', () => {
  it.each([
    ['apply', 'ACCEPTED', 'PROPOSED'],
    ['revert', 'APPLIED', 'PROPOSED'],
  ] as const)('%s of a proposal that is not %s is refused', async (step, from, status) => {
    const { id } = await recommended.newestOf(await fixture.submit({ text: 'Where is it?' }));
    expect(errorsOf<number, string>(await fixture.recommendations[step](stepOf(id)))).toEqual([
      {
        code: 'INVALID_STATE',
        field: ['input', 'recommendationId'],
        message: `${field} must be ${from} for this step, got one that is ${status}.`,
      },
    ]);
  });

  it('is taken by one of two people who take it at once', async () => {
    const { submit, recommendations } = fixture;
    const { id } = await recommended.newestOf(await submit({ text: 'Where is it?' }));
    const outcomes = await Promise.all([
      recommendations.accept(stepOf(id)),
      recommendations.reject(stepOf(id, { actor: 'Bo' })),
    ]);
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    expect((await recommendations.listEvents([id]))[0]).toHaveLength(1);
  });

  it('sent twice with a key is taken once, and answered alike', async () => {
    const { addOrder, shop, submit, recommendations } = fixture;
    const variantId = await shop.addVariant([5]);
    const { id } = await recommended.newestOf(
      await submit({ text: broken, salesOrderNumber: await addOrder(variantId) }),
    );
    resultOf(await recommendations.accept(stepOf(id)));
    const key = { key: 'apply-1', mutation: 'recommendationApply', arguments: { id } };
    const first = await recommendations.apply(stepOf(id), key);
    expect(await recommendations.apply(stepOf(id), key)).toEqual(first);
    expect((await shop.levelOf(variantId, shop.warehouseIds[0])).reserved).toBe(2);
  });

  it('needs an actor, and a reason to reject or to revert', async () => {
    const { recommendations, submit } = fixture;
    const { id } = await recommended.newestOf(await submit({ text: 'Where is it?' }));
    expect(errorsOf(await recommendations.reject(stepOf(id, { actor: ' ', reason: null })))).toEqual(
      ['actor', 'reason'].map((name) => ({
        code: 'BLANK',
        field: ['input', name],
        message: `input.${name} must have at least one character that can be seen, got none.`,
      })),
    );
    expect(errorsOf(await recommendations.accept(stepOf(2_000_000)))).toMatchObject([{ code: 'NOT_FOUND' }]);
    await expect(recommendations.accept(stepOf(id, { actor: 'x'.repeat(101) }))).rejects.toThrow(
      'input.actor must have at most 100 characters, got 101.',
    );
  });
});
