/**
 * What reconciliation does to the forecasts of each level: `npx tsx bench/hierarchy.ts [--origins 3] [--first 1] [--models folder]`
 *
 * Rolling origins of 28 days on the demo shop (categories, warehouses) and on Online Retail (category = first two digits
 * of the stock code, warehouse = United Kingdom or elsewhere). Error of the mean forecasts by level: each level's own
 * forecast, the sum of the variants' (bottom up), and minimum trace with structural variances (a series counts one), with
 * the forecasts' error variances, and as shipped; then the 80 % interval of the sums, own and from joint samples.
 * `--first 4` begins at the fourth origin from the end: there the variances of sums were chosen.
 */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { dataDir } from '@electric-sql/pglite-prepopulatedfs';
import { parse } from 'csv-parse/sync';
import { seedDemoShop } from '../seed/seedDemoShop.ts';
import { openEmbedded } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { fromDayNumber } from '../src/forecasting/dayNumber.ts';
import {
  type CopulaCorrelations,
  calibrateCorrelations,
} from '../src/forecasting/hierarchy/calibrateCorrelations.ts';
import { readSampleQuantiles } from '../src/forecasting/hierarchy/jointSamples.ts';
import { reconcileDemand } from '../src/forecasting/hierarchy/reconcileDemand.ts';
import { calibrationOf, planTree, type TreePlan } from '../src/forecasting/hierarchy/treePlan.ts';
import { findDataFolder } from './support/dataSets.ts';
import {
  type BenchForecasts,
  benchLevels,
  forecastLevels,
  type SalesRow,
  sumTruth,
} from './support/hierarchyData.ts';
import { type LevelMeans, methodsOf } from './support/hierarchyMethods.ts';
import { sampleLevels } from './support/hierarchySamples.ts';
import { startNetwork } from './support/network.ts';

const { values: options } = parseArgs({
  options: {
    origins: { type: 'string', default: '3' },
    first: { type: 'string', default: '1' },
    models: { type: 'string', default: 'models' },
  },
});
const horizon = 28;
const levelNames = ['total', 'categories', 'warehouses', 'variants'] as const;

