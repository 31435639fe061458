import { usableValues } from '../history.ts';
import type { QuantileForecast, SeriesHistory } from '../member.ts';
import { aloneCorrelation, blendDemand, type HeldBackItem, pooledShare } from './blendDemand.ts';
import type { DemandForecast, PooledRequest } from './pooledDemand.ts';

/** Items of one request and what forecasts them. */
export interface TogetherRequest {
  /** All of the same season length and frequency, ending now. */
  readonly histories: readonly SeriesHistory[];
  /** `[items]`, groups as "kind:name". */
  readonly groups: readonly (readonly string[])[];
  /** Periods in one season of the longest history. */
  readonly seasonLength: number;
  readonly horizon: number;
}

/** The two ways to forecast. */
export interface TogetherEngines {
  /** Each series by the ensemble. */
  readonly alone: (
    histories: readonly SeriesHistory[],
    horizon: number,
  ) => Promise<readonly QuantileForecast[]>;
  /** All by one model of counts. */
  readonly pooled: (request: PooledRequest) => Promise<readonly DemandForecast[]>;
}

/** Fewer items have too little in common to learn from. */
const fewestItems = 10;
/** Most periods held back to compare the two ways. */
const longestTest = 8;
/** Levels of pooled forecasts: forty parts of equal probability by their middles, and the upper tail. */
const pooledLevels: readonly number[] = [
  ...Array.from({ length: 40 }, (_, k) => (k + 0.5) / 40),
  0.995,
  0.999,
];

/**
 * Forecasts demand for ordering: from ten items on, all are also forecast by one model (`forecastPooledDemand`), and
 * the last periods of the histories, held back, tell how much of each way is taken (`pooledShare`). Fewer items are
 * forecast each alone.
 */
export async function forecastTogether(
  request: TogetherRequest,
  engines: TogetherEngines,
): Promise<readonly DemandForecast[]> {
  const { histories, groups, seasonLength, horizon } = request;
  const longest = histories.reduce((most, { values }) => Math.max(most, values.length), 0);
  const test = Math.min(horizon, longestTest, Math.floor(longest / 4));
  if (histories.length < fewestItems || test < 1)
    return (await engines.alone(histories, horizon)).map((forecast) => ({
      ...forecast,
      correlation: aloneCorrelation,
    }));
  const pool = (series: readonly SeriesHistory[], ahead: number) =>
    engines.pooled({
      series: series.map(({ values, inStock }, i) => ({ values, inStock, groups: groups[i] ?? [] })),
      seasonLength,
      horizon: ahead,
      levels: pooledLevels,
    });
  const cut = histories.map((history) => cutEnd(history, test));
  const testable = cut.flatMap(({ values }, i) =>
    values.some((value) => Number.isFinite(value)) ? [i] : [],
  );
  const pick = <Item>(items: readonly Item[]) => testable.flatMap((i) => items.slice(i, i + 1));
  const [pooledNow, pooledThen, aloneThen] = await Promise.all([
    pool(histories, horizon),
    pool(cut, test),
    engines.alone(pick(cut), test),
  ]);
  const share = pooledShare(heldBackItems(pick(histories), aloneThen, pick(pooledThen)));
  // The ensemble's run is saved where it would have no share.
  return share === 1 ? pooledNow : blendDemand(await engines.alone(histories, horizon), pooledNow, share);
}

function heldBackItems(
  histories: readonly SeriesHistory[],
  alone: readonly QuantileForecast[],
  pooled: readonly QuantileForecast[],
): HeldBackItem[] {
  return histories.flatMap((history, i) => {
    const [single, together] = [alone[i], pooled[i]];
    if (single === undefined || together === undefined) return [];
    return [{ actual: usableValues(history).slice(-single.horizon), alone: single, pooled: together }];
  });
}

function cutEnd(history: SeriesHistory, periods: number): SeriesHistory {
  const length = Math.max(0, history.values.length - periods);
  const { inStock } = history;
  return {
    ...history,
    values: history.values.subarray(0, length),
    ...(inStock === undefined ? {} : { inStock: inStock.slice(0, length) }),
  };
}
