import type { Sql } from '../../database/sql.ts';
import type { PriceScheduleState } from '../../generated/graphql.ts';

/** A recommended price that is, or was, to be set on a later day. */
export type ScheduleRow = {
  readonly recommendationId: number;
  readonly effectiveFrom: string;
  readonly state: PriceScheduleState;
  readonly actor: string;
  readonly reason: string | null;
  readonly note: string | null;
  readonly createdAt: Date;
  readonly endedAt: Date | null;
};
/** A schedule to be written. */
export type NewSchedule = Pick<
  ScheduleRow,
  'recommendationId' | 'effectiveFrom' | 'actor' | 'reason' | 'createdAt'
>;
/** How schedules end. */
export type ScheduleEnd = {
  readonly recommendationId: number;
  readonly state: Exclude<PriceScheduleState, 'SCHEDULED'>;
  readonly note: string | null;
};

const columns = `recommendation_id AS "recommendationId", effective_from AS "effectiveFrom", state, actor, reason, note,
  created_at AS "createdAt", ended_at AS "endedAt"`;

/** The latest schedule of each recommendation, in no order. */
export function listLatestSchedules(sql: Sql, recommendationIds: readonly number[]): Promise<ScheduleRow[]> {
  return sql.query(
    `SELECT DISTINCT ON (recommendation_id) ${columns} FROM price_schedule
      WHERE recommendation_id = ANY($1::int[]) ORDER BY recommendation_id, id DESC`,
    [recommendationIds],
  );
}

/** Locks the open schedules of recommendations, which the caller has locked, until the transaction ends. */
export function lockSchedules(tx: Sql, recommendationIds: readonly number[]): Promise<ScheduleRow[]> {
  return tx.query(
    `SELECT ${columns} FROM price_schedule
      WHERE state = 'SCHEDULED' AND recommendation_id = ANY($1::int[]) ORDER BY recommendation_id FOR UPDATE`,
    [recommendationIds],
  );
}

/** Recommendations whose day has come, at most `limit`, the longest due first. */
export async function listDueIds(sql: Sql, day: string, limit: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT recommendation_id AS id FROM price_schedule
      WHERE state = 'SCHEDULED' AND effective_from <= $1::date ORDER BY effective_from, id LIMIT $2`,
    [day, limit],
  );
  return rows.map(({ id }) => id);
}

/** Recommendations of a run that are scheduled. */
export async function listScheduledOfRun(sql: Sql, runId: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT schedule.recommendation_id AS id FROM price_schedule schedule
       JOIN price_proposal proposal ON proposal.recommendation_id = schedule.recommendation_id
      WHERE schedule.state = 'SCHEDULED' AND proposal.job_id = $1 ORDER BY 1`,
    [runId],
  );
  return rows.map(({ id }) => id);
}

/** Writes schedules. */
export async function insertSchedules(tx: Sql, schedules: readonly NewSchedule[]): Promise<void> {
  if (schedules.length === 0) return;
  await tx.query(
    `INSERT INTO price_schedule (recommendation_id, effective_from, actor, reason, created_at)
     SELECT "recommendationId", "effectiveFrom", actor, reason, "createdAt"
       FROM jsonb_to_recordset($1::jsonb)
            AS given("recommendationId" int, "effectiveFrom" date, actor text, reason text, "createdAt" timestamptz)`,
    [JSON.stringify(schedules)],
  );
}

/** Ends open schedules; yields how many were open. */
export async function endSchedules(tx: Sql, ends: readonly ScheduleEnd[], now: Date): Promise<number> {
  if (ends.length === 0) return 0;
  const rows = await tx.query(
    `UPDATE price_schedule schedule SET state = given.state, note = given.note, ended_at = $2
       FROM jsonb_to_recordset($1::jsonb) AS given("recommendationId" int, state text, note text)
      WHERE schedule.recommendation_id = given."recommendationId" AND schedule.state = 'SCHEDULED' RETURNING 1`,
    [JSON.stringify(ends), now],
  );
  return rows.length;
}
