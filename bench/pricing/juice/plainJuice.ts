/** Plain methods on Dominick's orange juice: least squares by brand, and boosted trees where Python has them. */

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { projectFile } from '../../../src/projectRoot.ts';
import { type FixedEffectsFit, fitFixedEffects, predictFixedEffects } from './fixedEffects.ts';
import { BRANDS, type JuiceRow } from './juiceRows.ts';

const python = process.env.SUPPLYGRAPH_PYTHON ?? projectFile('.venv', 'bin', 'python');

/** An own-price elasticity of a brand with its 95 % interval. */
export interface BrandElasticity {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * Own-price elasticities of the brands in order, by least squares over all weeks with store effects, a linear trend, deal,
 * feature and the log prices of all brands; intervals allow for shocks that all stores share in a week.
 */
export function estimateBrandElasticities(rows: readonly JuiceRow[]): readonly BrandElasticity[] {
  return listBrands(rows).map((ofBrand, index) => {
    const { slopes, reaches } = fitBrand(ofBrand, (row) => [...readRegressors(row), row.week / 100]);
    const [value, reach] = [slopes[index] ?? Number.NaN, reaches[index] ?? Number.NaN];
    return { value, low: value - reach, high: value + reach };
  });
}

/** Log units of `test` by least squares on `train`, brand by brand, without a trend, which lengthened would only mislead. */
export function predictByBrand(train: readonly JuiceRow[], test: readonly JuiceRow[]): readonly number[] {
  const fits = listBrands(train).map((rows) => fitBrand(rows, readRegressors));
  return test.map((row) => {
    const fit = fits[row.brand - 1];
    return fit === undefined ? Number.NaN : predictFixedEffects(fit, row.store, readRegressors(row));
  });
}

/** Log units of the rows from `firstWeek` on by boosted trees, in the order of the file; null where Python lacks them. */
export function predictByTrees(folder: string, firstWeek: number): readonly number[] | null {
  const script = projectFile('bench', 'peers', 'boostedTrees.py');
  const path = join(folder, 'orange_juice', 'sales.csv.gz');
  const run = spawnSync(python, [script, path, String(firstWeek)], { maxBuffer: 1 << 26 });
  return run.status === 0 ? (JSON.parse(run.stdout.toString()) as number[]) : null; // the script's answer
}

function listBrands(rows: readonly JuiceRow[]): readonly (readonly JuiceRow[])[] {
  return Array.from({ length: BRANDS }, (_, k) => rows.filter(({ brand }) => brand === k + 1));
}

function fitBrand(rows: readonly JuiceRow[], read: (row: JuiceRow) => readonly number[]): FixedEffectsFit {
  return fitFixedEffects({
    units: rows.map(({ store }) => store),
    periods: rows.map(({ week }) => week),
    targets: rows.map(({ logUnits }) => logUnits),
    regressors: rows.map(read),
  });
}

function readRegressors({ logPrices, deal, feature }: JuiceRow): readonly number[] {
  return [...logPrices, deal, feature];
}
