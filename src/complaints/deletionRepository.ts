import type { Sql } from '../database/sql.ts';

/**
 * Deletes the texts of a customer's complaints and their threads, what was read from them (entities) or a model could tell of
 * them again (embeddings), the reasons of corrections, which may quote them, the customer's reference and the numbers of order
 * and shipment. Labels and counts stay. The deletion itself is kept without naming the customer. Yields whose texts were
 * deleted and how many messages; nothing is written where there is nothing.
 */
export async function deleteCustomerTexts(
  tx: Sql,
  deletion: {
    readonly customerReference: string;
    readonly actor: string;
    readonly reason: string;
    readonly now: Date;
  },
): Promise<{ readonly complaintIds: readonly number[]; readonly messages: number }> {
  const { customerReference, actor, reason, now } = deletion;
  const [row] = await tx.query<{ complaintIds: number[]; messages: number }>(
    `WITH wiped AS (
       UPDATE complaint SET text = NULL, masked_text = '', text_deleted_at = $2, customer_reference = NULL,
              sales_order_number = NULL, shipment_reference = NULL
        WHERE customer_reference = $1 RETURNING id
     ), messages AS (
       UPDATE complaint_message SET text = NULL, masked_text = ''
        WHERE complaint_id IN (SELECT id FROM wiped) RETURNING 1
     ), embeddings AS (
       UPDATE complaint_triage SET embedding = '{}', result = result - 'entities'
        WHERE complaint_id IN (SELECT id FROM wiped)
     ), triages AS (
       UPDATE complaint_text_triage SET embedding = '{}', result = result - 'entities'
        WHERE complaint_id IN (SELECT id FROM wiped)
     ), reasons AS (
       UPDATE complaint_override SET reason = 'deleted' WHERE complaint_id IN (SELECT id FROM wiped)
     ), shipments AS (
       UPDATE complaint_action SET shipment_reference = NULL WHERE complaint_id IN (SELECT id FROM wiped)
     ), counts AS (
       SELECT ARRAY(SELECT id FROM wiped ORDER BY id) AS ids, (SELECT count(*) FROM messages)::int AS messages
     ), kept AS (
       INSERT INTO customer_text_deletion (actor, reason, complaints, messages, created_at)
       SELECT $3, $4, cardinality(ids), messages, $2 FROM counts WHERE cardinality(ids) > 0
     )
     SELECT ids AS "complaintIds", messages FROM counts`,
    [customerReference, now, actor, reason],
  );
  return row ?? { complaintIds: [], messages: 0 };
}
