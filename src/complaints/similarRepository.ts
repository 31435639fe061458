import type { Sql } from '../database/sql.ts';

/** A complaint with a text like another's; similarity is the cosine of their embeddings, −1 to 1. */
export type SimilarRow = { readonly complaintId: number; readonly similarity: number };

/** Complaints that are looked through: the newest. */
const candidates = 2_000;

/**
 * The complaints most similar to one, among the newest 2,000 that the same model triaged, the most similar first: one
 * statement. None where it has no embedding.
 */
export function listSimilarComplaints(sql: Sql, complaintId: number, limit: number): Promise<SimilarRow[]> {
  return sql.query(
    `SELECT newest.complaint_id AS "complaintId", newest.similarity
       FROM complaint_triage own CROSS JOIN LATERAL (
         SELECT candidate.complaint_id, (SELECT sum(a::float8 * b) FROM unnest(own.embedding, candidate.embedding) AS pair(a, b))
                  AS similarity
           FROM complaint_triage candidate
          WHERE candidate.complaint_id <> own.complaint_id AND candidate.model_name = own.model_name
            AND candidate.model_version = own.model_version AND cardinality(candidate.embedding) > 0
          ORDER BY candidate.complaint_id DESC LIMIT ${candidates}
       ) newest
      WHERE own.complaint_id = $1 AND cardinality(own.embedding) > 0
      ORDER BY newest.similarity DESC, newest.complaint_id DESC LIMIT $2`,
    [complaintId, limit],
  );
}
