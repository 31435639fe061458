import type { Sql } from '../database/sql.ts';
import type { ModelActivationKind } from '../generated/graphql.ts';

/** A change of the version that a model answers by. */
export type ActivationRow = {
  readonly id: number;
  readonly modelName: string;
  readonly kind: ModelActivationKind;
  /** Null = the version that comes with the program. */
  readonly version: string | null;
  /** The activation that a rollback goes back to; null = to what comes with the program. */
  readonly beforeId: number | null;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: Date;
};
export type NewActivation = Omit<ActivationRow, 'id'>;

const columns = `id, model_name AS "modelName", kind, version, before_id AS "beforeId", actor, reason,
  created_at AS "createdAt"`;

/** The last activation of a model, which is the one that counts; null where there was none. */
export async function findLastActivation(sql: Sql, modelName: string): Promise<ActivationRow | null> {
  const [row] = await sql.query<ActivationRow>(
    `SELECT ${columns} FROM model_activation WHERE model_name = $1 ORDER BY id DESC LIMIT 1`,
    [modelName],
  );
  return row ?? null;
}

/** An activation by its id; null where it is unknown. */
export async function findActivation(sql: Sql, id: number): Promise<ActivationRow | null> {
  const [row] = await sql.query<ActivationRow>(`SELECT ${columns} FROM model_activation WHERE id = $1`, [id]);
  return row ?? null;
}

/** Activations of a model, the latest first. */
export function listActivations(sql: Sql, modelName: string, limit: number): Promise<ActivationRow[]> {
  return sql.query(
    `SELECT ${columns} FROM model_activation WHERE model_name = $1 ORDER BY id DESC LIMIT $2`,
    [modelName, limit],
  );
}

/** Waits until no other transaction changes the version of a model. */
export async function lockModel(tx: Sql, modelName: string): Promise<void> {
  await tx.query(`SELECT pg_advisory_xact_lock(hashtextextended('model:' || $1, 0))`, [modelName]);
}

/** Stores an activation. */
export async function insertActivation(tx: Sql, activation: NewActivation): Promise<void> {
  const { modelName, kind, version, beforeId, actor, reason, createdAt } = activation;
  await tx.query(
    `INSERT INTO model_activation (model_name, kind, version, before_id, actor, reason, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [modelName, kind, version, beforeId, actor, reason, createdAt],
  );
}
