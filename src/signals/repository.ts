import type { Sql } from '../database/sql.ts';
import type { ProductSignalSource } from '../generated/graphql.ts';

/** What was written about a variant in a week; the id is a row id, the week a Monday 'YYYY-MM-DD'. */
export type WeeklySignal = {
  readonly variantId: number;
  readonly weekStartsOn: string;
  readonly complaints: number;
  /** Complaints included. */
  readonly texts: number;
  /** Mean over the texts, −1 to 1; null without any. */
  readonly sentiment: number | null;
};

/** A stored week, with the complaints per unit sold in it and the week before; a week without sales counts as one unit. */
export type SignalRow = WeeklySignal & {
  readonly complaintRate: number;
  readonly source: ProductSignalSource;
};

/** Stores weeks; one that is there is replaced, but one that was recorded only by another. Yields how many were stored. */
export async function upsertSignals(
  tx: Sql,
  signals: readonly WeeklySignal[],
  source: ProductSignalSource,
): Promise<number> {
  const rows = await tx.query(
    `INSERT INTO product_signal (variant_id, week_starts_on, complaints, texts, sentiment, source)
     SELECT "variantId", "weekStartsOn", complaints, texts, sentiment, $2
       FROM jsonb_to_recordset($1::jsonb)
            AS record("variantId" int, "weekStartsOn" date, complaints int, texts int, sentiment float8)
     ON CONFLICT (variant_id, week_starts_on) DO UPDATE
        SET complaints = excluded.complaints, texts = excluded.texts, sentiment = excluded.sentiment,
            source = excluded.source
      WHERE excluded.source = 'RECORDED' OR product_signal.source <> 'RECORDED'
     RETURNING 1`,
    [JSON.stringify(signals), source],
  );
  return rows.length;
}

/** Those of these ids that are variants. */
export async function listKnownVariantIds(sql: Sql, variantIds: readonly number[]): Promise<Set<number>> {
  const rows = await sql.query<{ id: number }>('SELECT id FROM product_variant WHERE id = ANY($1::int[])', [
    variantIds,
  ]);
  return new Set(rows.map(({ id }) => id));
}

/** Weeks of several variants that begin in a range, both ends included, oldest first, without rates: one statement. */
export function listWeeks(
  sql: Sql,
  variantIds: readonly number[],
  range: { readonly from: string; readonly to: string },
): Promise<WeeklySignal[]> {
  return sql.query(
    `SELECT variant_id AS "variantId", week_starts_on AS "weekStartsOn", complaints, texts, sentiment
       FROM product_signal
      WHERE variant_id = ANY($1::int[]) AND week_starts_on BETWEEN $2::date AND $3::date
      ORDER BY variant_id, week_starts_on`,
    [variantIds, range.from, range.to],
  );
}

/** Weeks of several variants that begin in a range, both ends included, oldest first: one statement. */
export function listSignals(
  sql: Sql,
  variantIds: readonly number[],
  range: { readonly from: string | null; readonly to: string | null },
): Promise<SignalRow[]> {
  return sql.query(
    `SELECT signal.variant_id AS "variantId", signal.week_starts_on AS "weekStartsOn", signal.complaints, signal.texts,
            signal.sentiment, signal.source, signal.complaints::float8 / GREATEST(1, COALESCE(sold.units, 0)) AS "complaintRate"
       FROM product_signal signal
       LEFT JOIN LATERAL (
         SELECT sum(units) AS units FROM daily_sales
          WHERE variant_id = signal.variant_id
            AND date BETWEEN signal.week_starts_on - 7 AND signal.week_starts_on + 6
       ) sold ON TRUE
      WHERE signal.variant_id = ANY($1::int[])
        AND ($2::date IS NULL OR signal.week_starts_on >= $2::date)
        AND ($3::date IS NULL OR signal.week_starts_on <= $3::date)
      ORDER BY signal.variant_id, signal.week_starts_on`,
    [variantIds, range.from, range.to],
  );
}
