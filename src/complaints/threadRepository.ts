import type { Sql } from '../database/sql.ts';
import type { ComplaintAuthor } from '../generated/graphql.ts';
import { lastOverrides } from './triageRepository.ts';

/** A correction by a person; null labels are not corrected, `severity` and `sentiment` are places counted from 1. */
export type OverrideRow = {
  readonly complaintId: number;
  readonly intent: string | null;
  readonly severity: number | null;
  readonly sentiment: number | null;
  readonly isComplaint: boolean | null;
  readonly author: string;
  readonly reason: string;
  readonly createdAt: Date;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
};
export type NewOverride = Omit<OverrideRow, 'modelName' | 'modelVersion'>;
/** A message of a thread. */
export type MessageRow = {
  readonly id: number;
  readonly complaintId: number;
  readonly author: ComplaintAuthor;
  readonly agent: string | null;
  /** Null once deleted on request. */
  readonly text: string | null;
  readonly maskedText: string;
  readonly createdAt: Date;
};

export type NewMessage = Omit<MessageRow, 'id'>;

/** Corrections of complaints, oldest first. */
export function listOverrides(sql: Sql, complaintIds: readonly number[]): Promise<OverrideRow[]> {
  return sql.query(
    `SELECT complaint_id AS "complaintId", intent, severity, sentiment, is_complaint AS "isComplaint", author, reason,
            created_at AS "createdAt", model_name AS "modelName", model_version AS "modelVersion"
       FROM complaint_override WHERE complaint_id = ANY($1::int[]) ORDER BY complaint_id, id`,
    [complaintIds],
  );
}

/** Stores a correction of a complaint that the caller has locked, and makes its labels hold. */
export async function insertOverride(tx: Sql, override: NewOverride): Promise<void> {
  const { complaintId, intent, severity, sentiment, isComplaint, author, reason, createdAt } = override;
  await tx.query(
    `INSERT INTO complaint_override (complaint_id, intent, severity, sentiment, is_complaint, author, reason, created_at,
       model_name, model_version)
     SELECT $1, $2, $3, $4, $5, $6, $7, $8, triage.model_name, triage.model_version
       FROM (VALUES (1)) AS one LEFT JOIN complaint_triage triage ON triage.complaint_id = $1`,
    [complaintId, intent, severity, sentiment, isComplaint, author, reason, createdAt],
  );
  await tx.query(
    `UPDATE complaint SET intent = COALESCE(own.intent, complaint.intent),
            severity = COALESCE(own.severity, complaint.severity),
            sentiment = COALESCE(own.sentiment, complaint.sentiment),
            is_complaint = COALESCE(own.is_complaint, complaint.is_complaint)
       FROM (${lastOverrides('$1')}) own WHERE complaint.id = $1`,
    [complaintId],
  );
}

/** Messages of complaints, oldest first. */
export function listMessages(sql: Sql, complaintIds: readonly number[]): Promise<MessageRow[]> {
  return sql.query(
    `SELECT id, complaint_id AS "complaintId", author, agent, text, masked_text AS "maskedText", created_at AS "createdAt"
       FROM complaint_message WHERE complaint_id = ANY($1::int[]) ORDER BY complaint_id, id`,
    [complaintIds],
  );
}

/** Stores a message; yields its id. */
export async function insertMessage(tx: Sql, message: NewMessage): Promise<number> {
  const { complaintId, author, agent, text, maskedText, createdAt } = message;
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO complaint_message (complaint_id, author, agent, text, masked_text, created_at)
     VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
    [complaintId, author, agent, text, maskedText, createdAt],
  );
  return row?.id ?? 0;
}
