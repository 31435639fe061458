import type { Sql } from '../database/sql.ts';

/** The labels that people correct and a model can be trained on. */
export type LabelName = 'intent' | 'severity' | 'sentiment' | 'isComplaint';
/** A text with what a person said it is; personal data masked. */
export type LabelledText = {
  readonly complaintId: number;
  readonly text: string;
  /** As stored: a name, a place counted from 1, or true or false, as text. */
  readonly label: string;
};

const columns = {
  intent: 'intent',
  severity: 'severity',
  sentiment: 'sentiment',
  isComplaint: 'is_complaint',
} as const satisfies Record<LabelName, string>;

/** Masked texts behind `afterId` with the last correction of a label, by complaint; deleted texts are left out. */
export function listLabelledTexts(
  sql: Sql,
  name: LabelName,
  { afterId, limit }: { readonly afterId: number; readonly limit: number },
): Promise<LabelledText[]> {
  const column = columns[name];
  return sql.query(
    `SELECT complaint.id AS "complaintId", complaint.masked_text AS text, own.label
       FROM complaint
       JOIN LATERAL (SELECT ${column}::text AS label FROM complaint_override
                      WHERE complaint_id = complaint.id AND ${column} IS NOT NULL ORDER BY id DESC LIMIT 1) own ON TRUE
      WHERE complaint.id > $1 AND complaint.text IS NOT NULL ORDER BY complaint.id LIMIT $2`,
    [afterId, limit],
  );
}
