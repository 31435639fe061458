import type { DemandPanel, GroupKind } from './demandPanel.ts';

/** Factors on an item's level by position in the season. */
export interface GroupSeason {
  /** Positions; 1 = no season. */
  readonly length: number;
  /** `[items × length]` row-major; period t of the panel's axis, its future included, is at t mod length. */
  readonly factors: Float64Array;
}

const iterations = 4;
/** Weight of a season against the one after it. */
const seasonMemory = 0.6;
/** Prior weight of "no season" on the whole request's profile, in counts. */
const priorOfAll = 20;
/** Prior weight of "like all others" on a group's profile, in units of its overdispersion. */
const priorOfGroup = 40;
/** Weight of the neighbouring positions in a group's profile, where a season has many. */
const neighbourWeight = 0.3;
const manyPositions = 13;
/** Share of a season within which an item's level may move. */
const levelSpan = 0.15;
const smallestFactor = 0.05;

/**
 * The season of every item, learned from all of them: a profile of the whole request, on top of it one of each of the
 * item's groups, drawn toward none by a gamma–Poisson prior whose weight grows with the group's overdispersion.
 * Levels (two-sided exponential kernels) and profiles are found in turns. Without a whole season of history all factors
 * are 1.
 *
 * Sources: shrunken group seasonal indices: H. Chen and J. E. Boylan, "Use of individual and group seasonal indices in
 * subaggregate demand forecasting", JORS 58 (2007), pp. 1660–1671; gamma–Poisson prior: A. Gelman et al., Bayesian Data
 * Analysis (3rd ed., 2013), §2.6.
 */
export function estimateGroupSeason(panel: DemandPanel, length: number): GroupSeason {
  const { items, periods } = panel;
  if (length < 2 || periods < length) return { length: 1, factors: new Float64Array(items).fill(1) };
  let factors = new Float64Array(items * length).fill(1);
  for (let round = 0; round < iterations; round += 1) {
    const levels = kernelLevels(panel, factors, length);
    factors = new Float64Array(items * length).fill(1);
    const all: GroupKind = { count: 1, groupOf: new Int32Array(items) };
    multiplyProfile(panel, { kind: all, levels, length, factors, neighbours: 0 });
    const neighbours = length >= manyPositions ? neighbourWeight : 0;
    for (const kind of panel.kinds) multiplyProfile(panel, { kind, levels, length, factors, neighbours });
  }
  return { length, factors };
}

/** `[items × periods]`: each item's level around each period, with the season divided out. */
function kernelLevels(panel: DemandPanel, factors: Float64Array, length: number): Float64Array {
  const { items, periods, demand, seen } = panel;
  const span = length >= manyPositions ? levelSpan * length : 2 * length;
  const keep = Math.exp(-1 / span);
  const levels = new Float64Array(items * periods);
  const tops = new Float64Array(periods);
  const bottoms = new Float64Array(periods);
  for (let i = 0; i < items; i += 1) {
    const row = i * periods;
    let [units, exposure, top, bottom] = [0, 0, 0, 0];
    for (let t = 0; t < periods; t += 1) {
      const share = (seen[row + t] ?? 0) * (factors[i * length + (t % length)] ?? 1);
      const value = (seen[row + t] ?? 0) * (demand[row + t] ?? 0);
      units += value;
      exposure += share;
      top = keep * top + value;
      bottom = keep * bottom + share;
      tops[t] = top;
      bottoms[t] = bottom;
    }
    const mean = units / Math.max(1e-9, exposure);
    top = 0;
    bottom = 0;
    for (let t = periods - 1; t >= 0; t -= 1) {
      levels[row + t] = ((tops[t] ?? 0) + top + 0.5 * mean) / ((bottoms[t] ?? 0) + bottom + 0.5);
      top = keep * (top + (seen[row + t] ?? 0) * (demand[row + t] ?? 0));
      bottom = keep * (bottom + (seen[row + t] ?? 0) * (factors[i * length + (t % length)] ?? 1));
    }
  }
  return levels;
}

