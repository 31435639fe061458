import { inspectFile, readBatches } from '../../../csv/csvFile.ts';
import type { CsvRecord } from '../../../csv/csvRecords.ts';
import { openRefusalsFile } from '../../../csv/refusalsFile.ts';
import type { Sql } from '../../../database/sql.ts';
import { keyOf } from './checkCompetitorPrices.ts';
import {
  type CompetitorFileRow,
  type CompetitorFormat,
  type CompetitorReader,
  type CompetitorRefusal,
  type CompetitorRefusalReason,
  makeCompetitorReader,
} from './competitorPriceFormat.ts';
import * as repository from './competitorRepository.ts';

/** A file of competitors' prices, what is told about it, and where its refused rows are listed. */
export type CompetitorFile = {
  readonly path: string;
  readonly format: CompetitorFormat;
  readonly source: string;
  readonly refusalsPath: string;
};

/** What an import did; of the rows kept, those not added or replaced were stored before. */
export type CompetitorImport = {
  readonly rowsRead: number;
  readonly rowsKept: number;
  readonly added: number;
  readonly replaced: number;
  readonly refused: Readonly<Partial<Record<CompetitorRefusalReason, number>>>;
  /** Null where no row was refused. */
  readonly refusalsPath: string | null;
};

/** Hears how far an import is. */
export type OnCompetitorProgress = (progress: {
  readonly rows: number;
  readonly skippedRows: number;
  readonly bytesRead: number;
  readonly sizeBytes: number;
}) => void;

type Totals = { rowsRead: number; rowsKept: number; added: number; replaced: number };

/** Rows a transaction. */
const batchSize = 5_000;

/**
 * Imports a file of competitors' prices, a batch a transaction. An observation is known by its variant, competitor and
 * moment, so a file that is imported again, whole or after an interruption, doubles nothing; of several rows of one moment
 * the last counts. Throws BAD_USER_INPUT before anything is written where the file cannot be read as its format says.
 */
export async function importCompetitorPrices(
  { sql, now }: { readonly sql: Sql; readonly now: Date },
  { path, format, source, refusalsPath }: CompetitorFile,
  onProgress: OnCompetitorProgress,
): Promise<CompetitorImport> {
  const { header, sizeBytes } = await inspectFile(path, format);
  const read = makeCompetitorReader(format, header, now);
  const refusals = await openRefusalsFile(refusalsPath, header, 0);
  const totals: Totals = { rowsRead: 0, rowsKept: 0, added: 0, replaced: 0 };
  const refused: Partial<Record<CompetitorRefusalReason, number>> = {};
  for await (const { records, bytesRead } of readBatches(path, format, batchSize)) {
    const left = await sql.transaction((tx) => writeBatch(tx, { records, read, source }, totals));
    for (const { reason } of left) refused[reason] = (refused[reason] ?? 0) + 1;
    await refusals.append(left, new Map(records.map((record) => [record.line, record])));
    onProgress({ rows: totals.rowsRead, skippedRows: 0, bytesRead, sizeBytes });
  }
  return { ...totals, refused, refusalsPath: (await refusals.finish()) ? refusalsPath : null };
}

/** Writes a batch by two statements, adds it to the totals and yields what was left out, in the order of the file. */
async function writeBatch(
  tx: Sql,
  batch: {
    readonly records: readonly CsvRecord[];
    readonly read: CompetitorReader;
    readonly source: string;
  },
  totals: Totals,
): Promise<CompetitorRefusal[]> {
  const results = batch.records.map(batch.read);
  const rows = results.flatMap((result) => ('row' in result ? [result.row] : []));
  const skus = [...new Set(rows.map(({ sku }) => sku))].filter((sku) => !sku.includes('\0'));
  const variants = new Map((await repository.listVariantsBySku(tx, skus)).map((row) => [row.sku, row]));
  const left = results.flatMap((result) => {
    const refusal = 'row' in result ? findProblem(result.row, variants.get(result.row.sku)) : result.refusal;
    return refusal ?? [];
  });
  const leftLines = new Set(left.map(({ line }) => line));
  const kept = rows.filter(({ line }) => !leftLines.has(line));
  const latest = new Map(
    kept.map(({ line: _, sku, ...row }) => {
      const observation = { ...row, variantId: variants.get(sku)?.id ?? 0 };
      return [keyOf(observation), observation];
    }),
  );
  const { added, replaced } =
    latest.size === 0
      ? { added: 0, replaced: 0 }
      : await repository.upsertCompetitorPrices(tx, [...latest.values()], batch.source);
  totals.rowsRead += batch.records.length;
  totals.rowsKept += kept.length;
  totals.added += added;
  totals.replaced += replaced;
  return left;
}

function findProblem(
  { line, sku, currencyCode }: CompetitorFileRow,
  variant: repository.KnownVariantRow | undefined,
): CompetitorRefusal | null {
  if (variant === undefined)
    return {
      line,
      reason: 'UNKNOWN_SKU',
      message: `sku must be of a variant of the catalogue, got '${sku.slice(0, 60)}'.`,
    };
  if (variant.currencyCode === currencyCode) return null;
  const message = `The currency must be that of '${sku}', ${variant.currencyCode}, got '${currencyCode.slice(0, 60)}'.`;
  return { line, reason: 'CURRENCY_MISMATCH', message };
}
