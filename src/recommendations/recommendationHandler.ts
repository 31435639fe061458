import type { Sql } from '../database/sql.ts';
import type { RecommendationRow } from './repository.ts';

/** Who takes a step, why and when. */
export type StepContext = { readonly actor: string; readonly reason: string | null; readonly now: Date };

/**
 * How the recommendations of one kind are carried out: what its domain hands to this one. All run inside the transaction of
 * the step. Those that yield a sentence must not have written anything: it says why the step is refused.
 */
export type RecommendationHandler = {
  /** Locks the subject until the transaction ends, before anything else is locked. */
  lockSubject(tx: Sql, subjectId: number): Promise<void>;
  /** Says what has changed where the facts no longer lead to the recommendation, else null; locks what `apply` changes. */
  findStaleness(tx: Sql, recommendation: RecommendationRow): Promise<string | null>;
  /** Carries it out; null where that is done. */
  apply(tx: Sql, recommendation: RecommendationRow, context: StepContext): Promise<string | null>;
  /** Undoes it; null where that is done. */
  revert(tx: Sql, recommendation: RecommendationRow, context: StepContext): Promise<string | null>;
};
