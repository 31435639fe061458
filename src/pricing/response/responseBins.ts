/** Log units at log prices of one range, controls apart. */
export interface ResponseBin {
  /** Mean log units, relative to the mean of all bins. */
  readonly mean: number;
  /** Mean log of price ÷ current price. */
  readonly at: number;
  /** Total weight of the rows. */
  readonly weight: number;
}

/** Ends of the ranges of log (price ÷ current price); the outer ones are open. */
const BIN_EDGES = [-0.35, -0.2, -0.1, -0.03, 0.03, 0.1, 0.2, 0.35] as const;

/** Gathers rows by their log price; a bin without rows has weight 0 and means of 0. */
export function readResponseBins(
  logPrices: Float64Array,
  partial: Float64Array,
  weights: Float64Array,
): readonly ResponseBin[] {
  const sums = Array.from({ length: BIN_EDGES.length + 1 }, () => ({ mean: 0, at: 0, weight: 0 }));
  let [all, total] = [0, 0];
  for (const [t, weight] of weights.entries()) {
    const x = logPrices[t] ?? 0;
    const bin = sums[BIN_EDGES.filter((edge) => x > edge).length];
    if (bin === undefined) continue;
    bin.mean += weight * (partial[t] ?? 0);
    bin.at += weight * x;
    bin.weight += weight;
    all += weight * (partial[t] ?? 0);
    total += weight;
  }
  const centre = total > 0 ? all / total : 0;
  return sums.map(({ mean, at, weight }) =>
    weight > 0 ? { mean: mean / weight - centre, at: at / weight, weight } : { mean: 0, at: 0, weight },
  );
}
