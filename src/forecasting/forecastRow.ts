import type { Forecast, ForecastReconciliation, Frequency, ModelRef } from '../generated/graphql.ts';
import type { ForecastAccuracy } from './accuracy.ts';
import type { SimilarVariant } from './coldStart/findSimilar.ts';
import type { CovariateInfluence } from './covariateEffects.ts';
import type { MemberWeight } from './ensemble.ts';
import { addPeriods } from './frequency.ts';
import type { QuantileForecast } from './member.ts';
import type { Override } from './overrides/override.ts';

/** What the forecast of a variant with little history rests on beside it, most similar first. */
export type ColdStart = {
  /** Whole periods since its first sale. */
  readonly ownPeriods: number;
  /** Share of the forecast that rests on the similar variants, above 0, at most 1. */
  readonly weight: number;
  readonly similar: readonly SimilarVariant[];
};

/** A forecast as the service holds it: arrays, not yet points. */
export type ForecastRow = {
  readonly model: ModelRef;
  readonly generatedAt: Date;
  readonly frequency: Frequency;
  /** First day of the first period; null where the series has no start. */
  readonly startsOn: string | null;
  readonly forecast: QuantileForecast;
  readonly members: readonly MemberWeight[];
  /** What covariates were found to do; absent = nothing. */
  readonly influences?: readonly CovariateInfluence[];
  readonly accuracy: ForecastAccuracy | null;
  /** Absent = it rests on its own history alone. */
  readonly coldStart?: ColdStart;
  /** `[H]`, expected units before overrides; absent = none changes it. */
  readonly statisticalMean?: Float64Array;
  /** `[H]`, 1 where an override touches the period. */
  readonly overridden?: Uint8Array;
  /** The overrides behind it, oldest first. */
  readonly overrides?: readonly Override[];
  /** How it was made to add up with others; absent = NONE. */
  readonly reconciliation?: ForecastReconciliation;
};

/** A forecast as the API shows it, its overrides by row id. */
export type ShownForecast = Omit<Forecast, 'overrides' | 'coldStart'> & {
  readonly overrideIds: readonly number[];
  readonly coldStart: ColdStart | null;
};

/** Levels that every forecast holds, whatever the client asks for. */
export const namedLevels = [0.1, 0.5, 0.9] as const;

/** One period of a forecast, read from the arrays only where asked for. */
export class ForecastPointView {
  readonly #row: ForecastRow;
  readonly #period: number;
  readonly #shownLevels: readonly number[];

  constructor(row: ForecastRow, period: number, shownLevels: readonly number[]) {
    this.#row = row;
    this.#period = period;
    this.#shownLevels = shownLevels;
  }

  get periodStart(): string | null {
    const { startsOn, frequency } = this.#row;
    return startsOn === null ? null : addPeriods(startsOn, frequency, this.#period);
  }

  get mean(): number {
    return this.#row.forecast.mean[this.#period] ?? 0;
  }

  get statistical(): number {
    return this.#row.statisticalMean?.[this.#period] ?? this.mean;
  }

  get override(): number | null {
    return this.#row.overridden?.[this.#period] === 1 ? this.mean : null;
  }

  get quantiles(): { level: number; value: number }[] {
    return this.#shownLevels.map((level) => ({ level, value: this.#at(level) }));
  }

  get p10(): number {
    return this.#at(0.1);
  }

  get p50(): number {
    return this.#at(0.5);
  }

  get p90(): number {
    return this.#at(0.9);
  }

  #at(level: number): number {
    const { levels, quantiles } = this.#row.forecast;
    const column = levels.findIndex((candidate) => Math.abs(candidate - level) < 1e-9);
    return quantiles[this.#period * levels.length + column] ?? 0;
  }
}

/** The first `horizon` periods of a forecast. */
export function toPoints(
  row: ForecastRow,
  horizon: number,
  shownLevels: readonly number[],
): ForecastPointView[] {
  const points: ForecastPointView[] = [];
  for (let period = 0; period < Math.min(horizon, row.forecast.horizon); period += 1)
    points.push(new ForecastPointView(row, period, shownLevels));
  return points;
}
