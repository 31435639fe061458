/** Quantiles of Student's t distribution. */

import { normalQuantile } from './normal.ts';

/**
 * t such that P(|T| ≤ t) = `share`, in (0, 1), with `freedom` ≥ 1 degrees of freedom; relative error below 1e-4 at the shares
 * of intervals.
 *
 * Source: G. W. Hill, "Algorithm 396: Student's t-quantiles", Communications of the ACM 13 (1970), pp. 619–620.
 */
export function studentReach(share: number, freedom: number): number {
  const p = 1 - share;
  if (freedom === 1) return Math.cos((p * Math.PI) / 2) / Math.sin((p * Math.PI) / 2);
  if (freedom === 2) return Math.sqrt(2 / (p * (2 - p)) - 2);
  const a = 1 / (freedom - 0.5);
  const b = 48 / a ** 2;
  let c = ((20700 * (a / b) - 98) * a - 16) * a + 96.36;
  const d = ((94.5 / (b + c) - 3) / b + 1) * Math.sqrt((a * Math.PI) / 2) * freedom;
  let y = (d * p) ** (2 / freedom);
  if (y <= 0.05 + a) {
    const inner = (freedom + 6) / (freedom * y) - 0.089 * d - 0.822;
    const first = 1 / (inner * (freedom + 2) * 3) + 0.5 / (freedom + 4);
    return Math.sqrt(freedom * (((first * y - 1) * (freedom + 1)) / (freedom + 2) + 1 / y));
  }
  const x = normalQuantile(p / 2);
  y = x ** 2;
  if (freedom < 5) c += 0.3 * (freedom - 4.5) * (x + 0.6);
  c += (((0.05 * d * x - 5) * x - 7) * x - 2) * x + b;
  y = (((((0.4 * y + 6.3) * y + 36) * y + 94.5) / c - y - 3) / b + 1) * x;
  return Math.sqrt(freedom * Math.expm1(a * y ** 2));
}
