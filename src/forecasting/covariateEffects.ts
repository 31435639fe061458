/** What price, promotions, holidays and signals from texts do to one series: factors on its demand, estimated with known doubt. */

import { invertSymmetric, makeDiagonal } from '../maths/symmetricInverse.ts';
import { fitBaseline } from './demandBaseline.ts';
import { usableValues } from './history.ts';
import type { SeriesHistory } from './member.ts';
import { readSignal, signalHalfLife } from './textSignals.ts';

/** Effects on each period of a history and of the horizon. */
export interface CovariateEffects {
  /** `[n + horizon]`, demand relative to the same period at neutral covariates; > 0. */
  readonly factors: Float64Array;
  /** `[n + horizon]`, standard error of each factor's logarithm, ≥ 0. */
  readonly deviations: Float64Array;
  /** The influences that ever leave their neutral value. */
  readonly influences: readonly CovariateInfluence[];
}

/** One influence: the change of log demand per unit of log price ratio (an elasticity), of a 0/1 flag, or per deviation of a signal. */
export interface CovariateInfluence {
  readonly name: string;
  readonly coefficient: number;
  readonly standardError: number;
}

/**
 * Influences with what is assumed of their coefficients before the series is seen: normal with mean and deviation.
 *
 * Own-price elasticities of consumer goods average −1.76 in one meta-analysis and −2.62 in a later one, mostly
 * between −0.5 and −4 (G. J. Tellis, JMR 25 (1988), pp. 331–341; T. H. A. Bijmolt et al., JMR 42 (2005), pp.
 * 141–156). A promotion adds to its price cut; a holiday may go either way. Signals from texts (`readSignal`) are assumed
 * to do nothing.
 */
export const INFLUENCES = [
  { name: 'price_ratio', mean: -1.5, deviation: 1, sign: 0 },
  { name: 'promotion', mean: 0.2, deviation: 0.5, sign: 0 },
  { name: 'holiday', mean: 0, deviation: 0.5, sign: 0 },
  { name: 'complaint_rate', mean: 0, deviation: 0.15, sign: -1 },
  { name: 'sentiment', mean: 0, deviation: 0.15, sign: 1 },
] as const;

/** Standard errors by which a signal must work in its direction to count: below, noise is heard too often. */
const FEWEST_STANDARD_ERRORS = 1;

/** Half-lives of a signal that the baseline's are at least: a faster one would take the signal's effect for its own. */
const BASELINE_HALF_LIVES = 4;
const ROUNDS = 8;
const LONGEST_STEP = 1;
/** Effects beyond e^±3 are taken for artefacts. */
const LARGEST_LOG_EFFECT = 3;
const SMALLEST_RATE = 1e-9;

/**
 * Estimates the effects of a history's covariates; null when none ever leaves its neutral value. A signal that does not
 * seem to work as such signals do, with less demand after complaints, is left out.
 *
 * Demand is quasi-Poisson with log μ_t = log b_t + Σ_k β_k x_kt; the baseline b (`fitBaseline`) and β, by one
 * Newton step, are improved in turn. β has a normal prior, weighed against the data by the dispersion
 * φ = mean (y − μ)²/μ: with few or noisy promotions the usual effects are assumed, with many the series' own.
 *
 * Sources: P. McCullagh and J. A. Nelder, Generalized Linear Models (2nd ed., 1989), §9.2 (quasi-likelihood);
 * T. Hastie and R. Tibshirani, Generalized Additive Models (1990), §6.3 (local scoring).
 */
export function estimateEffects(history: SeriesHistory, horizon: number): CovariateEffects | null {
  const active = readInfluences(history, history.values.length + horizon);
  if (active.length === 0) return null;
  const effects = fitEffects(history, active);
  const heard = active.filter((influence, k) => isBelieved(influence, effects.influences[k]));
  if (heard.length === active.length) return effects;
  return heard.length === 0 ? null : fitEffects(history, heard);
}

function fitEffects(history: SeriesHistory, active: readonly ActiveInfluence[]): CovariateEffects {
  const units = usableValues(history).map((value) => Math.max(0, value));
  const length = active[0]?.x.length ?? 0;
  const beta = Float64Array.from(active, ({ mean }) => mean);
  const slowest = active.reduce(
    (longest, { halfLife }) => Math.max(longest, BASELINE_HALF_LIVES * halfLife),
    0,
  );
  let covariance = new Float64Array(0);
  for (let round = 0; round < ROUNDS; round += 1) {
    const effects = Float64Array.from(units, (_, t) => logEffect(active, beta, t));
    const baseline = fitBaseline(units, effects, history.seasonLength, slowest);
    const rates = effects.map((effect, t) => Math.max(SMALLEST_RATE, (baseline[t] ?? 0) * Math.exp(effect)));
    covariance = improveCoefficients(active, beta, { units, rates });
  }
  return {
    factors: Float64Array.from({ length }, (_, t) => Math.exp(logEffect(active, beta, t))),
    deviations: Float64Array.from({ length }, (_, t) => logDeviation(active, covariance, t)),
    influences: active.map(({ name }, k) => ({
      name,
      coefficient: beta[k] ?? 0,
      standardError: Math.sqrt(covariance[k * active.length + k] ?? 0),
    })),
  };
}

