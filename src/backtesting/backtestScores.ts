import type { OriginForecast, QuantileForecast } from '../forecasting/service.ts';
import {
  addScores,
  makeScoreSums,
  type ScoreSums,
  seasonalError,
  sumScaledErrors,
} from '../maths/pinball.ts';

/** Sums over scored periods, from which every score follows; sums of several add up field by field. */
export type ScoreRecord = {
  /** Σ|y|. */
  readonly units: number;
  readonly periods: number;
  /** Periods whose error could be scaled. */
  readonly scaledPeriods: number;
  /** Σ over periods of twice the pinball loss, mean over the levels. */
  readonly loss: number;
  /** Σ|y − median|. */
  readonly absoluteError: number;
  /** Σ(mean − y). */
  readonly error: number;
  /** Periods inside the 80 % interval. */
  readonly covered: number;
  /** Σ|y − median| ÷ seasonal error of the history. */
  readonly scaledError: number;
  /** The baseline's. */
  readonly naiveLoss: number;
  readonly naiveAbsoluteError: number;
  readonly naiveError: number;
  readonly naiveCovered: number;
  readonly naiveScaledError: number;
};

/** Scores as the API shows them; null where nothing was sold or no history varies. */
export type Scores = {
  readonly wql: number | null;
  readonly wape: number | null;
  readonly mase: number | null;
  readonly bias: number | null;
  readonly coverage80: number | null;
};

/** How often what came stayed at or below, and below, each quantile. */
export type CalibrationRecord = {
  readonly periods: number;
  /** `[levels]` */
  readonly atOrBelow: readonly number[];
  /** `[levels]` */
  readonly below: readonly number[];
};

export const emptyRecord: ScoreRecord = {
  units: 0,
  periods: 0,
  scaledPeriods: 0,
  loss: 0,
  absoluteError: 0,
  error: 0,
  covered: 0,
  scaledError: 0,
  naiveLoss: 0,
  naiveAbsoluteError: 0,
  naiveError: 0,
  naiveCovered: 0,
  naiveScaledError: 0,
};
const fields = Object.keys(emptyRecord) as readonly (keyof ScoreRecord)[]; // the keys of a literal

/** Adds records up, field by field. */
export function addRecords(records: readonly ScoreRecord[]): ScoreRecord {
  const sums: Record<keyof ScoreRecord, number> = { ...emptyRecord };
  for (const record of records) for (const field of fields) sums[field] += record[field];
  return sums;
}

/** Adds lists of records up, place by place; the lists have the same length. */
export function addRecordLists(lists: readonly (readonly ScoreRecord[])[]): ScoreRecord[] {
  return (lists[0] ?? []).map((_, place) => addRecords(lists.map((list) => list[place] ?? emptyRecord)));
}

/** Scores a forecast beside its baseline, one record a period ahead; a period without a known demand counts nothing. */
export function scoreSteps({ history, actual, forecast, baseline }: OriginForecast): ScoreRecord[] {
  const { values, inStock, seasonLength } = history;
  const known = values.map((value, t) => (inStock?.[t] === false ? Number.NaN : value));
  const scale = seasonalError(known, known.length > seasonLength ? seasonLength : 1);
  return Array.from(actual, (_, h) => {
    const own = scoreStep(actual, forecast, h);
    const naive = scoreStep(actual, baseline, h);
    const scaled = scaleError(own, scale);
    return {
      units: own.absoluteActual,
      periods: own.count,
      scaledPeriods: scaled.count,
      loss: own.quantileLoss,
      absoluteError: own.absoluteError,
      error: own.error,
      covered: own.covered,
      scaledError: scaled.sum,
      naiveLoss: naive.quantileLoss,
      naiveAbsoluteError: naive.absoluteError,
      naiveError: naive.error,
      naiveCovered: naive.covered,
      naiveScaledError: scaleError(naive, scale).sum,
    };
  });
}

/** Counts what came against every quantile of the forecasts. */
export function calibrate(
  forecasts: readonly Pick<OriginForecast, 'actual' | 'forecast'>[],
): CalibrationRecord {
  const width = forecasts[0]?.forecast.levels.length ?? 0;
  const atOrBelow = new Array<number>(width).fill(0);
  const below = new Array<number>(width).fill(0);
  let periods = 0;
  for (const { actual, forecast } of forecasts)
    for (const [h, y] of actual.entries()) {
      if (Number.isNaN(y)) continue;
      periods += 1;
      for (let k = 0; k < width; k += 1) {
        const quantile = forecast.quantiles[h * width + k] ?? 0;
        if (y <= quantile) atOrBelow[k] = (atOrBelow[k] ?? 0) + 1;
        if (y < quantile) below[k] = (below[k] ?? 0) + 1;
      }
    }
  return { periods, atOrBelow, below };
}

/** The forecasts' scores. */
export function toScores(record: ScoreRecord): Scores {
  const { units, periods, scaledPeriods } = record;
  return {
    wql: divide(record.loss, units),
    wape: divide(record.absoluteError, units),
    mase: divide(record.scaledError, scaledPeriods),
    bias: divide(record.error, units),
    coverage80: divide(record.covered, periods),
  };
}

/** The baseline's scores. */
export function toBaselineScores(record: ScoreRecord): Scores {
  return toScores({
    ...record,
    loss: record.naiveLoss,
    absoluteError: record.naiveAbsoluteError,
    error: record.naiveError,
    covered: record.naiveCovered,
    scaledError: record.naiveScaledError,
  });
}

/** Whether the forecasts lose less than the baseline; null where no period was scored. */
export function beatsBaseline({ periods, loss, naiveLoss }: ScoreRecord): boolean | null {
  return periods === 0 ? null : loss < naiveLoss;
}

function scoreStep(
  actual: Float64Array,
  { levels, quantiles, mean }: QuantileForecast,
  h: number,
): ScoreSums {
  const sums = makeScoreSums();
  const row = quantiles.subarray(h * levels.length, (h + 1) * levels.length);
  addScores(sums, actual.subarray(h, h + 1), { levels, quantiles: row, mean: mean.subarray(h, h + 1) });
  return sums;
}

/** The scaled error of one period, as MASE over a data set adds it up. */
function scaleError({ absoluteError, count }: ScoreSums, scale: number) {
  return count === 0
    ? { sum: 0, count: 0 }
    : sumScaledErrors(Float64Array.of(absoluteError), Float64Array.of(0), scale);
}

function divide(sum: number, by: number): number | null {
  return by > 0 ? sum / by : null;
}