interface ProfileTask {
  readonly kind: GroupKind;
  readonly levels: Float64Array;
  readonly length: number;
  /** `[items × length]`, multiplied in place. */
  readonly factors: Float64Array;
  readonly neighbours: number;
}

/** Multiplies the items' factors by their groups' profiles. */
function multiplyProfile(panel: DemandPanel, task: ProfileTask): void {
  const { kind, length, factors, neighbours } = task;
  const { came, expected, byPeriod } = sumGroups(panel, task);
  for (let group = 0; group < kind.count; group += 1) {
    const row = came.subarray(group * length, (group + 1) * length);
    const base = expected.subarray(group * length, (group + 1) * length);
    const total = base.reduce((sum, value) => sum + value, 0);
    const ratio = row.reduce((sum, value) => sum + value, 0) / Math.max(1e-9, total);
    if (!(ratio > 0)) continue;
    const weight =
      kind.count === 1
        ? priorOfAll
        : priorOfGroup * overdispersion(byPeriod, { group, groups: kind.count, ratio });
    const profile = Float64Array.from({ length }, (_, p) => {
      const at = (values: Float64Array) => smoothAt(values, p, neighbours);
      return (at(row) + weight * ratio) / (at(base) + weight) / ratio;
    });
    for (let i = 0; i < panel.items; i += 1) {
      if (kind.groupOf[i] !== group) continue;
      for (let p = 0; p < length; p += 1) {
        const cell = i * length + p;
        factors[cell] = Math.max(smallestFactor, (factors[cell] ?? 1) * (profile[p] ?? 1));
      }
    }
  }
}

interface PeriodSums {
  /** `[periods × groups]`, counts that came, and that levels and factors so far expected. */
  readonly came: Float64Array;
  readonly expected: Float64Array;
}

/** What came and what was expected, by group and position (`[groups × length]`, older seasons weigh less) and by period. */
function sumGroups(
  { items, periods, demand, seen }: DemandPanel,
  { kind, levels, length, factors }: ProfileTask,
): PeriodSums & { readonly byPeriod: PeriodSums } {
  const came = new Float64Array(kind.count * length);
  const expected = new Float64Array(kind.count * length);
  const byPeriod = {
    came: new Float64Array(periods * kind.count),
    expected: new Float64Array(periods * kind.count),
  };
  for (let i = 0; i < items; i += 1) {
    const group = kind.groupOf[i] ?? -1;
    if (group < 0) continue;
    for (let t = 0; t < periods; t += 1) {
      const cell = i * periods + t;
      if (seen[cell] === 0) continue;
      const value = demand[cell] ?? 0;
      const guess = (levels[cell] ?? 0) * (factors[i * length + (t % length)] ?? 1);
      const weight = seasonMemory ** Math.floor((periods - 1 - t) / length);
      const place = group * length + (t % length);
      came[place] = (came[place] ?? 0) + weight * value;
      expected[place] = (expected[place] ?? 0) + weight * guess;
      const moment = t * kind.count + group;
      byPeriod.came[moment] = (byPeriod.came[moment] ?? 0) + value;
      byPeriod.expected[moment] = (byPeriod.expected[moment] ?? 0) + guess;
    }
  }
  return { came, expected, byPeriod };
}

/** Σ(came − expected)² / Σ expected over the periods, at least 1: 1 = counts as regular as Poisson's. */
function overdispersion(
  { came, expected }: PeriodSums,
  { group, groups, ratio }: { readonly group: number; readonly groups: number; readonly ratio: number },
): number {
  let [squares, total] = [0, 0];
  for (let cell = group; cell < came.length; cell += groups) {
    const guess = Math.max(1e-6, (expected[cell] ?? 0) * ratio);
    squares += ((came[cell] ?? 0) - guess) ** 2;
    total += guess;
  }
  return Math.max(1, squares / total);
}

/** A value and a share of its neighbours on the circle of positions. */
function smoothAt(values: Float64Array, position: number, neighbours: number): number {
  const { length } = values;
  const before = values[(position + length - 1) % length] ?? 0;
  const after = values[(position + 1) % length] ?? 0;
  return (values[position] ?? 0) + neighbours * (before + after);
}
