/**
 * Elasticities and sales of Dominick's orange juice, eleven brands in 83 stores over 121 weeks:
 * `npx tsx bench/pricing/orangeJuice.ts`
 *
 * Elasticities are those of least squares by brand over all weeks. Sales are forecast for the last 25 weeks from the 96
 * before, given the prices, deals and features of all weeks; the score is the root mean squared error of log units over all
 * 21,956 rows. Boosted trees need scikit-learn in `.venv`, or in the Python that `SUPPLYGRAPH_PYTHON` names.
 */

import { findDataFolder } from '../support/dataSets.ts';
import { readJuiceRows, splitWeeks, TEST_WEEKS } from './juice/juiceRows.ts';
import { estimateBrandElasticities, predictByBrand, predictByTrees } from './juice/plainJuice.ts';

const folder = findDataFolder();
if (folder === null)
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else evaluate(folder);

function evaluate(folder: string): void {
  const rows = readJuiceRows(folder);
  process.stdout.write('| brand | least squares, 95 % |\n|---:|---|\n');
  for (const [index, { value, low, high }] of estimateBrandElasticities(rows).entries())
    process.stdout.write(
      `| ${index + 1} | ${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)}) |\n`,
    );
  const { train, test } = splitWeeks(rows, TEST_WEEKS);
  const truth = test.map(({ logUnits }) => logUnits);
  const squares = predictByBrand(train, test);
  const trees = predictByTrees(folder, Math.min(...test.map(({ week }) => week)));
  const shown: (readonly [string, readonly number[]])[] = [['least squares by brand', squares]];
  if (trees === null) process.stdout.write('\nNo boosted trees: Python with scikit-learn is not there.\n');
  else
    shown.push(
      ['boosted trees', trees],
      ['mean of both', squares.map((value, i) => (value + (trees[i] ?? Number.NaN)) / 2)],
    );
  process.stdout.write(`\n| RMSE of log units, ${truth.length} rows | |\n|---|---:|\n`);
  for (const [name, predicted] of shown)
    process.stdout.write(`| ${name} | ${rootMeanSquare(truth, predicted).toFixed(4)} |\n`);
}

function rootMeanSquare(truth: readonly number[], predicted: readonly number[]): number {
  const sum = truth.reduce((total, value, i) => total + (value - (predicted[i] ?? Number.NaN)) ** 2, 0);
  return Math.sqrt(sum / truth.length);
}
