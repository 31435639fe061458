/** How likely counts are under negative binomials whose means change from period to period. */

/** Larger counts enter the likelihood as this one. */
const LARGEST_COUNT = 2000;
const SMALLEST_MEAN = 1e-6;
/** Products beyond these are turned into logarithms before they leave what numbers can hold. */
const LARGEST_PRODUCT = 1e250;
const SMALLEST_PRODUCT = 1e-250;
/** More periods than any history has. */
const PERIODS_CARRIED = 2 ** 32;

/**
 * For each size r the log likelihood of the observed counts as a function of the periods' means, `[n]` each:
 * Σ_t ln Γ(y + r) − ln Γ(r) − ln y! + r ln r + y ln μ − (y + r) ln(r + μ), means at least 1e-6.
 *
 * What does not depend on the means is added up once. Source: as `negativeBinomialLogPmf`.
 *
 * @param counts `[n]`, whole and ≥ 0; above 2,000 they count as 2,000
 */
export function makeCountLikelihoods(
  counts: Float64Array,
  observed: Uint8Array,
  sizes: readonly number[],
): readonly ((means: Float64Array) => number)[] {
  const seen = sortSeenCounts(counts, observed);
  return sizes.map((size) => {
    const constant = sumConstants(seen, size);
    return (means) => constant + sumMeanTerms(seen, means, size);
  });
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
function sumConstants({ counts }: SeenCounts, size: number): number {
  let [y, constant, sum] = [0, size * Math.log(size), 0];
  for (let i = 0; i < counts.length; i += 1) {
    const count = counts[i] ?? 0;
    for (; y < count; y += 1) constant += Math.log((y + size) / (y + 1));
    sum += constant;
  }
  return sum;
}

/**
 * Σ y ln μ − (y + r) ln(r + μ), the part that does: with r the size, −r ln Π(r + μ) − Σ_y y ln Π(1 + r/μ), the last
 * product over the periods with demand y. So most periods cost two multiplications instead of two logarithms.
 */
function sumMeanTerms({ periods, counts }: SeenCounts, means: Float64Array, size: number): number {
  let [logs, product] = [0, 1];
  let [sum, count, countProduct] = [0, 0, 1];
  for (let i = 0; i < periods.length; i += 1) {
    const mean = Math.max(means[periods[i] ?? 0] ?? 0, SMALLEST_MEAN);
    const y = counts[i] ?? 0;
    product *= size + mean;
    if (product > LARGEST_PRODUCT || product < SMALLEST_PRODUCT) {
      logs += Math.log(product);
      product = 1;
    }
    if (y === 0) continue;
    if (y !== count || countProduct > LARGEST_PRODUCT) {
      sum += count * Math.log(countProduct);
      [count, countProduct] = [y, 1];
    }
    countProduct *= 1 + size / mean;
  }
  return -size * (logs + Math.log(product)) - sum - count * Math.log(countProduct);
}
