/** Histories of a request side by side, so that items of a group can inform each other. */

/** One item's history. */
export interface PooledSeries {
  /** Units per period, oldest first, the last one just past; NaN = missing. */
  readonly values: Float64Array;
  /** Same length; false = sales were limited by stock, so demand was at least the value. Absent = all true. */
  readonly inStock?: readonly boolean[] | undefined;
  /** Groups as "kind:name", e.g. "store:12"; of each kind the first counts. */
  readonly groups: readonly string[];
}

/** Items of one kind of group. */
export interface GroupKind {
  /** Number of groups. */
  readonly count: number;
  /** `[items]`, the group of each item; −1 = none. */
  readonly groupOf: Int32Array;
}

/** All histories on one time axis that ends now; shorter ones begin with unknown periods. */
export interface DemandPanel {
  readonly items: number;
  readonly periods: number;
  /** `[items]`, units in one count: 1 but for large numbers and fractions, which are counted in other units. */
  readonly units: Float64Array;
  /** `[items × periods]` row-major, counts ≥ 0; 0 where nothing is known. */
  readonly demand: Float64Array;
  /** `[items × periods]` row-major: 1 = demand was seen, 0 = unknown. */
  readonly seen: Float64Array;
  /** `[items × periods]` row-major: 1 = demand was at least the value. */
  readonly censored: Uint8Array;
  /** Kinds of groups with at least two groups or members, coarse ones first. */
  readonly kinds: readonly GroupKind[];
}

/** Means above this are counted in larger units: single units no longer shape the distribution. */
const largestMean = 200;
/** Mean in counts of a history with fractions. */
const fractionMean = 100;

/** Lays histories side by side; negative values count as 0. A series never in stock counts its sales as demand. */
export function makeDemandPanel(series: readonly PooledSeries[]): DemandPanel {
  const items = series.length;
  const periods = series.reduce((most, { values }) => Math.max(most, values.length), 0);
  const demand = new Float64Array(items * periods);
  const seen = new Float64Array(items * periods);
  const censored = new Uint8Array(items * periods);
  const units = new Float64Array(items);
  for (const [i, { values, inStock }] of series.entries()) {
    const unit = countUnit(values);
    units[i] = unit;
    const isEverSeen = values.some((value, t) => Number.isFinite(value) && inStock?.[t] !== false);
    for (let t = 0; t < values.length; t += 1) {
      const value = values[t] ?? Number.NaN;
      if (!Number.isFinite(value)) continue;
      const cell = i * periods + periods - values.length + t;
      demand[cell] = Math.max(0, value) / unit;
      if (isEverSeen && inStock?.[t] === false) censored[cell] = 1;
      else seen[cell] = 1;
    }
  }
  return { items, periods, units, demand, seen, censored, kinds: listKinds(series) };
}

function countUnit(values: Float64Array): number {
  let [sum, count, isWhole] = [0, 0, true];
  for (const value of values) {
    if (!Number.isFinite(value)) continue;
    sum += Math.max(0, value);
    count += 1;
    if (!Number.isInteger(value)) isWhole = false;
  }
  const mean = count === 0 ? 0 : sum / count;
  if (isWhole) return Math.max(1, mean / largestMean);
  return mean > 0 ? mean / fractionMean : 1;
}

function listKinds(series: readonly PooledSeries[]): readonly GroupKind[] {
  const byKind = new Map<string, { names: Map<string, number>; groupOf: Int32Array }>();
  for (const [i, { groups }] of series.entries()) {
    for (const group of groups) {
      const name = group.slice(0, Math.max(0, group.indexOf(':')));
      const kind = byKind.get(name) ?? {
        names: new Map<string, number>(),
        groupOf: new Int32Array(series.length).fill(-1),
      };
      byKind.set(name, kind);
      const index = kind.names.get(group) ?? kind.names.size;
      kind.names.set(group, index);
      if (kind.groupOf[i] === -1) kind.groupOf[i] = index;
    }
  }
  return [...byKind.values()]
    .map(({ names, groupOf }) => ({ count: names.size, groupOf }))
    .filter(({ count }) => count > 1 && count < series.length)
    .sort((a, b) => a.count - b.count);
}
