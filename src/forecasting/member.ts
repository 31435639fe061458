/** What every forecaster takes and gives, whether a formula or a network. */

/** One past- and future-known influence on a series. */
export interface SeriesCovariate {
  readonly name: string;
  /** One value per period of the history and then of the horizon; NaN = unknown. */
  readonly values: Float64Array;
}

/** The history of one series up to the moment of forecasting. */
export interface SeriesHistory {
  /** Units per period, oldest first; NaN = missing. */
  readonly values: Float64Array;
  /**
   * Same length; false = sales were limited by stock, so demand was at least the value. Absent = all true.
   */
  readonly inStock?: readonly boolean[];
  /** Periods in one season (12 for months in a year); 1 = no season. */
  readonly seasonLength: number;
  /** Known influences; the classical members ignore them. */
  readonly covariates?: readonly SeriesCovariate[];
}

/** A forecast as quantiles per future period. */
export interface QuantileForecast {
  /** H, the number of periods ahead. */
  readonly horizon: number;
  /** Q levels in (0, 1), ascending. */
  readonly levels: readonly number[];
  /** `[H × Q]` row-major, units per period; each row ascends. */
  readonly quantiles: Float64Array;
  /** `[H]`, expected units per period. */
  readonly mean: Float64Array;
}

/**
 * A forecaster of one series at a time. It never throws on a history, however short, flat or full of gaps.
 */
export interface ForecastMember {
  readonly name: string;
  /** Forecasts `horizon` ≥ 1 periods at ascending `levels` in (0, 1). All values are finite. */
  predict(series: SeriesHistory, horizon: number, levels: readonly number[]): QuantileForecast;
}

/** The protocol's levels 0.1 … 0.9. */
export const STANDARD_LEVELS: readonly number[] = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9];

/** A forecast of zeros, to be filled in. */
export function makeForecast(horizon: number, levels: readonly number[]): QuantileForecast {
  const quantiles = new Float64Array(horizon * levels.length);
  return { horizon, levels, quantiles, mean: new Float64Array(horizon) };
}
