import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import {
  type ComplaintsFixture,
  makeComplaintsFixture,
  plainComplaint,
} from './support/complaintsFixture.ts';

let database: Database;
let fixture: ComplaintsFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
});
beforeEach(() => {
  fixture.triager.next = 'answer';
});
afterAll(() => database.close());

const find = async (id: number) => (await fixture.complaints.findComplaints([id]))[0];
const say = (complaintId: number, text: string) =>
  fixture.complaints.addMessage({ complaintId, author: 'CUSTOMER', agent: null, text });
const history = async (id: number) => (await fixture.complaints.listTriagesOfComplaints([id]))[0] ?? [];

describe('a later message of a customer', () => {
  it('is triaged in its request by one model run and six statements', async () => {
    const id = await fixture.submit({ text: 'Where is my parcel?' });
    const runs = fixture.triager.runs.length;
    const meter = { statements: 0 };
    await withStatementCount(meter, () => say(id, 'It is late.'));
    expect(meter.statements).toBe(6); // the lock, the message, its triage; facts, proposals withdrawn and made
    expect(fixture.triager.runs.slice(runs)).toEqual([['It is late.']]);
  });

  it('makes the complaint follow it, and subscribers hear of it', async () => {
    const id = await fixture.submit({ text: 'Where is my parcel?' });
    expect(await find(id)).toMatchObject({ intent: 'track_order', severity: 1, isComplaint: false });
    const heard = fixture.complaints.listenToTriages(0);
    const next = heard.next();
    await new Promise((resolve) => setTimeout(resolve, 50)); // the feed begins with the first look at the store
    await say(id, 'It came broken, I am furious!');
    expect(await find(id)).toMatchObject({
      intent: 'complaint',
      severity: 3,
      isComplaint: true,
      triageState: 'DONE',
    });
    expect(await next).toEqual({ done: false, value: id });
    await heard.return?.();
    const [message] = (await fixture.complaints.listMessagesOfComplaints([id]))[0] ?? [];
    expect((await fixture.complaints.findTriages([id]))[0]).toMatchObject({
      messageId: message?.id,
      intent: { name: 'complaint' },
    });
    expect((await history(id)).map(({ messageId, intent }) => [messageId, intent.name])).toEqual([
      [null, 'track_order'],
      [message?.id, 'complaint'],
    ]);
  });

  it('leaves the labels where the model abstains on it, and the complaint one where it is none', async () => {
    const id = await fixture.submit({ text: 'The lid came broken.' });
    await say(id, 'Thanks');
    expect(await find(id)).toMatchObject({ intent: 'complaint', severity: 2, isComplaint: true });
    await say(id, 'And where is the new one?');
    expect(await find(id)).toMatchObject({ intent: 'track_order', severity: 1, isComplaint: true });
    expect((await history(id)).map(({ abstained }) => abstained)).toEqual([false, true, false]);
  });

  it('of an agent is not triaged', async () => {
    const id = await fixture.submit();
    const runs = fixture.triager.runs.length;
    const reply = { complaintId: id, author: 'AGENT', agent: 'Ada', text: 'It is late, sorry.' } as const;
    resultOf(await fixture.complaints.addMessage(reply));
    expect(fixture.triager.runs.length).toBe(runs);
    expect(await history(id)).toHaveLength(1);
  });

  it.each(['fail', 'hang'] as const)('waits for a job where its triage does %s', async (next) => {
    const id = await fixture.submit({ text: 'Where is my parcel?' });
    fixture.triager.next = next;
    resultOf(await say(id, 'It is late!!'));
    expect(await find(id)).toMatchObject({ triageState: 'PENDING', intent: 'track_order' });
    fixture.triager.next = 'answer';
    await fixture.work(async () => (await find(id))?.triageState === 'DONE');
    expect(await find(id)).toMatchObject({ intent: 'delivery_period', severity: 2 });
  });

  it('keeps what people corrected', async () => {
    const id = await fixture.submit();
    const none = { complaintId: id, intent: null, severity: null, sentiment: null, isComplaint: null };
    const who = { author: 'Ada', reason: 'So.' };
    resultOf(await fixture.complaints.overrideTriage({ ...none, ...who, severity: 4 }));
    await say(id, 'Where is my parcel?');
    expect(await find(id)).toMatchObject({ intent: 'track_order', severity: 4 });
  });

  it('is refused for an unknown complaint, and nothing is kept of it', async () => {
    expect(await say(2_000_000, 'It is late!')).toMatchObject({
      userErrors: [{ code: 'NOT_FOUND', field: ['input', 'complaintId'] }],
    });
    const rows = await database.sql.query('SELECT 1 FROM complaint_message WHERE text = $1', ['It is late!']);
    expect(rows).toEqual([]);
  });
});

