import type { PriceItem, PriceObservation } from '../priceItem.ts';
import type { OthersAverage } from './averageOthers.ts';
import { makeControlColumns } from './controlColumns.ts';
import { expectCensored } from './expectCensored.ts';
import { toLogDemand } from './logDemand.ts';
import { type Estimate, regressTogether } from './multipleRegression.ts';
import { makeSmoother, type Smoother } from './penalisedSmoother.ts';
import { type ResponseBin, readResponseBins } from './responseBins.ts';

/** What one item's own sales say of how demand answers to its price; slopes are of log units on log price. */
export interface ItemEvidence {
  /** Without any controls. */
  readonly naive: Estimate;
  /** By double machine learning: what the controls leave of log units on what they leave of log price. */
  readonly controlled: Estimate;
  /** The same with the last period's units and price among the controls. */
  readonly remembering: Estimate;
  /** From one period to the next, without controls but promotions. */
  readonly differenced: Estimate;
  /** At the current price, with a slope that may change with the price, and that change per unit of log price. */
  readonly local: Estimate;
  readonly curvature: Estimate;
  /** Log of the factor on demand while it is promoted, price apart. */
  readonly promotion: Estimate;
  /** How the log price answers to the last period's unexplained log units. */
  readonly following: Estimate;
  /** Log units at log prices away from the current one, controls apart. */
  readonly bins: readonly ResponseBin[];
  /** `[n]`, log units that neither price, promotions nor controls explain, and what of them others share. */
  readonly residuals: Float64Array;
  readonly beyondPrice: Float64Array;
  /** Deviation of the residuals, and their correlation with the previous ones. */
  readonly deviation: number;
  readonly autocorrelation: number;
  /** Deviation of log price, and of what the controls leave of it. */
  readonly priceDeviation: number;
  readonly freePriceDeviation: number;
  /** Number of moves of the price that would say as much: (Σ ṽ²)² ÷ Σ ṽ⁴. */
  readonly effectiveMoves: number;
  /** Rows in stock, and the share of them that the controls use up. */
  readonly rows: number;
  readonly usedShare: number;
  /** Log units per period at the end of the history, and over all of it. */
  readonly recentLevel: number;
  readonly meanLevel: number;
}

/** Times that demand in periods without stock is filled in. */
const fillRounds = 2;
/** Periods that stand for the level of today. */
const recentPeriods = 8;

/** One item's series and what the controls leave of them; made once, read with and without what others did. */
export interface ItemRemainders {
  readonly history: readonly PriceObservation[];
  readonly series: ItemSeries;
  readonly smoother: Smoother;
  /** What the controls leave of log units, log price, half its square, promotions, and the last log units and price. */
  readonly left: Readonly<
    Record<'units' | 'prices' | 'squares' | 'promoted' | 'lastUnits' | 'lastPrices', Float64Array>
  >;
}

