import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { describeError } from '../../src/describeError.ts';
import { resultOf } from '../support/stockFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import {
  type ComplaintsFixture,
  makeComplaintsFixture,
  plainComplaint,
} from './support/complaintsFixture.ts';
import { makeRecommended } from './support/recommended.ts';

let database: Database;
let fixture: ComplaintsFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeComplaintsFixture(database);
});
afterAll(() => database.close());

/** Every value of the tables of complaints, and of jobs and stored outcomes, as one text. */
async function readAll(): Promise<string> {
  const tables = [
    'complaint',
    'complaint_triage',
    'complaint_text_triage',
    'complaint_override',
    'complaint_message',
    'complaint_action',
    'recommendation',
    'recommendation_event',
    'job',
    'idempotency_key',
  ];
  const rows = await Promise.all(
    tables.map((table) => database.sql.query(`SELECT to_jsonb(${table})::text AS row FROM ${table}`)),
  );
  return JSON.stringify(rows);
}
const request = { customerReference: 'C-9', actor: 'Ada', reason: 'Asked for it.' };

it('deletes all that a customer wrote from every table, by three statements, and nothing of others', async () => {
  const { complaints } = fixture;
  const secret = 'zebracrossing';
  const key = { key: 'delete-1', mutation: 'complaintSubmit', arguments: { text: secret } };
  const given = {
    text: `The lid is late, ${secret}!`,
    customerReference: 'C-9',
    salesOrderNumber: 'R-4711',
    shipmentReference: 'S-0815',
  };
  const id = resultOf(await complaints.submitComplaint({ ...plainComplaint, ...given }, key));
  fixture.triager.next = 'fail';
  const waiting = await fixture.submit(given);
  fixture.triager.next = 'answer';
  const message = { complaintId: id, author: 'CUSTOMER', agent: null } as const;
  resultOf(await complaints.addMessage({ ...message, text: `Still late, ${secret}` }));
  const override = { complaintId: id, intent: null, severity: 1, sentiment: null, isComplaint: null };
  resultOf(await complaints.overrideTriage({ ...override, author: 'Ada', reason: `Says ${secret}` }));
  const other = await fixture.submit({ text: 'A broken cup.', customerReference: 'C-10' });
  const { newestOf, carryOut, listOf } = makeRecommended(fixture);
  const carriedOut = await carryOut(id);
  expect(await newestOf(id)).toMatchObject({ action: 'EXPEDITE', terms: { shipmentReference: 'S-0815' } });
  for (const personal of [secret, 'R-4711', 'S-0815']) expect(await readAll()).toContain(personal);

  const meter = { statements: 0 };
  const deleted = await withStatementCount(meter, () => complaints.deleteCustomerTexts(request));
  expect(resultOf(deleted)).toEqual({ complaints: 2, messages: 1 });
  expect(meter.statements).toBe(3); // complaints; proposals withdrawn, recommendations wiped
  const left = await readAll();
  expect(left).not.toContain(secret);
  for (const personal of ['C-9', 'R-4711', 'S-0815', 'Agreed.']) expect(left).not.toContain(personal);
  expect(await listOf(id)).toMatchObject([{ id: carriedOut, status: 'APPLIED', reason: 'deleted' }]);
  expect(await listOf(waiting)).toEqual([]);
  const [row, late, kept] = await complaints.findComplaints([id, waiting, other]);
  expect(row).toMatchObject({ text: null, maskedText: '', intent: 'delivery_period', severity: 1 });
  expect(kept).toMatchObject({ text: 'A broken cup.', customerReference: 'C-10' });
  const search = { field: 'ID', direction: 'ASC' } as const;
  expect((await complaints.listComplaints({ search: secret }, search, {})).nodes).toEqual([]);
  const embeddings = await database.sql.query(
    'SELECT embedding FROM complaint_triage WHERE complaint_id = $1',
    [id],
  );
  expect(embeddings).toEqual([{ embedding: [] }]);
  expect(
    await database.sql.query('SELECT actor, reason, complaints, messages FROM customer_text_deletion'),
  ).toEqual([{ actor: 'Ada', reason: 'Asked for it.', complaints: 2, messages: 1 }]);

  expect(late?.triageState).toBe('PENDING');
  const runs = fixture.triager.runs.length;
  await fixture.work(async () => {
    const open = await database.sql.query(`SELECT 1 FROM job WHERE state NOT IN ('COMPLETED', 'FAILED')`);
    return open.length === 0;
  });
  expect(fixture.triager.runs.length).toBe(runs); // its job finds no text to read
});

it('refuses a customer without complaints and blank words, and keeps nothing of it', async () => {
  const { complaints } = fixture;
  expect(await complaints.deleteCustomerTexts({ ...request, customerReference: 'C-11' })).toMatchObject({
    userErrors: [
      {
        code: 'NOT_FOUND',
        message: 'input.customerReference must be that of a customer with complaints, got another.',
      },
    ],
  });
  expect(await complaints.deleteCustomerTexts({ ...request, reason: ' ' })).toMatchObject({
    userErrors: [{ code: 'BLANK', field: ['input', 'reason'] }],
  });
});

it('logs errors of the store without what was written', async () => {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      done();
    },
  });
  const logger = pino({ serializers: { err: describeError } }, stream);
  const text = 'My name is Jane Roe, jane@example.com';
  const error = await database.sql
    .query('INSERT INTO complaint (channel, text, submitted_at, severity) VALUES ($1, $2, now(), 9)', [
      'EMAIL',
      text,
    ])
    .catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(Error);
  logger.error({ err: new Error('No mail to jane@example.com', { cause: error }) }, 'masked error');
  expect(lines.join('')).toContain('complaint_check');
  expect(lines.join('')).toContain('No mail to [email]');
  expect(lines.join('')).not.toMatch(/Jane Roe|jane@/);
});