const network = await startNetwork(options.models);
const folder = findDataFolder();
await evaluate('demo shop', await readDemoShop());
if (folder === null)
  process.stdout.write('No Online Retail: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else await evaluate('Online Retail', readOnlineRetail(folder));
await network?.close();

async function evaluate(name: string, rows: readonly SalesRow[]): Promise<void> {
  const lastDay = rows.reduce((last, { day }) => Math.max(last, day), 0);
  const errors = new Map<string, number>();
  const covered = new Map<string, number>();
  let counts = '';
  let found = '';
  for (
    let origin = Number(options.first);
    origin < Number(options.first) + Number(options.origins);
    origin += 1
  ) {
    const cut = lastDay - origin * horizon;
    const forecasts = await forecastLevels(rows, cut, network?.forecast ?? null);
    const plan = planTree(forecasts.members, forecasts.levels);
    if (plan === null) continue;
    const truth = sumTruth(rows, plan, { from: cut + 1, horizon });
    counts = `${plan.members.length} variants, ${plan.categoryKeys.length} categories, ${plan.warehouseKeys.length} warehouses, last origin ${fromDayNumber(cut)}`;
    for (const [method, means] of methodsOf(plan, forecasts))
      addErrors(errors, method, means, { truth, plan });
    const correlations = calibrateCorrelations(calibrationOf(plan, forecasts.levels, benchLevels));
    found += ` ${describeCorrelations(correlations)}`;
    addCoverage(covered, plan, { ...forecasts, truth, correlations });
  }
  process.stdout.write(`\n${name}: ${options.origins} origins, ${counts}\nWAPE of the mean, %\n`);
  for (const method of ['own', 'bottom up', 'structural', 'error variance', 'ours']) {
    const cells = levelNames.map((level) => {
      const error = (errors.get(`${method} ${level}`) ?? 0) / (errors.get(`truth ${level}`) ?? 1);
      return `${level} ${(100 * error).toFixed(2)}`;
    });
    process.stdout.write(`  ${method.padEnd(15)} ${cells.join('  ')}\n`);
  }
  const shares = [...covered].filter(([key]) => !key.startsWith('count'));
  const texts = shares.map(([key, hits]) => {
    const count = covered.get(`count ${key}`) ?? 1;
    return `${key} ${((100 * hits) / count).toFixed(1)}`;
  });
  process.stdout.write(
    `80 % interval covers, %\n  ${texts.join('  ')}\ncorrelations (overall, within a category):${found}\n`,
  );
}

function addErrors(
  errors: Map<string, number>,
  method: string,
  means: LevelMeans,
  { truth, plan }: { readonly truth: LevelMeans; readonly plan: TreePlan },
): void {
  for (const level of levelNames) {
    let [error, units] = [0, 0];
    for (const [index, actual] of truth[level].entries()) {
      const node = Math.floor(index / horizon);
      error += Math.abs(actual - (means[level][node * plan.horizon + (index % horizon)] ?? 0));
      units += actual;
    }
    errors.set(`${method} ${level}`, (errors.get(`${method} ${level}`) ?? 0) + error);
    if (method === 'own') errors.set(`truth ${level}`, (errors.get(`truth ${level}`) ?? 0) + units);
  }
}

function addCoverage(
  covered: Map<string, number>,
  plan: TreePlan,
  {
    truth,
    members,
    levels,
    correlations,
  }: BenchForecasts & {
    readonly truth: LevelMeans;
    readonly correlations: CopulaCorrelations;
  },
): void {
  const count = (key: string, isHit: boolean) => {
    covered.set(key, (covered.get(key) ?? 0) + Number(isHit));
    covered.set(`count ${key}`, (covered.get(`count ${key}`) ?? 0) + 1);
  };
  const samples = sampleLevels(plan, reconcileDemand(plan.hierarchy), { members, correlations });
  for (const [level, own, keys] of [
    ['total', levels.total, [0]],
    ['categories', levels.categories, plan.categoryKeys],
    ['warehouses', levels.warehouses, plan.warehouseKeys],
  ] as const) {
    const quantiles = readSampleQuantiles(samples[level], [0.1, 0.9]);
    for (const [index, actual] of truth[level].entries()) {
      const [node, period] = [Math.floor(index / horizon), index % horizon];
      const row = 2 * (node * plan.horizon + period);
      count(`${level} joint`, actual >= (quantiles[row] ?? 0) && actual <= (quantiles[row + 1] ?? 0));
      const forecast = own.find(({ key }) => key === keys[node])?.row?.forecast;
      if (forecast === undefined) continue;
      const at = period * forecast.levels.length;
      const [low, high] = [forecast.levels.indexOf(0.1), forecast.levels.indexOf(0.9)];
      const [p10, p90] = [forecast.quantiles[at + low] ?? 0, forecast.quantiles[at + high] ?? 0];
      count(`${level} own`, actual >= p10 && actual <= p90);
    }
  }
}

function describeCorrelations({ overall, within }: CopulaCorrelations): string {
  const sorted = [...within].sort((a, b) => a - b);
  return `${overall.toFixed(2)}, median ${(sorted[Math.floor(sorted.length / 2)] ?? 0).toFixed(2)};`;
}

async function readDemoShop(): Promise<SalesRow[]> {
  const database = await openEmbedded({ dump: await dataDir() });
  await migrate(database.sql);
  await seedDemoShop(database);
  const rows = await database.sql.query<SalesRow>(
    `SELECT variant.id AS variant, product.category_id AS category, sale.warehouse_id AS warehouse,
            (sale.date - '1970-01-01'::date) AS day, sale.units
       FROM daily_sales sale JOIN product_variant variant ON variant.id = sale.variant_id
       JOIN product ON product.id = variant.product_id`,
  );
  await database.close();
  return rows;
}

function readOnlineRetail(data: string): SalesRow[] {
  const text = gunzipSync(readFileSync(join(data, 'online_retail', 'online_retail.csv.gz')));
  const lines: string[][] = parse(text, { from_line: 2, relax_quotes: true });
  const ids = new Map<string, number>();
  const rows: SalesRow[] = [];
  for (const [invoice = '', code = '', , quantity = '', date = '', price = '', , country = ''] of lines) {
    if (!/^\d{5}/.test(code) || invoice.startsWith('C') || !(Number(quantity) > 0 && Number(price) > 0))
      continue;
    const variant = ids.get(code) ?? ids.size + 1;
    ids.set(code, variant);
    const day = Math.floor(Date.parse(`${date.slice(0, 10)}T00:00:00Z`) / 86_400_000);
    const warehouse = country === 'United Kingdom' ? 1 : 2;
    rows.push({ variant, category: Number(code.slice(0, 2)), warehouse, day, units: Number(quantity) });
  }
  return rows;
}
