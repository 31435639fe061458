/** How likely counts are under negative binomials whose means change from period to period. */

/** Larger counts enter the likelihood as this one. */
const LARGEST_COUNT = 2000;
const SMALLEST_MEAN = 1e-6;
/** Products beyond these are turned into logarithms before they leave what numbers can hold. */
const LARGEST_PRODUCT = 1e250;
const SMALLEST_PRODUCT = 1e-250;
/** More periods than any history has. */
const PERIODS_CARRIED = 2 ** 32;

/** Log likelihoods of counts by size, in the order of the sizes, given the periods' means, `[n]`. */
export type CountLikelihood = (means: Float64Array, sizes: readonly number[]) => readonly number[];

/**
 * Makes the log likelihood of the observed counts under negative binomials of size r:
 * Σ_t ln Γ(y + r) − ln Γ(r) − ln y! + r ln r + y ln μ − (y + r) ln(r + μ), means at least 1e-6.
 *
 * What does not depend on the means is added up once a size, and periods of equal count share one logarithm, that of
 * their product. Source: as `negativeBinomialLogPmf`.
 *
 * @param counts `[n]`, whole and ≥ 0; above 2,000 they count as 2,000
 */
export function makeCountLikelihood(counts: Float64Array, observed: Uint8Array): CountLikelihood {
  const seen = sortSeenCounts(counts, observed);
  const constants = new Map<number, number>();
  const ordered = new Float64Array(seen.periods.length);
  return (means, sizes) => {
    for (let i = 0; i < ordered.length; i += 1)
      ordered[i] = Math.max(means[seen.periods[i] ?? 0] ?? 0, SMALLEST_MEAN);
    const ofMeans = sumLogs(seen.counts, ordered, 0);
    return sizes.map((size) => {
      const constant = constants.get(size) ?? sumConstants(seen.counts, size);
      constants.set(size, constant);
      return constant + ofMeans - sumLogs(seen.counts, ordered, size);
    });
  };
}

/** Where something was observed, and what, at most `LARGEST_COUNT`: by ascending count. */
interface SeenCounts {
  readonly periods: Uint32Array;
  readonly counts: Float64Array;
}

/** Sorts numbers that carry the count and, below it, the period: the typed array's own sort is the fastest. */
function sortSeenCounts(counts: Float64Array, observed: Uint8Array): SeenCounts {
  const keys = new Float64Array(counts.length);
  let seen = 0;
  for (let t = 0; t < counts.length; t += 1) {
    if (observed[t] === 0) continue;
    keys[seen] = Math.min(counts[t] ?? 0, LARGEST_COUNT) * PERIODS_CARRIED + t;
    seen += 1;
  }
  const sorted = keys.subarray(0, seen).sort();
  const result = { periods: new Uint32Array(seen), counts: new Float64Array(seen) };
  for (let i = 0; i < seen; i += 1) {
    const count = Math.floor((sorted[i] ?? 0) / PERIODS_CARRIED);
    result.counts[i] = count;
    result.periods[i] = (sorted[i] ?? 0) - count * PERIODS_CARRIED;
  }
  return result;
}

/** Σ ln Γ(y + r) − ln Γ(r) − ln y! + r ln r over the counts, which ascend. */
function sumConstants(counts: Float64Array, size: number): number {
  let [y, constant, sum] = [0, size * Math.log(size), 0];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    for (; y < count; y += 1) constant += Math.log((y + size) / (y + 1));
    sum += constant;
  }
  return sum;
}

/** Σ (y + r) ln(r + μ) over counts y that ascend and their means μ. */
function sumLogs(counts: Float64Array, means: Float64Array, size: number): number {
  let sum = 0;
  let product = 1;
  let count = 0;
  for (let i = 0; i < counts.length; i += 1) {
    const y = counts[i] ?? 0;
    if (y !== count || product > LARGEST_PRODUCT || product < SMALLEST_PRODUCT) {
      sum += (count + size) * Math.log(product);
      product = 1;
      count = y;
    }
    product *= size + (means[i] ?? 0);
  }
  return sum + (count + size) * Math.log(product);
}
