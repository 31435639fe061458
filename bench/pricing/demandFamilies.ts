/**
 * Expected demand of one period and its elasticity, family by family.
 *
 * With x = log (price ÷ usual price), r_j the rivals' logs, r̄ their mean, B the base of the period (level, season, shock,
 * trend, sentiment, weekday, promotion's lift), expected units are
 * - log-linear, stock-outs, follows-demand, competitors-react, counts: B·exp(ε x + χ r̄); elasticity ε. Sales of
 *   stock-outs are cut by stock, demand and the truth are not; rivals of competitors-react answer to earlier prices
 *   only, so ε holds theirs.
 * - logit: B·s(x)/s(0) with s(x) = e^(a − βe^x) ÷ (1 + e^(a − βe^x) + Σ_j e^(a_j − βe^(r_j))); elasticity −β e^x (1 − s(x)).
 * - linear: B·max(0, 1 − b(e^x − 1))·exp(χ r̄); elasticity −b e^x ÷ (1 − b(e^x − 1)).
 * - threshold: B·exp(ε₀ x + χ r̄)·(1 − d)^(thresholds reached); no elasticity: there are jumps, and what a price change does
 *   depends on whether it meets one.
 * - reference-price: B·exp(ε x + χ r̄ − g·λ·max(0, x − ρ) + g·max(0, ρ − x)), ρ the exponentially smoothed past x, λ > 1;
 *   no elasticity: there is a kink at the reference, which the price held is drawn to.
 */

import { PAST_WEEKS } from './categoryWorld.ts';
import type { ItemWorld } from './itemWorld.ts';

/** The circumstances of one period's demand. */
export interface Circumstances {
  readonly period: number;
  /** Log price paid ÷ usual price. */
  readonly logPrice: number;
  readonly isPromoted: boolean;
  /** Smoothed past log price ÷ usual price. */
  readonly reference: number;
  /** Log prices ÷ own usual price. */
  readonly rivals: readonly number[];
}

/** Families without an elasticity at the current price. */
const WITHOUT_ELASTICITY: ReadonlySet<string> = new Set(['threshold', 'reference-price']);

/** Expected units of one period, ≥ 0. */
export function expectUnits(world: ItemWorld, at: Circumstances): number {
  const week = Math.floor(at.period / world.periodsPerWeek);
  const { parameters } = world;
  const log =
    (world.demand[week] ?? 0) +
    (world.weekdays[at.period % world.periodsPerWeek] ?? 0) +
    (at.isPromoted ? parameters.promotionLift : 0);
  return parameters.level * Math.exp(log) * answerToPrices(world, at);
}

/** d log expected units ÷ d log price in one period, rivals' prices held; NaN for the families where there is none. */
export function findElasticity(world: ItemWorld, at: Circumstances): number {
  if (WITHOUT_ELASTICITY.has(world.family)) return Number.NaN;
  const ratio = Math.exp(at.logPrice);
  const { priceSensitivity, linearSlope } = world.parameters;
  if (world.family === 'logit') return -priceSensitivity * ratio * (1 - findShare(world, at));
  if (world.family === 'linear') return (-linearSlope * ratio) / (1 - linearSlope * (ratio - 1));
  return world.elasticity;
}

/** The slope around the usual price that the unit cost of the item is drawn by. */
export function findUsualElasticity(world: ItemWorld): number {
  const { parameters } = world;
  const usual = {
    period: PAST_WEEKS * world.periodsPerWeek,
    logPrice: 0,
    isPromoted: false,
    reference: 0,
    rivals: [],
  };
  if (world.family === 'threshold') return parameters.thresholdElasticity - 5 * parameters.thresholdDrop;
  if (world.family === 'reference-price') return world.elasticity - 0.5 * parameters.gainSensitivity;
  const rivals = Array.from({ length: parameters.competitors }, () => 0);
  return findElasticity(world, { ...usual, rivals });
}

function answerToPrices(world: ItemWorld, at: Circumstances): number {
  const { parameters } = world;
  const { logPrice } = at;
  if (world.family === 'logit') {
    const rivals = Array.from({ length: parameters.competitors }, () => 0);
    return findShare(world, at) / findShare(world, { ...at, logPrice: 0, rivals });
  }
  const cross = Math.exp(parameters.crossElasticity * mean(at.rivals));
  if (world.family === 'linear')
    return cross * Math.max(0, 1 - parameters.linearSlope * (Math.exp(logPrice) - 1));
  if (world.family === 'threshold') {
    const reached = world.thresholds.filter((threshold) => logPrice >= threshold - 1e-9).length;
    return (
      cross * Math.exp(parameters.thresholdElasticity * logPrice) * (1 - parameters.thresholdDrop) ** reached
    );
  }
  if (world.family === 'reference-price') {
    const above = logPrice - at.reference;
    const felt = -parameters.gainSensitivity * (above > 0 ? parameters.lossAversion * above : above);
    return cross * Math.exp(world.elasticity * logPrice + felt);
  }
  return cross * Math.exp(world.elasticity * logPrice);
}

/** Share of the market; at usual prices of all it is the drawn share, which rivals and buying nothing split evenly. */
function findShare(world: ItemWorld, { logPrice, rivals }: Circumstances): number {
  const { share, priceSensitivity, competitors } = world.parameters;
  const own = share * Math.exp(-priceSensitivity * (Math.exp(logPrice) - 1));
  const other = (1 - share) / (competitors + 1);
  const theirs = rivals.reduce((sum, rival) => sum + Math.exp(-priceSensitivity * (Math.exp(rival) - 1)), 0);
  return own / (own + other * (1 + theirs));
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
