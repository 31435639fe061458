import { normalCdf, normalPdf } from '../../maths/normal.ts';

/**
 * Expected log demand where sales were cut off by stock: of a normal with mean `expected` and the given deviation, what lies
 * above the log units that were sold.
 *
 * Source: J. Schmee and G. J. Hahn, "A Simple Method for Regression Analysis with Censored Data", Technometrics 21 (1979).
 */
export function expectCensored(sold: number, expected: number, deviation: number): number {
  if (!(deviation > 1e-6)) return Math.max(sold, expected);
  const above = (sold - expected) / deviation;
  // Far above what was expected the tail is as good as at its edge.
  if (above > 5) return sold + deviation / above;
  return expected + (deviation * normalPdf(above)) / Math.max(1e-12, 1 - normalCdf(above));
}
