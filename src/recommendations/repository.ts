import { Conditions, type DateFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import type { ComplaintActionKind, RecommendationStatus } from '../generated/graphql.ts';
import type { RecommendationKind } from './recommendationKinds.ts';

/** A stored recommendation; `terms` and `facts` are the plain JSON that the domain of its kind wrote. */
export type RecommendationRow = PageRow & {
  readonly kind: RecommendationKind;
  readonly subjectId: number;
  readonly topic: string;
  readonly action: string;
  readonly status: RecommendationStatus;
  readonly terms: unknown;
  readonly facts: unknown;
  readonly rule: string;
  readonly explanation: string;
  readonly needsSecondPerson: boolean;
  readonly inputHash: string;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  readonly createdAt: Date;
  readonly decidedAt: Date | null;
  readonly actor: string | null;
  readonly reason: string | null;
};
export type RecommendationConnection = Connection<RecommendationRow>;
/** A recommendation before it is stored. */
export type NewRecommendation = Omit<
  RecommendationRow,
  'id' | 'sortKey' | 'kind' | 'status' | 'createdAt' | 'decidedAt' | 'actor' | 'reason'
>;
/** A recommendation under lock, with what its next step depends on. */
export type LockedRecommendation = RecommendationRow & {
  /** Whether another one on the same topic of the same subject is applied. */
  readonly isTopicTaken: boolean;
  /** Who accepted it; null where nobody has. */
  readonly acceptedBy: string | null;
};
/** A step that was taken; `status` is where it led. */
export type EventRow = {
  readonly recommendationId: number;
  readonly status: RecommendationStatus;
  readonly actor: string;
  readonly reason: string | null;
  readonly createdAt: Date;
};
/** What narrows a list of recommendations. */
export type RecommendationFilter = {
  readonly kinds?: readonly RecommendationKind[] | null | undefined;
  readonly statuses?: readonly RecommendationStatus[] | null | undefined;
  readonly complaintActions?: readonly ComplaintActionKind[] | null | undefined;
  readonly createdAt?: DateFilter | null | undefined;
};

const columns = `recommendation.id, recommendation.kind, recommendation.subject_id AS "subjectId", recommendation.topic,
  recommendation.action, recommendation.status, recommendation.terms, recommendation.facts, recommendation.rule,
  recommendation.explanation, recommendation.needs_second_person AS "needsSecondPerson",
  recommendation.input_hash AS "inputHash", recommendation.model_name AS "modelName",
  recommendation.model_version AS "modelVersion", recommendation.created_at AS "createdAt",
  recommendation.decided_at AS "decidedAt", recommendation.actor, recommendation.reason`;
const withSortKey = `${columns}, recommendation.id::text AS "sortKey"`;

/** One page of recommendations, newest first. */
export function listRecommendations(
  sql: Sql,
  filter: RecommendationFilter,
  page: PageArguments,
): Promise<RecommendationConnection> {
  const conditions = new Conditions();
  conditions.anyOf('recommendation.kind', 'text', filter.kinds, 'filter.kinds');
  conditions.anyOf('recommendation.status::text', 'text', filter.statuses, 'filter.statuses');
  if (filter.complaintActions != null) conditions.add('COMPLAINT', (p) => `recommendation.kind = ${p}`);
  conditions.anyOf('recommendation.action', 'text', filter.complaintActions, 'filter.complaintActions');
  conditions.date('recommendation.created_at', filter.createdAt);
  const order = {
    scope: 'recommendation',
    column: 'recommendation.id',
    type: 'bigint',
    idColumn: 'recommendation.id',
    direction: 'DESC',
  } as const;
  return listPage(sql, { columns, from: 'recommendation', conditions, order }, page);
}

/** Recommendations by id. */
export function listRecommendationsById(sql: Sql, ids: readonly number[]): Promise<RecommendationRow[]> {
  return sql.query(`SELECT ${withSortKey} FROM recommendation WHERE id = ANY($1::int[])`, [ids]);
}

/** Recommendations about subjects of one kind, newest first. */
export function listOfSubjects(
  sql: Sql,
  kind: RecommendationKind,
  subjectIds: readonly number[],
): Promise<RecommendationRow[]> {
  return sql.query(
    `SELECT ${withSortKey} FROM recommendation WHERE kind = $1 AND subject_id = ANY($2::int[])
      ORDER BY subject_id, id DESC`,
    [kind, subjectIds],
  );
}

/** Steps taken with recommendations, oldest first. */
export function listEvents(sql: Sql, recommendationIds: readonly number[]): Promise<EventRow[]> {
  return sql.query(
    `SELECT recommendation_id AS "recommendationId", status, actor, reason, created_at AS "createdAt"
       FROM recommendation_event WHERE recommendation_id = ANY($1::int[]) ORDER BY recommendation_id, id`,
    [recommendationIds],
  );
}

/** Locks recommendations by id until the transaction ends; those that are unknown are left out. */
export function lockRecommendations(tx: Sql, ids: readonly number[]): Promise<LockedRecommendation[]> {
  return tx.query(
    `SELECT ${withSortKey}, EXISTS (
              SELECT FROM recommendation other
               WHERE other.kind = recommendation.kind AND other.subject_id = recommendation.subject_id
                 AND other.topic = recommendation.topic AND other.status = 'APPLIED' AND other.id <> recommendation.id
            ) AS "isTopicTaken", (
              SELECT actor FROM recommendation_event event
               WHERE event.recommendation_id = recommendation.id AND event.status = 'ACCEPTED'
            ) AS "acceptedBy"
       FROM recommendation WHERE id = ANY($1::int[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
}

/**
 * Makes these the open proposals about the subjects, which the caller has locked: those that say the same stay as they are,
 * the others are withdrawn. Nothing is proposed on a topic of which a recommendation is applied, nor again what a person has
 * accepted or rejected with the same terms.
 */
export async function replaceProposals(
  tx: Sql,
  kind: RecommendationKind,
  subjects: { readonly ids: readonly number[]; readonly proposals: readonly NewRecommendation[] },
  now: Date,
): Promise<void> {
  const parameters = [kind, subjects.ids, JSON.stringify(subjects.proposals)];
  const given = `jsonb_to_recordset($3::jsonb) AS given("subjectId" int, topic text, action text, terms jsonb, facts jsonb,
      rule text, explanation text, "needsSecondPerson" boolean, "inputHash" text, "modelName" text, "modelVersion" text)`;
  const isSame = `given."subjectId" = old.subject_id AND given.topic = old.topic AND given.action = old.action
      AND given.terms = old.terms`;
  await tx.query(
    `DELETE FROM recommendation old WHERE kind = $1 AND subject_id = ANY($2::int[]) AND status = 'PROPOSED'
        AND NOT EXISTS (SELECT FROM ${given} WHERE ${isSame} AND given."inputHash" = old.input_hash)`,
    parameters,
  );
  if (subjects.proposals.length === 0) return;
  await tx.query(
    `INSERT INTO recommendation (kind, subject_id, topic, action, terms, facts, rule, explanation, needs_second_person,
       input_hash, model_name, model_version, created_at)
     SELECT $1, "subjectId", topic, action, terms, facts, rule, explanation, "needsSecondPerson", "inputHash",
            "modelName", "modelVersion", $4
       FROM ${given}
      WHERE "subjectId" = ANY($2::int[]) AND NOT EXISTS (
        SELECT FROM recommendation old WHERE kind = $1 AND old.subject_id = given."subjectId" AND old.topic = given.topic
           AND (status = 'APPLIED' OR status <> 'REVERTED' AND ${isSame}))`,
    [...parameters, now],
  );
}

/** Writes steps of recommendations that the caller has locked in the states that the steps start from; one of each. */
export async function takeSteps(tx: Sql, events: readonly EventRow[]): Promise<void> {
  if (events.length === 0) return;
  await tx.query(
    `WITH given AS (
       SELECT * FROM jsonb_to_recordset($1::jsonb) AS given("recommendationId" int, status recommendation_status,
              actor text, reason text, "createdAt" timestamptz)
     ), step AS (
       INSERT INTO recommendation_event (recommendation_id, status, actor, reason, created_at)
       SELECT "recommendationId", status, actor, reason, "createdAt" FROM given ORDER BY "recommendationId"
     )
     UPDATE recommendation SET status = given.status, actor = given.actor, reason = given.reason,
            decided_at = given."createdAt"
       FROM given WHERE recommendation.id = given."recommendationId"`,
    [JSON.stringify(events)],
  );
}

/**
 * Withdraws the open proposals about subjects, and takes the named keys of terms and facts and the reasons of steps, which
 * may quote what a customer wrote, out of the others.
 */
export async function forgetSubjects(
  tx: Sql,
  kind: RecommendationKind,
  subjectIds: readonly number[],
  erasedKeys: readonly string[],
): Promise<void> {
  await tx.query(
    `DELETE FROM recommendation WHERE kind = $1 AND subject_id = ANY($2::int[]) AND status = 'PROPOSED'`,
    [kind, subjectIds],
  );
  const erased = JSON.stringify(Object.fromEntries(erasedKeys.map((key) => [key, null])));
  await tx.query(
    `WITH forgotten AS (
       UPDATE recommendation SET terms = terms || $3::jsonb, facts = facts || $3::jsonb,
              reason = CASE WHEN reason IS NULL THEN NULL ELSE 'deleted' END
        WHERE kind = $1 AND subject_id = ANY($2::int[]) RETURNING id
     )
     UPDATE recommendation_event SET reason = 'deleted'
      WHERE reason IS NOT NULL AND recommendation_id IN (SELECT id FROM forgotten)`,
    [kind, subjectIds, erased],
  );
}