describe('a job of triage', () => {
  it('reads in one model run all that a thread has waiting, and what holds where nothing waits', async () => {
    fixture.triager.next = 'fail';
    const id = await fixture.submit({ text: 'Where is my parcel?' });
    await say(id, 'It is broken now.');
    fixture.triager.next = 'answer';
    const runs = fixture.triager.runs.length;
    const input = { complaintIds: [id] };
    const run = () => fixture.complaints.jobHandler.run(input, { jobId: 1, input });
    expect(await run()).toEqual({ triaged: 1 });
    expect(await run()).toEqual({ triaged: 1 });
    expect(fixture.triager.runs.slice(runs)).toEqual([
      ['Where is my parcel?', 'It is broken now.'],
      ['It is broken now.'],
    ]);
    expect(await find(id)).toMatchObject({ intent: 'complaint', isComplaint: true, triageState: 'DONE' });
  });
});

describe('an answer that is only given again', () => {
  it('takes no model run, and leaves no job', async () => {
    const key = (name: string) => ({ key: name, mutation: 'm', arguments: {} });
    const id = resultOf(await fixture.complaints.submitComplaint(plainComplaint, key('first')));
    const message = { complaintId: id, author: 'CUSTOMER', agent: null, text: 'It is late!!' } as const;
    resultOf(await fixture.complaints.addMessage(message, key('second')));
    const [runs, before] = [fixture.triager.runs.length, await history(id)];
    const jobs = async () => (await database.sql.query('SELECT 1 FROM job')).length;
    const waiting = await jobs();
    expect(resultOf(await fixture.complaints.submitComplaint(plainComplaint, key('first')))).toBe(id);
    expect(resultOf(await fixture.complaints.addMessage(message, key('second')))).toBe(id);
    expect(fixture.triager.runs.length).toBe(runs);
    expect(await history(id)).toEqual(before);
    expect(await jobs()).toBe(waiting);
    await expect(
      fixture.complaints.submitComplaint(plainComplaint, { ...key('first'), arguments: { text: 'x' } }),
    ).rejects.toMatchObject({ code: 'IDEMPOTENCY_KEY_PARAMETER_MISMATCH' });
  });
});

describe('what the texts of a thread name', () => {
  it('is stored with the triage, and complaints are found by it', async () => {
    const { complaints } = fixture;
    const id = await fixture.submit({ text: 'Order #a77 is broken', salesOrderNumber: 'so-9' });
    const other = await fixture.submit({ text: 'My #S12 and #b88 are broken' });
    await say(id, 'It was the #S13 that is late');
    const runs = fixture.triager.runs.length;
    const meter = { statements: 0 };
    const [triage] = await withStatementCount(meter, () => complaints.findTriages([id]));
    expect(meter.statements).toBe(1);
    expect(triage?.entities).toEqual([{ entity: 'sku', value: 'S13', start: 11, end: 15, confidence: 0.9 }]);
    expect((await history(id)).map(({ entities }) => entities.map(({ value }) => value))).toEqual([
      ['A77'],
      ['S13'],
    ]);
    const list = async (filter: object) => {
      const page = await complaints.listComplaints(filter, { field: 'ID', direction: 'ASC' }, {});
      return page.nodes.map((row) => row.id);
    };
    expect(await list({ orderNumbers: ['a77'] })).toEqual([id]);
    expect(await list({ orderNumbers: ['so-9', 'B88'] })).toEqual([id, other]);
    expect(await list({ skus: ['s12', 's13'] })).toEqual([id, other]);
    expect(await list({ skus: ['s12'], orderNumbers: ['so-9'] })).toEqual([]);
    expect(await list({ orderNumbers: [] })).toEqual([]);
    expect(fixture.triager.runs.length).toBe(runs);
    await expect(list({ skus: Array.from({ length: 101 }, () => 'a') })).rejects.toThrow(
      'filter.skus must have at most 100 entries, got 101.',
    );
    await expect(list({ orderNumbers: ['\0'] })).rejects.toThrow(
      'filter.orderNumbers must not contain the character U+0000.',
    );
  });

  it('goes with the text', async () => {
    const { complaints } = fixture;
    const id = await fixture.submit({ text: 'Order #c99 is broken', customerReference: 'C-1' });
    await say(id, 'I mean #d11, it is broken');
    resultOf(
      await complaints.deleteCustomerTexts({ customerReference: 'C-1', actor: 'Ada', reason: 'Asked.' }),
    );
    for (const triage of [...(await complaints.findTriages([id])), ...(await history(id))])
      expect(triage).toMatchObject({ entities: [], intent: { name: 'complaint' } });
    const page = await complaints.listComplaints(
      { orderNumbers: ['C99', 'D11'] },
      { field: 'ID', direction: 'ASC' },
      {},
    );
    expect(page.nodes).toEqual([]);
  });
});
