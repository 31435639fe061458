import type { Sql } from '../database/sql.ts';
import { sentiments, severities } from './labels.ts';
import type { TriagedText } from './triager.ts';

/** What the model made of a text of a complaint's thread, as it is stored. */
export type TriageRow = Omit<TriagedText, 'embedding'> & {
  readonly complaintId: number;
  /** The message that was read; null = the complaint's own text. */
  readonly messageId: number | null;
  readonly triagedAt: Date;
};
/** The triage of a text before it is stored. */
export type NewTriage = Pick<TriageRow, 'complaintId' | 'messageId'> & { readonly triage: TriagedText };
/** A text that is to be triaged. */
export type ThreadText = Pick<TriageRow, 'complaintId' | 'messageId'> & { readonly text: string };

const columns = `result || jsonb_build_object('complaintId', complaint_id, 'messageId', message_id, 'triagedAt', triaged_at,
  'model', jsonb_build_object('name', model_name, 'version', model_version),
  'entities', COALESCE(result -> 'entities', '[]')) AS result`;

/** The triages that hold for complaints. */
export async function listTriages(sql: Sql, complaintIds: readonly number[]): Promise<TriageRow[]> {
  const rows = await sql.query<{ result: object }>(
    `SELECT ${columns} FROM complaint_triage WHERE complaint_id = ANY($1::int[])`,
    [complaintIds],
  );
  return rows.map(toRow);
}

/** All triages of the texts of complaints, oldest first. */
export async function listTextTriages(sql: Sql, complaintIds: readonly number[]): Promise<TriageRow[]> {
  const rows = await sql.query<{ result: object }>(
    `SELECT ${columns} FROM complaint_text_triage WHERE complaint_id = ANY($1::int[]) ORDER BY complaint_id, id`,
    [complaintIds],
  );
  return rows.map(toRow);
}

/** Locks complaints, so that the triages of a thread come one after the other. */
export async function lockThreads(tx: Sql, complaintIds: readonly number[]): Promise<void> {
  await tx.query('SELECT 1 FROM complaint WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE', [complaintIds]);
}

/**
 * Stores triages of texts, whose complaints the caller has locked or just made. What holds for a complaint then: the last
 * triage of the last of its customer's texts on which the model did not abstain, or of the last text where it abstained on all;
 * and a thread is a complaint where one of its texts is, so that thanks do not take a complaint out of the statistics.
 * Labels that people corrected stay. A complaint whose text was deleted meanwhile gets none. Subscribers are told. Yields the ids of
 * the complaints that were triaged: one statement.
 */
export async function storeTriages(tx: Sql, triages: readonly NewTriage[], now: Date): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `WITH stored AS (
       INSERT INTO complaint_text_triage (complaint_id, message_id, model_name, model_version, triaged_at, result, embedding)
       SELECT "complaintId", "messageId", given.model ->> 'name', given.model ->> 'version', $2, given.result, given.embedding
         FROM jsonb_to_recordset($1::jsonb)
              AS given("complaintId" int, "messageId" int, model jsonb, result jsonb, embedding real[])
         JOIN complaint ON complaint.id = "complaintId" AND complaint.text IS NOT NULL
       RETURNING *
     ), latest AS (
       SELECT DISTINCT ON (complaint_id, message_id) *, (result ->> 'abstained')::boolean AS abstained,
              result -> 'complaint' ->> 'name' = 'yes' AS complains
         FROM (SELECT * FROM stored UNION ALL
               SELECT * FROM complaint_text_triage WHERE complaint_id IN (SELECT complaint_id FROM stored)) every
        ORDER BY complaint_id, message_id, id DESC
     ), holding AS (
       SELECT DISTINCT ON (complaint_id) *,
              complains OR bool_or(complains AND NOT abstained) OVER (PARTITION BY complaint_id) AS is_complaint
         FROM latest ORDER BY complaint_id, abstained, message_id DESC NULLS LAST
     ), labelled AS (
       UPDATE complaint SET triage_state = 'DONE', intent_confidence = (result -> 'intent' ->> 'confidence')::numeric,
              intent = COALESCE(own.intent, result -> 'intent' ->> 'name'),
              severity = COALESCE(own.severity, array_position($3::text[], upper(result -> 'severity' ->> 'name')), 0),
              sentiment = COALESCE(own.sentiment, array_position($4::text[], upper(result -> 'sentiment' ->> 'name')), 0),
              is_complaint = COALESCE(own.is_complaint, holding.is_complaint)
         FROM holding LEFT JOIN LATERAL (${lastOverrides('holding.complaint_id')}) own ON TRUE
        WHERE complaint.id = holding.complaint_id
     ), told AS (
       INSERT INTO complaint_event (complaint_id, created_at) SELECT complaint_id, $2 FROM holding
     )
     INSERT INTO complaint_triage (complaint_id, message_id, model_name, model_version, triaged_at, result, embedding)
     SELECT complaint_id, message_id, model_name, model_version, triaged_at, result, embedding FROM holding
     ON CONFLICT (complaint_id) DO UPDATE
        SET message_id = excluded.message_id, model_name = excluded.model_name, model_version = excluded.model_version,
            triaged_at = excluded.triaged_at, result = excluded.result, embedding = excluded.embedding
     RETURNING complaint_id AS id`,
    [JSON.stringify(triages.map(toRecord)), now, severities, sentiments],
  );
  return rows.map(({ id }) => id);
}

