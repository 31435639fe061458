import type { CalibrationRecord, ScoreRecord } from './backtestScores.ts';

/** The sums of one category. */
export type CategoryRow = {
  readonly categoryId: number;
  readonly seriesCount: number;
  readonly record: ScoreRecord;
};

/** What a finished backtest comes to; stored as JSON beside it. */
export type BacktestSummary = {
  readonly overall: ScoreRecord;
  /** `[horizon]`, nearest step first. */
  readonly steps: readonly ScoreRecord[];
  /** Levels of the quantiles, with their counts. */
  readonly levels: readonly number[];
  readonly calibration: CalibrationRecord;
  /** Those that lose most beside the baseline first. */
  readonly categories: readonly CategoryRow[];
};
