import type { Sql } from '../../database/sql.ts';
import type { Frequency } from '../../generated/graphql.ts';
import type { PriceObjective } from '../priceItem.ts';

/** A call that set prices partly by lot. */
export interface ExplorationRunRow {
  readonly id: number;
  readonly frequency: Frequency;
  readonly horizon: number;
  readonly objective: PriceObjective;
  readonly share: number;
  readonly maximumLossRate: number;
  readonly seed: number;
  readonly modelName: string;
  readonly modelVersion: string;
  readonly actor: string;
  readonly reason: string;
  readonly createdAt: Date;
}

/** The price that an item got; candidates lowest first, indexes count from 0 in them. */
export interface ExplorationRow {
  readonly runId: number;
  /** The caller's id. */
  readonly itemId: string;
  readonly unitCost: number;
  readonly prices: readonly number[];
  /** Chances; they add up to 1. */
  readonly propensities: readonly number[];
  /** What each was expected to bring over the horizon. */
  readonly expectedResults: readonly number[];
  readonly chosenIndex: number;
  readonly recommendedIndex: number;
  readonly currentIndex: number;
  readonly isExplored: boolean;
}

/** Stores a run with its items, two statements; yields its id. */
export async function insertRun(
  tx: Sql,
  run: Omit<ExplorationRunRow, 'id'>,
  items: readonly Omit<ExplorationRow, 'runId'>[],
): Promise<number> {
  const { frequency, horizon, objective, share, maximumLossRate, seed } = run;
  const { modelName, modelVersion, actor, reason, createdAt } = run;
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO price_exploration_run (frequency, horizon, objective, share, maximum_loss_rate, seed, model_name,
       model_version, actor, reason, created_at)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING id`,
    [
      ...[frequency, horizon, objective, share, maximumLossRate, seed],
      ...[modelName, modelVersion, actor, reason, createdAt],
    ],
  );
  if (row === undefined) throw new Error('An inserted run must have an id, and it has none.');
  await tx.query(
    `INSERT INTO price_exploration (run_id, item_id, unit_cost, prices, propensities, expected_results, chosen_index,
       recommended_index, current_index, is_explored)
     SELECT $1, "itemId", "unitCost", prices, propensities, "expectedResults", "chosenIndex", "recommendedIndex",
            "currentIndex", "isExplored"
       FROM jsonb_to_recordset($2::jsonb) AS item("itemId" text, "unitCost" float8, prices float8[], propensities float8[],
            "expectedResults" float8[], "chosenIndex" int, "recommendedIndex" int, "currentIndex" int, "isExplored" boolean)`,
    [row.id, JSON.stringify(items)],
  );
  return row.id;
}

export function listRuns(sql: Sql, ids: readonly number[]): Promise<ExplorationRunRow[]> {
  return sql.query(
    `SELECT id, frequency, horizon, objective, share, maximum_loss_rate AS "maximumLossRate", seed,
            model_name AS "modelName", model_version AS "modelVersion", actor, reason, created_at AS "createdAt"
       FROM price_exploration_run WHERE id = ANY($1::int[])`,
    [ids],
  );
}

/** The items of runs, in the order of their calls. */
export function listItems(sql: Sql, runIds: readonly number[]): Promise<ExplorationRow[]> {
  return sql.query(
    `SELECT run_id AS "runId", item_id AS "itemId", unit_cost AS "unitCost", prices, propensities,
            expected_results AS "expectedResults", chosen_index AS "chosenIndex",
            recommended_index AS "recommendedIndex", current_index AS "currentIndex", is_explored AS "isExplored"
       FROM price_exploration WHERE run_id = ANY($1::int[]) ORDER BY run_id, id`,
    [runIds],
  );
}
