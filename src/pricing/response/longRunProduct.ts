/**
 * Variance of a sum whose terms follow each other: Σ s² + 2 Σ_l (1 − l/(L+1)) Σ sₜ sₜ₋ₗ with L = 4 (n/100)^(2/9), but no
 * less than Σ s² alone.
 *
 * Source: W. Newey and K. West, Econometrica 55 (1987), eq. 5; the lags by their Review of Economic Studies 61 (1994).
 */
export function longRunProduct(terms: Float64Array): number {
  const lags = Math.floor(4 * (terms.length / 100) ** (2 / 9));
  let own = 0;
  for (const term of terms) own += term ** 2;
  let variance = own;
  for (let lag = 1; lag <= lags; lag += 1) {
    let sum = 0;
    for (let t = lag; t < terms.length; t += 1) sum += (terms[t] ?? 0) * (terms[t - lag] ?? 0);
    variance += 2 * (1 - lag / (lags + 1)) * sum;
  }
  return Math.max(own, variance);
}