interface ItemSeries {
  readonly logUnits: Float64Array;
  /** Log of price ÷ current price. */
  readonly logPrices: Float64Array;
  readonly promoted: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Takes the controls out of an item's series. Periods without stock are first left out, then filled in with the demand that
 * the others lead to expect above what was sold, at half their weight: leaving them out for good would leave out the
 * periods of most demand.
 */
export function takeControlsOut({ history, currentPrice }: PriceItem): ItemRemainders {
  const { values: logUnits, weights } = toLogDemand(history);
  const logPrices = Float64Array.from(history, ({ price }) => Math.log(price / currentPrice));
  const promoted = Float64Array.from(history, (row) => (row.promoted ? 1 : 0));
  const series = { logUnits, logPrices, promoted, weights };
  let known = leaveControls(history, series);
  if (history.every(({ inStock }) => inStock) || !weights.some((weight) => weight > 0)) return known;
  const usual = weightedMean(weights.filter((weight) => weight > 0));
  const halved = weights.map((weight, t) => (history[t]?.inStock === false ? usual / 2 : weight));
  for (let round = 0; round < fillRounds; round += 1) {
    const { residuals, deviation } = gatherEvidence(known);
    const before = known.series.logUnits;
    const filled = logUnits.map((sold, t) =>
      history[t]?.inStock === false
        ? expectCensored(sold, (before[t] ?? 0) - (residuals[t] ?? 0), deviation)
        : sold,
    );
    known = leaveControls(history, { ...series, logUnits: filled, weights: halved });
  }
  return known;
}

function leaveControls(history: readonly PriceObservation[], series: ItemSeries): ItemRemainders {
  const { logUnits, logPrices, promoted, weights } = series;
  const smoother = makeSmoother(makeControlColumns(history), weights);
  return {
    history,
    series,
    smoother,
    left: {
      units: smoother.leaveOver(logUnits),
      prices: smoother.leaveOver(logPrices),
      squares: smoother.leaveOver(logPrices.map((x) => (x * x) / 2)),
      promoted: smoother.leaveOver(promoted),
      lastUnits: smoother.leaveOver(shiftByOne(logUnits)),
      lastPrices: smoother.leaveOver(shiftByOne(logPrices)),
    },
  };
}

/** Gathers the evidence of one item; `shared` is what the shop's other items did beyond their prices. */
export function gatherEvidence(item: ItemRemainders, shared: readonly OthersAverage[] = []): ItemEvidence {
  const { series, smoother, left } = item;
  const { logUnits, logPrices, weights } = series;
  const others = shared.map(({ mean }) => smoother.leaveOver(mean));
  const errors = shared.map(({ chanceError }) => smoother.leaveOver(chanceError));
  const main = regressTogether(left.units, [left.prices, left.promoted, ...others], weights, errors);
  const bent = regressTogether(
    left.units,
    [left.prices, left.squares, left.promoted, ...others],
    weights,
    errors,
  );
  const memory = [left.prices, left.promoted, left.lastUnits, left.lastPrices, ...others];
  const last = shiftByOne(main.residuals);
  const rows = weights.reduce((count, weight) => count + (weight > 0 ? 1 : 0), 0);
  const controlled = first(main.estimates);
  const promotion = first(main.estimates.slice(1));
  const slope = Number.isFinite(controlled.standardError) ? controlled.value : 0;
  const lift = Number.isFinite(promotion.standardError) ? promotion.value : 0;
  const neutral = logUnits.map(
    (value, t) => value - slope * (logPrices[t] ?? 0) - lift * (series.promoted[t] ?? 0),
  );
  return {
    naive: regressPlainly(series),
    controlled,
    remembering: first(regressTogether(left.units, memory, weights, errors).estimates),
    differenced: regressDifferences(series),
    local: first(bent.estimates),
    curvature: first(bent.estimates.slice(1)),
    promotion,
    following: first(regressTogether(left.prices, [last], weights).estimates),
    bins: readResponseBins(
      logPrices,
      main.residuals.map((residual, t) => residual + slope * (logPrices[t] ?? 0)),
      weights,
    ),
    residuals: main.residuals,
    beyondPrice: left.units.map(
      (value, t) => value - slope * (left.prices[t] ?? 0) - lift * (left.promoted[t] ?? 0),
    ),
    deviation: weightedDeviation(main.residuals, weights, 0),
    autocorrelation: correlateWithLast(main.residuals),
    priceDeviation: weightedDeviation(logPrices, weights, weightedMean(logPrices, weights)),
    freePriceDeviation: weightedDeviation(left.prices, weights, 0),
    effectiveMoves: countMoves(left.prices, weights),
    rows,
    usedShare: smoother.freedom / Math.max(1, rows),
    recentLevel: readLevel(neutral, weights, recentPeriods),
    meanLevel: readLevel(neutral, weights, logUnits.length),
  };
}

/** Each value moved to the next period; the first period gets the mean, which is as good as anything. */
export function shiftByOne(series: Float64Array): Float64Array {
  const mean = series.reduce((sum, value) => sum + value, 0) / Math.max(1, series.length);
  return series.map((_, t) => (t === 0 ? mean : (series[t - 1] ?? 0)));
}

function regressPlainly({ logUnits, logPrices, weights }: ItemSeries): Estimate {
  const means = { units: weightedMean(logUnits, weights), prices: weightedMean(logPrices, weights) };
  const y = logUnits.map((value) => value - means.units);
  const v = logPrices.map((value) => value - means.prices);
  return first(regressTogether(y, [v], weights).estimates);
}

function first(estimates: readonly Estimate[]): Estimate {
  return estimates[0] ?? { value: 0, standardError: Number.POSITIVE_INFINITY };
}

/** Slope of changes of log units on changes of log price; periods next to one without stock say nothing. */
function regressDifferences({ logUnits, logPrices, promoted, weights }: ItemSeries): Estimate {
  const change = (x: Float64Array) =>
    Float64Array.from({ length: Math.max(0, x.length - 1) }, (_, t) => (x[t + 1] ?? 0) - (x[t] ?? 0));
  const both = Float64Array.from({ length: Math.max(0, weights.length - 1) }, (_, t) =>
    Math.min(weights[t + 1] ?? 0, weights[t] ?? 0),
  );
  return first(regressTogether(change(logUnits), [change(logPrices), change(promoted)], both).estimates);
}

function weightedMean(x: Float64Array, weights: Float64Array = new Float64Array(x.length).fill(1)): number {
  let [sum, total] = [0, 0];
  for (const [t, weight] of weights.entries()) {
    sum += weight * (x[t] ?? 0);
    total += weight;
  }
  return total > 0 ? sum / total : 0;
}

function weightedDeviation(x: Float64Array, weights: Float64Array, centre: number): number {
  return Math.sqrt(
    weightedMean(
      x.map((value) => (value - centre) ** 2),
      weights,
    ),
  );
}

function correlateWithLast(x: Float64Array): number {
  let [products, squares] = [0, 1e-12];
  for (let t = 0; t < x.length; t += 1) {
    squares += (x[t] ?? 0) ** 2;
    if (t > 0) products += (x[t] ?? 0) * (x[t - 1] ?? 0);
  }
  return products / squares;
}

function countMoves(v: Float64Array, weights: Float64Array): number {
  let [squares, fourths] = [0, 0];
  for (const [t, value] of v.entries()) {
    const square = (weights[t] ?? 0) * value ** 2;
    squares += square;
    fourths += square ** 2;
  }
  return fourths > 0 ? squares ** 2 / fourths : 0;
}

/** Mean over the last periods, of all where these were out of stock. */
function readLevel(neutral: Float64Array, weights: Float64Array, periods: number): number {
  const from = Math.max(0, neutral.length - periods);
  if (!weights.slice(from).some((weight) => weight > 0)) return weightedMean(neutral, weights);
  return weightedMean(neutral.slice(from), weights.slice(from));
}
