import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import type { Clock } from '../clock.ts';
import { type FileInspection, inspectFile, readBatches } from '../csv/csvFile.ts';
import type { CsvRecord } from '../csv/csvRecords.ts';
import { openRefusalsFile, type RefusalsFile } from '../csv/refusalsFile.ts';
import type { Database } from '../database/database.ts';
import type { Sql } from '../database/sql.ts';
import { badInput, DomainError } from '../errors.ts';
import { type BatchWriter, makeBatchWriter } from './batchWriter.ts';
import { withFileLock } from './importLock.ts';
import * as repository from './importRepository.ts';
import { addToSummary, emptySummary, type ImportSummary } from './importSummary.ts';
import { makeProductNames, type ProductNames } from './productNames.ts';
import { makeRowReader, type RowReader } from './rowReader.ts';
import type { FileFormat } from './salesFormat.ts';
import { settleImport } from './settleImport.ts';

/** A file to import and where its refused rows are listed. */
export type FileImport = {
  readonly path: string;
  readonly format: FileFormat;
  readonly refusalsPath: string;
};

/** How far an import is. */
export type ImportProgress = {
  /** Rows read in this run, rows skipped because an earlier run has committed them left out. */
  readonly rows: number;
  readonly skippedRows: number;
  readonly bytesRead: number;
  readonly sizeBytes: number;
};

/** What an import of a file did; `earlier` is when the same file was imported before, and then nothing was written. */
export type FileImportResult = {
  readonly summary: ImportSummary;
  readonly currencyCode: string;
  /** Line behind which a stopped import went on, 0 for a new one. */
  readonly resumedAfterLine: number;
  readonly earlier: Date | null;
  /** Null where no row was refused. */
  readonly refusalsPath: string | null;
};

/** Rows a transaction: large enough that its overhead vanishes, small enough that a crash costs little. */
const batchSize = 5_000;

/**
 * Imports a file of sales, or goes on with an import that was stopped. Every batch is one transaction with its own
 * checkpoint, so nothing is doubled or lost however the process ends. Throws BAD_USER_INPUT before anything is written
 * when the file cannot be read as its format says, CONFLICT when another process imports it.
 */
export async function importFile(
  { database, clock }: { readonly database: Pick<Database, 'kind' | 'sql'>; readonly clock: Clock },
  file: FileImport,
  onProgress: (progress: ImportProgress) => void,
): Promise<FileImportResult> {
  const inspection = await inspectFile(file.path, file.format);
  const readRows = makeRowReader(file.format, inspection.header, clock());
  const fingerprint = toFingerprint(inspection, file.format);
  return withFileLock(database, fingerprint, async () => {
    const warehouse = await getWarehouse(database.sql, file.format);
    const found = await repository.openImport(
      database.sql,
      { sha256: fingerprint, fileName: basename(file.path), format: file.format.name },
      emptySummary,
    );
    const outcome = {
      summary: found.summary,
      currencyCode: file.format.currencyCode,
      resumedAfterLine: found.checkpointLine,
      earlier: found.finishedAt,
      refusalsPath: null,
    };
    if (found.status === 'COMPLETED') return outcome;
    const run = await startRun(database.sql, file, { inspection, readRows, warehouse, found });
    const summary = await runBatches(run, onProgress);
    await database.sql.transaction((tx) => settleImport(tx, found.id, run.names.list()));
    return { ...outcome, summary, refusalsPath: (await run.refusals.finish()) ? file.refusalsPath : null };
  });
}

type Run = {
  readonly sql: Sql;
  readonly file: FileImport;
  readonly inspection: FileInspection;
  readonly readRows: RowReader;
  readonly found: repository.ImportRow;
  readonly writer: BatchWriter;
  readonly names: ProductNames;
  readonly refusals: RefusalsFile;
};

