import { formatTenThousandths, parseTenThousandths } from '../exactMoney.ts';
import type { Refusal, SalesRow } from './salesRow.ts';

/** What an import did so far; plain JSON, as the store keeps it. */
export type ImportSummary = {
  readonly rowsRead: number;
  readonly rowsKept: number;
  /** Number of refused rows by reason. */
  readonly refused: Readonly<Record<string, number>>;
  readonly units: number;
  readonly returns: number;
  /** Units sold × price, returns not deducted; an exact decimal. */
  readonly revenue: string;
};

/** The summary of an import that has read nothing. */
export const emptySummary: ImportSummary = {
  rowsRead: 0,
  rowsKept: 0,
  refused: {},
  units: 0,
  returns: 0,
  revenue: '0.00',
};

/** Adds rows and refusals to a summary. */
export function addToSummary(
  summary: ImportSummary,
  rows: readonly SalesRow[],
  refusals: readonly Refusal[],
): ImportSummary {
  const refused: Record<string, number> = { ...summary.refused };
  for (const { reason } of refusals) refused[reason] = (refused[reason] ?? 0) + 1;
  let [units, returns] = [summary.units, summary.returns];
  let revenue = parseTenThousandths(summary.revenue) ?? 0n;
  for (const row of rows) {
    if (row.kind === 'RETURN') returns += row.quantity;
    else {
      units += row.quantity;
      revenue += BigInt(row.quantity) * BigInt(row.price);
    }
  }
  return {
    rowsRead: summary.rowsRead + rows.length + refusals.length,
    rowsKept: summary.rowsKept + rows.length,
    refused,
    units,
    returns,
    revenue: formatTenThousandths(revenue),
  };
}
