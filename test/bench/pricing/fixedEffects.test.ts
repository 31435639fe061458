import { describe, expect, test } from 'vitest';
import { fitFixedEffects, predictFixedEffects } from '../../../bench/pricing/juice/fixedEffects.ts';
import { readJuiceRows } from '../../../bench/pricing/juice/juiceRows.ts';
import { estimateBrandElasticities } from '../../../bench/pricing/juice/plainJuice.ts';
import { findDataFolder } from '../../../bench/support/dataSets.ts';
import { studentReach } from '../../../src/maths/studentQuantile.ts';

const rows = {
  units: [1, 1, 1, 2, 2, 2],
  periods: [1, 2, 3, 1, 2, 3],
  regressors: [[0], [1], [2], [1], [1], [4]],
  targets: [1, 2, 6, 10, 11, 15],
};

describe('least squares with an intercept for each unit', () => {
  test('finds slope, intercepts and errors clustered by period of a worked case', () => {
    const fit = fitFixedEffects(rows);
    // Centred: x = −1 0 1, −1 −1 2; y = −2 −1 3, −2 −1 3; Σx² = 8, Σxy = 14.
    expect(fit.slopes[0]).toBeCloseTo(14 / 8, 12);
    expect(fit.intercepts.get(1)).toBeCloseTo(3 - 1.75, 12);
    expect(fit.intercepts.get(2)).toBeCloseTo(12 - 3.5, 12);
    // Residuals −.25 −1 1.25, −.25 .75 −.5; sums of x e by period .5, −.75, .25; factor 3/2 × 5/3.
    const variance = ((0.5 ** 2 + 0.75 ** 2 + 0.25 ** 2) / 8 ** 2) * (3 / 2) * (5 / 3);
    expect(fit.reaches[0]).toBeCloseTo(studentReach(0.95, 2) * Math.sqrt(variance), 12);
  });

  test('takes the mean of the intercepts for a unit that was not in the fit', () => {
    const fit = fitFixedEffects(rows);
    expect(predictFixedEffects(fit, 3, [2])).toBeCloseTo((1.25 + 8.5) / 2 + 3.5, 12);
    expect(predictFixedEffects(fit, 2, [2])).toBeCloseTo(8.5 + 3.5, 12);
  });
});

const folder = findDataFolder();

describe.skipIf(folder === null)('orange juice (skipped where SUPPLYGRAPH_DATA is not there)', () => {
  test('elasticities by least squares are the known ones', () => {
    const found = estimateBrandElasticities(readJuiceRows(folder ?? ''));
    expect(found.map(({ value }) => Number(value.toFixed(2)))).toEqual([
      -2.78, -1.82, -3.37, -3.94, -2.91, -2.44, -3.61, -2.71, -4.19, -2.81, -1.02,
    ]);
  }, 60_000);
});