async function startRun(
  sql: Sql,
  file: FileImport,
  parts: Pick<Run, 'inspection' | 'readRows' | 'found'> & { readonly warehouse: repository.WarehouseRow },
): Promise<Run> {
  const { format, refusalsPath } = file;
  const categoryId = format.category === null ? null : await repository.getCategoryId(sql, format.category);
  return {
    ...parts,
    sql,
    file,
    writer: makeBatchWriter({
      importId: parts.found.id,
      warehouse: parts.warehouse,
      channel: format.channel,
      currencyCode: format.currencyCode,
      categoryId,
    }),
    names: makeProductNames(format.isProductName),
    refusals: await openRefusalsFile(refusalsPath, parts.inspection.header, parts.found.checkpointLine),
  };
}

/** Reads the file batch by batch, the next one while the store writes; skips what an earlier run has committed. */
async function runBatches(run: Run, onProgress: (progress: ImportProgress) => void): Promise<ImportSummary> {
  const batches = readBatches(run.file.path, run.file.format, batchSize);
  let { summary, checkpointLine } = run.found;
  let [rows, skippedRows] = [0, 0];
  let next = batches.next();
  for (;;) {
    const { value, done } = await next;
    if (done === true) return summary;
    next = batches.next();
    next.catch(() => undefined); // met by the next round; the write below may fail first
    const { records, bytesRead } = value;
    const lastLine = records.at(-1)?.endLine ?? 0;
    if (lastLine <= run.found.checkpointLine) {
      for (const { sku, name } of run.readRows(records).rows) run.names.add(sku, name);
      skippedRows += records.length;
    } else {
      summary = await writeBatch(run, records, { summary, checkpointLine, lastLine });
      checkpointLine = lastLine;
      rows += records.length;
    }
    onProgress({ rows, skippedRows, bytesRead, sizeBytes: run.inspection.sizeBytes });
  }
}

/** Writes one batch with its checkpoint and summary in one transaction, yields the summary after it. */
async function writeBatch(
  run: Run,
  records: readonly CsvRecord[],
  state: { readonly summary: ImportSummary; readonly checkpointLine: number; readonly lastLine: number },
): Promise<ImportSummary> {
  const read = run.readRows(records);
  for (const { sku, name } of read.rows) run.names.add(sku, name);
  return run.sql.transaction(async (tx) => {
    const locked = await repository.lockImport(tx, run.found.id);
    if (locked?.checkpointLine !== state.checkpointLine || locked.status !== 'RUNNING')
      throw new DomainError(
        'CONFLICT',
        `The file must be imported by one process at a time, but another one has moved its checkpoint from line ${state.checkpointLine} to ${locked?.checkpointLine}.`,
      );
    const written = await run.writer.write(tx, read.rows);
    const refusals = [...read.refusals, ...written.refusals].sort((a, b) => a.line - b.line);
    const summary = addToSummary(state.summary, written.kept, refusals);
    await repository.saveCheckpoint(tx, run.found.id, state.lastLine, summary);
    if (refusals.length > 0)
      await run.refusals.append(refusals, new Map(records.map((record) => [record.line, record])));
    return summary;
  });
}

/**
 * What makes two imports the same: the content and everything that gives it its meaning, so that a file read with the
 * wrong date format can be imported again with the right one.
 */
function toFingerprint({ sha256 }: FileInspection, format: FileFormat): string {
  const { isProductName: _, rules, delimiter: __, ...settings } = format;
  const meaning = JSON.stringify({ ...settings, dateFormats: rules.dateFormats });
  return createHash('sha256').update(`${sha256}\n${meaning}`).digest('hex');
}

async function getWarehouse(sql: Sql, { warehouse }: FileFormat): Promise<repository.WarehouseRow> {
  if ('name' in warehouse) await repository.insertWarehouse(sql, warehouse);
  const found = await repository.findWarehouse(sql, warehouse.code);
  if (found !== null) return found;
  const codes = (await repository.listWarehouseCodes(sql)).join(', ');
  throw badInput(
    `The warehouse must exist, but '${warehouse.code}' is none of ${codes || 'the store, which has none'}.`,
  );
}
