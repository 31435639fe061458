import { negativeBinomialTailMean } from '../../maths/negativeBinomial.ts';
import type { DemandPanel } from './demandPanel.ts';
import type { GroupSeason } from './groupSeason.ts';

/** Every item's level as it was known before each period. */
export interface LevelTracks {
  /** `[(periods + 1) × items]` row-major, counts per period of factor 1; the last row is today's. */
  readonly levels: Float64Array;
}

/** What is kept of the past from period to period: by the slow estimate, the fast one, and a group's common move. */
const slowMemory = 0.97;
const fastMemory = 0.85;
const groupMemory = 0.8;
/** Prior weights in periods: of what all of the item's past says, and of the slow estimate on the fast one. */
const priorOfSlow = 4;
const priorOfFast = 8;
/** Prior weight of "no common move", in units of the group's overdispersion. */
const priorOfMove = 40;
/** Overdispersion that weighs periods: a busy period says less about the level than its units suggest. */
const assumedDispersion = 0.05;
const dispersionMemory = 0.98;
/** Negative binomial size of demand whose upper part was not seen. */
const censoredSize = 2;
const startWeight = 0.5;

/**
 * Follows every item's level through time with gamma–Poisson filters that forget: a slow one shrunk to the item's
 * whole past, times the recent common moves of its groups, then a fast one shrunk to that. Unknown periods change
 * nothing; one that sold something before its stock ran out counts as the mean of demands of at least that.
 *
 * Source: discounted conjugate updating, M. West and J. Harrison, Bayesian Forecasting and Dynamic Models (2nd ed.,
 * 1997), §14.4 and §6.3.
 */
export function trackLevels(panel: DemandPanel, season: GroupSeason): LevelTracks {
  const { items, periods } = panel;
  const levels = new Float64Array((periods + 1) * items);
  const state = startFilters(panel);
  for (let t = 0; t <= periods; t += 1) {
    const now = levels.subarray(t * items, (t + 1) * items);
    readLevels(panel, state, now);
    if (t < periods) updateFilters(panel, season, { state, now, t });
  }
  return { levels };
}

/** Sums of units and exposure, `[items]`. */
interface Filter {
  readonly units: Float64Array;
  readonly exposure: Float64Array;
}

interface GroupFilter extends Filter {
  readonly overdispersion: Float64Array;
}

interface FilterState {
  readonly typical: number;
  readonly whole: Filter;
  readonly slow: Filter;
  readonly fast: Filter;
  /** One a kind, `[groups]`. */
  readonly moves: readonly GroupFilter[];
  /** `[items]`, the slow estimate. */
  readonly base: Float64Array;
}

function startFilters(panel: DemandPanel): FilterState {
  const make = (length: number): Filter => ({
    units: new Float64Array(length),
    exposure: new Float64Array(length),
  });
  return {
    typical: typicalDemand(panel),
    whole: make(panel.items),
    slow: make(panel.items),
    fast: make(panel.items),
    moves: panel.kinds.map(({ count }) => ({
      ...make(count),
      overdispersion: new Float64Array(count).fill(1),
    })),
    base: new Float64Array(panel.items),
  };
}

/** A quarter of the items' median demand: what a new item is taken for until it has sold. */
function typicalDemand({ items, periods, demand, seen }: DemandPanel): number {
  const means: number[] = [];
  for (let i = 0; i < items; i += 1) {
    let [units, count] = [0, 0];
    for (let cell = i * periods; cell < (i + 1) * periods; cell += 1) {
      units += (seen[cell] ?? 0) * (demand[cell] ?? 0);
      count += seen[cell] ?? 0;
    }
    if (count > 0) means.push(units / count);
  }
  means.sort((a, b) => a - b);
  return (means[Math.floor(means.length / 2)] ?? 0) / 4;
}

function readLevels(panel: DemandPanel, state: FilterState, now: Float64Array): void {
  const { typical, whole, slow, fast, base } = state;
  for (let i = 0; i < panel.items; i += 1) {
    const past = (at(whole.units, i) + startWeight * typical) / (at(whole.exposure, i) + startWeight);
    base[i] = (at(slow.units, i) + priorOfSlow * past) / (at(slow.exposure, i) + priorOfSlow);
    let prior = at(base, i);
    for (const [k, { units, exposure, overdispersion }] of state.moves.entries()) {
      const group = panel.kinds[k]?.groupOf[i] ?? -1;
      if (group < 0) continue;
      const weight = priorOfMove * at(overdispersion, group);
      prior *= (at(units, group) + weight) / (at(exposure, group) + weight);
    }
    now[i] = (at(fast.units, i) + priorOfFast * prior) / (at(fast.exposure, i) + priorOfFast);
  }
}

function updateFilters(
  panel: DemandPanel,
  season: GroupSeason,
  { state, now, t }: { readonly state: FilterState; readonly now: Float64Array; readonly t: number },
): void {
  const { whole, slow, fast, base } = state;
  const moves = panel.kinds.map(({ count }) => ({
    came: new Float64Array(count),
    expected: new Float64Array(count),
  }));
  for (let i = 0; i < panel.items; i += 1) {
    const cell = i * panel.periods + t;
    const factor = season.factors[i * season.length + (t % season.length)] ?? 1;
    const expected = factor * at(now, i);
    const value = knownDemand(panel, cell, expected);
    const share = value === null ? 0 : factor;
    const weight = 1 / (1 + assumedDispersion * expected);
    add(whole, i, { keep: 1, units: value ?? 0, exposure: share });
    add(slow, i, { keep: slowMemory, units: weight * (value ?? 0), exposure: weight * share });
    add(fast, i, { keep: fastMemory, units: weight * (value ?? 0), exposure: weight * share });
    for (const [k, { came, expected: guess }] of moves.entries()) {
      const group = panel.kinds[k]?.groupOf[i] ?? -1;
      if (group < 0) continue;
      came[group] = at(came, group) + (value ?? 0);
      guess[group] = at(guess, group) + share * at(base, i);
    }
  }
  for (const [k, { came, expected }] of moves.entries()) {
    const filter = state.moves[k];
    if (filter !== undefined) updateMoves(filter, came, expected);
  }
}

/** Demand as far as the period tells it; null where it tells nothing. */
function knownDemand(panel: DemandPanel, cell: number, expected: number): number | null {
  const value = at(panel.demand, cell);
  if (panel.seen[cell] === 1) return value;
  return panel.censored[cell] === 1 && value > 0
    ? negativeBinomialTailMean(value, expected, censoredSize)
    : null;
}

function updateMoves(filter: GroupFilter, came: Float64Array, expected: Float64Array): void {
  for (let group = 0; group < came.length; group += 1) {
    const guess = at(expected, group);
    const ratio = Math.max(1, (at(came, group) - guess) ** 2 / Math.max(0.5, guess));
    const { overdispersion } = filter;
    overdispersion[group] = dispersionMemory * at(overdispersion, group) + (1 - dispersionMemory) * ratio;
    add(filter, group, { keep: groupMemory, units: at(came, group), exposure: guess });
  }
}

function add(
  filter: Filter,
  index: number,
  { keep, units, exposure }: { readonly keep: number; readonly units: number; readonly exposure: number },
): void {
  filter.units[index] = keep * at(filter.units, index) + units;
  filter.exposure[index] = keep * at(filter.exposure, index) + exposure;
}

function at(values: Float64Array, index: number): number {
  return values[index] ?? 0;
}
