/**
 * Elasticities and sales of Dominick's orange juice, eleven brands in 83 stores over 121 weeks:
 * `npx tsx bench/pricing/orangeJuice.ts [--split validation] [--served] [--models folder]`
 *
 * Elasticities are over all weeks: least squares by brand, and the panel model's, where the prices of all stores move
 * together. With `--served` also those of the pricing service, once for all brands in all stores (the mean over a brand's
 * stores of the ends of their intervals), once for the brands over all stores.
 *
 * Sales are forecast for the last 25 weeks from the 96 before, given the prices, deals and features of all weeks; the score is
 * the root mean squared error of log units over all 21,956 rows. `--split validation` reads the first 96 weeks alone and
 * forecasts 24 weeks from three origins in them, for choices. Boosted trees need scikit-learn in `.venv`, or in the Python that
 * `SUPPLYGRAPH_PYTHON` names.
 */

import { parseArgs } from 'node:util';
import { findDataFolder } from '../support/dataSets.ts';
import { makeBrandItems, makeStoreItems } from './juice/juiceItems.ts';
import { BRANDS, type JuiceRow, readJuiceRows, splitWeeks, TEST_WEEKS } from './juice/juiceRows.ts';
import { forecastByPanel, readBrandSlopes } from './juice/panelJuice.ts';
import {
  type BrandElasticity,
  estimateBrandElasticities,
  predictByBrand,
  predictByTrees,
} from './juice/plainJuice.ts';
import { startOurPricing } from './ourPrices.ts';

const { values: options } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    served: { type: 'boolean', default: false },
    models: { type: 'string', default: 'models' },
  },
});
const validationOrigins = [56, 64, 72];
const validationWeeks = 24;
const horizonWeeks = 8;

const folder = findDataFolder();
if (folder === null)
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else if (options.split === 'validation') validate(splitWeeks(readJuiceRows(folder), TEST_WEEKS).train);
else await evaluate(folder);

async function evaluate(folder: string): Promise<void> {
  const rows = readJuiceRows(folder);
  const plain = estimateBrandElasticities(rows);
  const methods: (readonly [string, readonly BrandElasticity[]])[] = [
    ['least squares', plain],
    ['panel', readBrandSlopes(forecastByPanel(rows, []))],
    ...(options.served ? await estimateServed(rows) : []),
  ];
  process.stdout.write(
    `| brand | ${methods.map(([name]) => name).join(' | ')} |\n|---:|${'---|'.repeat(methods.length)}\n`,
  );
  for (let k = 0; k < BRANDS; k += 1)
    process.stdout.write(`| ${k + 1} | ${methods.map(([, found]) => format(found[k])).join(' | ')} |\n`);
  for (const [name, found] of methods.slice(1)) {
    const overlapping = found.filter(
      ({ low, high }, k) => low <= (plain[k]?.high ?? low) && high >= (plain[k]?.low ?? high),
    );
    const negative = found.filter(({ value }) => value < 0).length;
    process.stdout.write(
      `${name}: ${negative} of ${BRANDS} negative, ${overlapping.length} overlap least squares.\n`,
    );
  }
  scoreTest(folder, rows);
}

function scoreTest(folder: string, rows: readonly JuiceRow[]): void {
  const { train, test } = splitWeeks(rows, TEST_WEEKS);
  const squares = predictByBrand(train, test);
  const trees = predictByTrees(folder, Math.min(...test.map(({ week }) => week)));
  const shown: (readonly [string, readonly number[]])[] = [['least squares by brand', squares]];
  if (trees === null) process.stdout.write('\nNo boosted trees: Python with scikit-learn is not there.\n');
  else
    shown.push(
      ['boosted trees', trees],
      ['mean of both', squares.map((value, i) => (value + (trees[i] ?? Number.NaN)) / 2)],
    );
  const start = performance.now();
  shown.push(['panel', forecastByPanel(train, test).predicted]);
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  process.stdout.write(`\n| RMSE of log units, ${test.length} rows | |\n|---|---:|\n`);
  for (const [name, predicted] of shown)
    process.stdout.write(`| ${name} | ${rootMeanSquare(test, predicted).toFixed(4)} |\n`);
  process.stdout.write(`The panel took ${seconds} s.\n`);
}

function validate(rows: readonly JuiceRow[]): void {
  const weeks = [...new Set(rows.map(({ week }) => week))].sort((a, b) => a - b);
  process.stdout.write('| weeks known | least squares by brand | panel |\n|---:|---:|---:|\n');
  for (const known of validationOrigins) {
    const seen = rows.filter(
      ({ week }) => week < (weeks[known + validationWeeks] ?? Number.POSITIVE_INFINITY),
    );
    const { train, test } = splitWeeks(seen, validationWeeks);
    const scores = [predictByBrand(train, test), forecastByPanel(train, test).predicted].map((predicted) =>
      rootMeanSquare(test, predicted).toFixed(4),
    );
    process.stdout.write(`| ${known} | ${scores.join(' | ')} |\n`);
  }
}

async function estimateServed(
  rows: readonly JuiceRow[],
): Promise<(readonly [string, readonly BrandElasticity[]])[]> {
  const pricing = await startOurPricing(options.models);
  const ask = async (items: ReturnType<typeof makeBrandItems>) =>
    (
      await pricing.advise({
        ...{ frequency: 'WEEKLY', horizon: horizonWeeks },
        items: items.map((item) => ({ item })),
      })
    ).map(({ response }) => response.elasticity);
  try {
    const storeItems = makeStoreItems(rows);
    const inStores = await ask(storeItems);
    const byBrand = Array.from({ length: BRANDS }, (_, k) =>
      meanElasticity(inStores.filter((_, i) => storeItems[i]?.groups[0] === `brand:${k + 1}`)),
    );
    return [
      ['served, brands in stores', byBrand],
      ['served, brands', await ask(makeBrandItems(rows))],
    ];
  } finally {
    await pricing.close();
  }
}

function meanElasticity(list: readonly BrandElasticity[]): BrandElasticity {
  const mean = (read: (one: BrandElasticity) => number) =>
    list.reduce((sum, one) => sum + read(one), 0) / list.length;
  return { value: mean(({ value }) => value), low: mean(({ low }) => low), high: mean(({ high }) => high) };
}

function format(found: BrandElasticity | undefined): string {
  const { value, low, high } = found ?? { value: Number.NaN, low: Number.NaN, high: Number.NaN };
  return `${value.toFixed(2)} (${low.toFixed(2)} to ${high.toFixed(2)})`;
}

function rootMeanSquare(rows: readonly JuiceRow[], predicted: readonly number[]): number {
  const sum = rows.reduce(
    (total, { logUnits }, i) => total + (logUnits - (predicted[i] ?? Number.NaN)) ** 2,
    0,
  );
  return Math.sqrt(sum / rows.length);
}
