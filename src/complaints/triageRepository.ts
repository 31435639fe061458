import type { Sql } from '../database/sql.ts';
import { placeOf, sentiments, severities } from './labels.ts';
import type { TriagedText, Triager } from './triager.ts';

/** What the model made of a complaint's text, as it is stored. */
export type TriageRow = Omit<TriagedText, 'embedding'> & {
  readonly complaintId: number;
  readonly model: Triager['model'];
  readonly triagedAt: Date;
};
/** The triage of a complaint before it is stored. */
export type NewTriage = { readonly complaintId: number; readonly triage: TriagedText };

/** Triages of complaints. */
export async function listTriages(sql: Sql, complaintIds: readonly number[]): Promise<TriageRow[]> {
  const rows = await sql.query<{ result: object }>(
    `SELECT result || jsonb_build_object('complaintId', complaint_id, 'triagedAt', triaged_at,
              'model', jsonb_build_object('name', model_name, 'version', model_version)) AS result
       FROM complaint_triage WHERE complaint_id = ANY($1::int[])`,
    [complaintIds],
  );
  return rows.map(({ result }) => {
    const row = result as Omit<TriageRow, 'triagedAt'> & { readonly triagedAt: string }; // as written below
    return { ...row, triagedAt: new Date(row.triagedAt) };
  });
}

/**
 * Stores triages of complaints, in the place of earlier ones; labels that people corrected stay. A complaint whose text
 * was deleted meanwhile gets none. Subscribers are told. Yields the ids of those that have one now.
 */
export async function storeTriages(
  tx: Sql,
  triages: readonly NewTriage[],
  model: Triager['model'],
  now: Date,
): Promise<number[]> {
  const rows = await tx.query<{ id: number }>(
    `WITH given AS (
       SELECT given.*, overridden.intent AS own_intent, overridden.severity AS own_severity,
              overridden.sentiment AS own_sentiment, overridden.is_complaint AS own_is_complaint
         FROM jsonb_to_recordset($1::jsonb) AS given("complaintId" int, intent text, confidence numeric, severity int,
                sentiment int, "isComplaint" boolean, result jsonb, embedding real[])
         LEFT JOIN LATERAL (${lastOverrides('given."complaintId"')}) overridden ON TRUE
     ), labelled AS (
       UPDATE complaint SET triage_state = 'DONE', intent_confidence = given.confidence,
              intent = COALESCE(own_intent, given.intent), severity = COALESCE(own_severity, given.severity),
              sentiment = COALESCE(own_sentiment, given.sentiment),
              is_complaint = COALESCE(own_is_complaint, given."isComplaint")
         FROM given WHERE complaint.id = given."complaintId" AND complaint.text IS NOT NULL
       RETURNING complaint.id
     ), told AS (
       INSERT INTO complaint_event (complaint_id, created_at) SELECT id, $4 FROM labelled
     )
     INSERT INTO complaint_triage (complaint_id, model_name, model_version, triaged_at, result, embedding)
     SELECT "complaintId", $2, $3, $4, result, embedding FROM given JOIN labelled ON labelled.id = given."complaintId"
     ON CONFLICT (complaint_id) DO UPDATE
        SET model_name = excluded.model_name, model_version = excluded.model_version, triaged_at = excluded.triaged_at,
            result = excluded.result, embedding = excluded.embedding
     RETURNING complaint_id AS id`,
    [JSON.stringify(triages.map(toRecord)), model.name, model.version, now],
  );
  return rows.map(({ id }) => id);
}

/** Texts of complaints by id; those whose text was deleted are left out. */
export function listTexts(
  sql: Sql,
  ids: readonly number[],
): Promise<{ readonly id: number; readonly text: string }[]> {
  return sql.query(
    'SELECT id, text FROM complaint WHERE id = ANY($1::int[]) AND text IS NOT NULL ORDER BY id',
    [ids],
  );
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

/** Of a triage only labels are kept: entities and evidence are parts of the text. */
function toRecord({ complaintId, triage }: NewTriage) {
  const { intent, ranking, category, complaint, sentiment, severity, language } = triage;
  const { abstained, abstainReason, intentAccept } = triage;
  return {
    complaintId,
    intent: intent.name,
    confidence: intent.confidence,
    severity: placeOf(severities, severity.name),
    sentiment: placeOf(sentiments, sentiment.name),
    isComplaint: complaint.name === 'yes',
    result: {
      intent,
      ranking,
      category,
      complaint,
      sentiment,
      severity,
      language,
      abstained,
      abstainReason,
      intentAccept,
    },
    embedding: Array.from(triage.embedding),
  };
}
