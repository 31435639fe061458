import type { Sql } from '../database/sql.ts';

/** A complaint that was triaged; ids grow, though not always in the order in which transactions end. */
export type TriageEvent = {
  readonly id: number;
  readonly complaintId: number;
  /** Place of its severity, counted from 1. */
  readonly severity: number;
};

const events = `SELECT event.id, complaint_id AS "complaintId", severity
  FROM complaint_event event JOIN complaint ON complaint.id = complaint_id`;

/** Events behind an id, or the last `limit` where there is none, oldest first. */
export function listEvents(sql: Sql, afterId: number | null, limit: number): Promise<TriageEvent[]> {
  return afterId === null
    ? sql.query(`SELECT * FROM (${events} ORDER BY event.id DESC LIMIT $1) last ORDER BY id`, [limit])
    : sql.query(`${events} WHERE event.id > $1 ORDER BY event.id`, [afterId]);
}

/** Removes the events before a moment but the newest one; yields how many. */
export async function deleteEventsBefore(sql: Sql, moment: Date): Promise<number> {
  const rows = await sql.query(
    `DELETE FROM complaint_event WHERE created_at < $1 AND id < (SELECT max(id) FROM complaint_event) RETURNING 1`,
    [moment],
  );
  return rows.length;
}
