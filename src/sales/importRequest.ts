import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { Sql } from '../database/sql.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { makeBatchWriter } from './batchWriter.ts';
import { toDayNumber } from './calendarDay.ts';
import * as repository from './importRepository.ts';
import { addToSummary, emptySummary, type ImportSummary } from './importSummary.ts';
import { makeProductNames } from './productNames.ts';
import { readSalesRow } from './readSalesRow.ts';
import { splitRows } from './rowReader.ts';
import { makePlainRules } from './salesFormat.ts';
import type { Refusal, SourceRow } from './salesRow.ts';
import { settleImport } from './settleImport.ts';

/** Rows of sales in a request. */
export type RequestImport = {
  readonly warehouseCode: string;
  readonly currencyCode: string;
  readonly channel: string;
  readonly rows: readonly Omit<SourceRow, 'line'>[];
};

/** What the import of a request did; refusals in the order of the rows. */
export type RequestImportResult = {
  readonly summary: ImportSummary;
  readonly currencyCode: string;
  readonly refusals: readonly Refusal[];
};

/** Why a request is refused as a whole. */
export type RequestImportCode = 'NOT_FOUND' | 'TOO_MANY_LINES' | 'DUPLICATE_IMPORT' | 'INVALID_INPUT';

type RequestOutcome = Outcome<RequestImportResult, RequestImportCode>;

/** Most rows of one request. */
export const maximumRequestRows = 1_000;

/** Imports the rows of a request in one transaction. */
export async function importRequest(
  { sql, clock }: { readonly sql: Sql; readonly clock: Clock },
  input: RequestImport,
  idempotency: Idempotency | undefined,
): Promise<RequestOutcome> {
  const problem = findInputProblem(input);
  if (problem !== null) return problem;
  return inIdempotentTransaction(sql, idempotency, (tx) => importRows(tx, input, clock()));
}

async function importRows(tx: Sql, input: RequestImport, now: Date): Promise<RequestOutcome> {
  const { channel, currencyCode } = input;
  const warehouse = await repository.findWarehouse(tx, input.warehouseCode);
  if (warehouse === null)
    return refuse(
      'NOT_FOUND',
      'warehouseCode',
      `must be the code of a warehouse, got '${input.warehouseCode}'.`,
    );
  const sha256 = createHash('sha256').update(JSON.stringify(input)).digest('hex');
  const started = await repository.openImport(
    tx,
    { sha256, fileName: 'salesImport', format: 'api' },
    emptySummary,
  );
  if (!started.isNew)
    return refuse(
      'DUPLICATE_IMPORT',
      'rows',
      `must be new, but the same input was imported on ${started.startedAt.toISOString()}.`,
    );
  await repository.lockImport(tx, started.id);
  const rules = makePlainRules('ISO');
  const lastDay = toDayNumber(now.toISOString().slice(0, 10)) + 1;
  const read = splitRows(
    input.rows.map((row, index) => readSalesRow({ ...row, line: index + 1 }, rules, lastDay)),
  );
  const destination = { importId: started.id, warehouse, channel, currencyCode, categoryId: null };
  const written = await makeBatchWriter(destination).write(tx, read.rows);
  const refusals = [...read.refusals, ...written.refusals].sort((a, b) => a.line - b.line);
  const summary = addToSummary(emptySummary, written.kept, refusals);
  await repository.saveCheckpoint(tx, started.id, input.rows.length, summary);
  const names = makeProductNames(() => true);
  for (const { sku, name } of written.kept) names.add(sku, name);
  await settleImport(tx, started.id, names.list());
  return done({ summary, currencyCode, refusals });
}

function findInputProblem({ rows, channel, currencyCode }: RequestImport): RequestOutcome | null {
  if (rows.length > maximumRequestRows)
    return refuse(
      'TOO_MANY_LINES',
      'rows',
      `must have at most ${maximumRequestRows} entries, got ${rows.length}.`,
    );
  if (rows.length === 0) return refuse('INVALID_INPUT', 'rows', 'must have at least one entry, got none.');
  if (channel.length < 1 || channel.length > 64 || /\p{Cc}|\p{Cs}/u.test(channel))
    return refuse(
      'INVALID_INPUT',
      'channel',
      `must have 1 to 64 printable characters, got ${channel.length}.`,
    );
  if (!/^[A-Z]{3}$/.test(currencyCode))
    return refuse(
      'INVALID_INPUT',
      'currencyCode',
      `must be three capital letters, got '${currencyCode.slice(0, 20)}'.`,
    );
  return null;
}

function refuse(code: RequestImportCode, field: string, rule: string): RequestOutcome {
  return refused({ code, field: ['input', field], message: `${field} ${rule}` });
}
