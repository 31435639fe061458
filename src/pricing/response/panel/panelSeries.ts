/** Sales of items that share dates, in the form the panel model reads. */

/** One item's past, oldest first. */
export interface PanelSeries {
  /** Items of a group share shocks and resemble each other the most. */
  readonly group: string;
  /** `[n]`, days since 1970-01-01 of each period's first day, ascending. */
  readonly days: readonly number[];
  /** `[n]`, natural logarithm of units. */
  readonly logUnits: Float64Array;
  /** `[n]`, how much each period says, 0 (nothing) to 1. */
  readonly weights: Float64Array;
  /** `[n × covariates]` row-major: the log price first, then what else is known ahead; NaN = unknown. */
  readonly covariates: Float64Array;
}

/** Items of one group, with the periods in which any of them was sold. */
export interface PanelGroup {
  readonly name: string;
  readonly items: readonly PanelItem[];
  /** `[cells]`, ascending. */
  readonly days: readonly number[];
}

/** An item of a group, its covariates less their own means. */
export interface PanelItem {
  /** Place in the list that was given. */
  readonly index: number;
  /** `[n]`, place of each period among the group's. */
  readonly cells: Int32Array;
  readonly logUnits: Float64Array;
  readonly weights: Float64Array;
  /** `[n × covariates]`, 0 where unknown. */
  readonly covariates: Float64Array;
  /** `[covariates]`, NaN where nothing is known. */
  readonly means: Float64Array;
}

/** Gathers items by group, in the order in which groups are first named. */
export function gatherGroups(series: readonly PanelSeries[], width: number): readonly PanelGroup[] {
  const members = new Map<string, number[]>();
  for (const [index, { group }] of series.entries()) {
    const places = members.get(group) ?? [];
    members.set(group, places);
    places.push(index);
  }
  return [...members].map(([name, places]) => {
    const all = new Set(places.flatMap((index) => series[index]?.days ?? []));
    const days = [...all].sort((a, b) => a - b);
    const cellOf = new Map(days.map((day, cell) => [day, cell]));
    const items = places.flatMap((index): PanelItem[] => {
      const one = series[index];
      if (one === undefined) return [];
      const { logUnits, weights } = one;
      const cells = Int32Array.from(one.days, (day) => cellOf.get(day) ?? 0);
      return [{ index, cells, logUnits, weights, ...centre(one, width) }];
    });
    return { name, items, days };
  });
}

/** Covariates less their means, 0 where they or the means are unknown. */
export function lessMeans(covariates: Float64Array, means: Float64Array): Float64Array {
  return covariates.map((value, place) => {
    const difference = value - (means[place % means.length] ?? Number.NaN);
    return Number.isFinite(difference) ? difference : 0;
  });
}

function centre({ covariates, weights }: PanelSeries, width: number) {
  const sums = new Float64Array(width);
  const counts = new Float64Array(width);
  for (const [place, value] of covariates.entries()) {
    const weight = weights[Math.floor(place / width)] ?? 0;
    if (!Number.isFinite(value) || weight === 0) continue;
    const column = place % width;
    sums[column] = (sums[column] ?? 0) + weight * value;
    counts[column] = (counts[column] ?? 0) + weight;
  }
  const means = sums.map((sum, column) => sum / (counts[column] ?? 0));
  return { covariates: lessMeans(covariates, means), means };
}