/**
 * What is to be read of complaints, in the order of their threads: the customer's texts without a triage; where each has one, the
 * text whose triage holds. Deleted texts are left out.
 */
export function listThreadTexts(sql: Sql, complaintIds: readonly number[]): Promise<ThreadText[]> {
  return sql.query(
    `WITH given AS (
       SELECT id AS complaint_id, NULL::int AS message_id, text FROM complaint WHERE id = ANY($1::int[])
       UNION ALL
       SELECT complaint_id, id, text FROM complaint_message WHERE complaint_id = ANY($1::int[]) AND author = 'CUSTOMER'
     ), marked AS (
       SELECT given.*, held.message_id IS NOT DISTINCT FROM given.message_id AS is_held,
              EXISTS (SELECT 1 FROM complaint_text_triage past WHERE past.complaint_id = given.complaint_id
                         AND past.message_id IS NOT DISTINCT FROM given.message_id) AS is_read
         FROM given LEFT JOIN complaint_triage held ON held.complaint_id = given.complaint_id
        WHERE given.text IS NOT NULL
     ), counted AS (
       SELECT *, bool_and(is_read) OVER (PARTITION BY complaint_id) AS all_read FROM marked
     )
     SELECT complaint_id AS "complaintId", message_id AS "messageId", text FROM counted
      WHERE NOT is_read OR (all_read AND is_held) ORDER BY complaint_id, message_id NULLS FIRST`,
    [complaintIds],
  );
}

/** Marks a complaint that the caller has locked as waiting for a triage. */
export async function markPending(tx: Sql, complaintId: number): Promise<void> {
  await tx.query(`UPDATE complaint SET triage_state = 'PENDING' WHERE id = $1`, [complaintId]);
}

/** Ids of the oldest complaints that were not yet triaged. */
export async function listPendingIds(sql: Sql, limit: number): Promise<number[]> {
  const rows = await sql.query<{ id: number }>(
    `SELECT id FROM complaint WHERE triage_state = 'PENDING' AND text IS NOT NULL ORDER BY id LIMIT $1`,
    [limit],
  );
  return rows.map(({ id }) => id);
}

/** SQL of the last correction of each label of a complaint; nulls where there is none. */
export function lastOverrides(complaintId: string): string {
  const last = (column: string) =>
    `(array_agg(${column} ORDER BY id DESC) FILTER (WHERE ${column} IS NOT NULL))[1] AS ${column}`;
  return `SELECT ${['intent', 'severity', 'sentiment', 'is_complaint'].map(last).join(', ')}
            FROM complaint_override WHERE complaint_id = ${complaintId}`;
}

/** All but the text is kept; evidence would be a part of it, and takes model runs of its own. */
function toRecord({ complaintId, messageId, triage: { embedding, model, ...result } }: NewTriage) {
  return { complaintId, messageId, model, result, embedding: Array.from(embedding) };
}

function toRow({ result }: { readonly result: object }): TriageRow {
  const row = result as Omit<TriageRow, 'triagedAt'> & { readonly triagedAt: string }; // as written above
  return { ...row, triagedAt: new Date(row.triagedAt) };
}