/** Whether a signal counts: complaints must lower demand and good words lift it. */
function isBelieved({ sign }: ActiveInfluence, found: CovariateInfluence | undefined): boolean {
  if (sign === 0 || found === undefined) return true;
  return sign * found.coefficient >= FEWEST_STANDARD_ERRORS * found.standardError;
}

interface ActiveInfluence {
  readonly name: string;
  readonly mean: number;
  readonly deviation: number;
  /** The direction that a signal works in; 0 = no signal. */
  readonly sign: number;
  /** `[n + horizon]`, 0 = neutral or unknown. */
  readonly x: Float64Array;
  /** Periods after which a signal counts half; 0 = no signal. */
  readonly halfLife: number;
}

function readInfluences(history: SeriesHistory, length: number): readonly ActiveInfluence[] {
  const { covariates = [], values, seasonLength } = history;
  return INFLUENCES.flatMap((influence) => {
    const given = covariates.find(({ name }) => name === influence.name)?.values;
    if (given === undefined) return [];
    const halfLife = influence.sign !== 0 ? signalHalfLife(seasonLength) : 0;
    const x =
      halfLife > 0
        ? readSignal(given, { history: values.length, total: length, halfLife })
        : Float64Array.from({ length }, (_, t) => readShift(influence.name, given[t] ?? Number.NaN));
    return x?.some((shift) => shift !== 0) ? [{ ...influence, x, halfLife }] : [];
  });
}

function readShift(name: string, value: number): number {
  const shift = name === 'price_ratio' ? Math.log(value) : value;
  return Number.isFinite(shift) ? shift : 0;
}

function logEffect(active: readonly ActiveInfluence[], beta: Float64Array, t: number): number {
  let sum = 0;
  for (const [k, { x }] of active.entries()) sum += (beta[k] ?? 0) * (x[t] ?? 0);
  return Math.max(-LARGEST_LOG_EFFECT, Math.min(LARGEST_LOG_EFFECT, sum));
}

function logDeviation(active: readonly ActiveInfluence[], covariance: Float64Array, t: number): number {
  let variance = 0;
  for (const [i, one] of active.entries())
    for (const [j, other] of active.entries())
      variance += (one.x[t] ?? 0) * (covariance[i * active.length + j] ?? 0) * (other.x[t] ?? 0);
  return Math.sqrt(Math.max(0, variance));
}

interface Expected {
  /** `[n]`, NaN = missing. */
  readonly units: Float64Array;
  /** `[n]`, μ > 0. */
  readonly rates: Float64Array;
}

/** Moves β by one Newton step of the penalised quasi-likelihood; returns its posterior covariance `[K × K]`. */
function improveCoefficients(
  active: readonly ActiveInfluence[],
  beta: Float64Array,
  expected: Expected,
): Float64Array<ArrayBuffer> {
  const size = active.length;
  const dispersion = measureDispersion(expected, size);
  const gradient = Float64Array.from(
    active,
    ({ mean, deviation }, k) => (mean - (beta[k] ?? 0)) / deviation ** 2,
  );
  const precision = makeDiagonal(active.map(({ deviation }) => 1 / deviation ** 2));
  for (let t = 0; t < expected.units.length; t += 1) {
    const rate = (expected.rates[t] ?? 0) / dispersion;
    const surprise = ((expected.units[t] ?? Number.NaN) - (expected.rates[t] ?? 0)) / dispersion;
    if (Number.isNaN(surprise)) continue;
    for (const [i, { x }] of active.entries()) {
      const shift = x[t] ?? 0;
      if (shift === 0) continue;
      gradient[i] = (gradient[i] ?? 0) + shift * surprise;
      for (const [j, other] of active.entries())
        precision[i * size + j] = (precision[i * size + j] ?? 0) + rate * shift * (other.x[t] ?? 0);
    }
  }
  const covariance = invertSymmetric(precision, size);
  for (let i = 0; i < size; i += 1) {
    let move = 0;
    for (let j = 0; j < size; j += 1) move += (covariance[i * size + j] ?? 0) * (gradient[j] ?? 0);
    beta[i] = (beta[i] ?? 0) + Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, move));
  }
  return Float64Array.from(covariance);
}

/** φ = Σ (y − μ)²/μ over the degrees of freedom, > 0. */
function measureDispersion({ units, rates }: Expected, parameters: number): number {
  let [squares, count] = [0, 0];
  for (let t = 0; t < units.length; t += 1) {
    const error = (units[t] ?? Number.NaN) - (rates[t] ?? 0);
    if (Number.isNaN(error)) continue;
    squares += error ** 2 / (rates[t] ?? 1);
    count += 1;
  }
  return Math.max(SMALLEST_RATE, squares / Math.max(1, count - parameters));
}
