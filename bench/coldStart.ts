/**
 * What similar products are worth to a new one: `npx tsx bench/coldStart.ts [--half odd|even] [--frequency WEEKLY|DAILY] [--models folder]`
 *
 * Products of Online Retail whose first sale is on or after 2011-03-01, as if only their first 0, 2, 4 and 8 weeks were
 * known, with their description and price; eight weeks (28 days) ahead from there. Compared are all products alike (the
 * file has no categories, so this stands for the category's mean; drawn to the product's own level in the same way), the
 * ensemble on the own weeks, and what is shipped. Nothing that was sold after a product's origin is used for it, and the
 * last eight weeks of the file, which are the test part of the other evaluations, are not read. Every second product
 * (even) served for the choices, the others are reported.
 */

import { parseArgs } from 'node:util';
import { type Described, findSimilar } from '../src/forecasting/coldStart/findSimilar.ts';
import { type ColdPlan, forecastFromSimilar } from '../src/forecasting/coldStart/forecastFromSimilar.ts';
import { COLD_WEEKS, mixColdStart } from '../src/forecasting/coldStart/mixColdStart.ts';
import { type EnsembleForecast, forecastEnsemble } from '../src/forecasting/ensemble.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../src/forecasting/member.ts';
import { addScores, intervalCoverage, makeScoreSums, weightedQuantileLoss } from '../src/maths/pinball.ts';
import { findDataFolder } from './support/dataSets.ts';
import { readSoldProducts, type SoldProduct } from './support/launches.ts';
import { startNetwork } from './support/network.ts';

const { values: options } = parseArgs({
  options: {
    half: { type: 'string', default: 'odd' },
    frequency: { type: 'string', default: 'WEEKLY' },
    models: { type: 'string', default: 'models' },
  },
});
const isDaily = options.frequency === 'DAILY';
const rhythm = isDaily ? { days: 1, horizon: 28, phases: 7 } : { days: 7, horizon: 8, phases: 1 };
const plan: ColdPlan = {
  horizon: rhythm.horizon,
  levels: STANDARD_LEVELS,
  phases: rhythm.phases,
  seasons: 13,
  weeksPerPeriod: rhythm.days / 7,
};
const heldOutDays = 56;
const knownWeeks = [0, 2, 4, 8];
const firstLaunch = Date.UTC(2011, 2, 1) / 86_400_000;

/** A product at one origin: what is known of it, what came, and what it can be compared with. */
type Case = {
  readonly product: SoldProduct;
  readonly origin: number;
  readonly own: SeriesHistory;
  readonly truth: Float64Array;
  readonly candidates: readonly SoldProduct[];
};

const folder = findDataFolder();
if (folder === null)
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else {
  const network = await startNetwork(options.models);
  process.stdout.write(
    '| weeks known | products | WQL all alike | WQL ensemble | WQL shipped | coverage all alike, ensemble, shipped |\n|---:|---:|---:|---:|---:|---|\n',
  );
  const { products, lastDay } = readSoldProducts(folder, heldOutDays);
  for (const weeks of knownWeeks) {
    const cases = listCases(products, lastDay, weeks);
    const request = {
      series: cases.map(({ own }) => own),
      horizon: plan.horizon,
      levels: STANDARD_LEVELS,
      isPooled: false,
    };
    const engines = { network: network?.forecast ?? null };
    const own = weeks === 0 ? null : (await forecastEnsemble(request, engines)).series;
    const shown = [
      score(cases, cases.map(forecastAlike)),
      own === null
        ? null
        : score(
            cases,
            own.map(({ forecast }) => forecast),
          ),
      score(
        cases,
        cases.map((one, index) => forecastShipped(one, own?.[index] ?? null, weeks)),
      ),
    ];
    const wql = shown.map((one) => one?.wql.toFixed(4) ?? '–').join(' | ');
    const coverage = shown.map((one) => one?.coverage.toFixed(3) ?? '–').join(', ');
    process.stdout.write(`| ${weeks} | ${cases.length} | ${wql} | ${coverage} |\n`);
  }
  await network?.close();
}

function listCases(products: readonly SoldProduct[], lastDay: number, weeks: number): Case[] {
  const { days, horizon } = rhythm;
  const wanted = options.half === 'odd' ? 1 : 0;
  return products
    .filter(({ firstDay }) => firstDay >= firstLaunch)
    .filter((_, index) => index % 2 === wanted)
    .filter(({ firstDay }) => firstDay + 7 * weeks + days * horizon <= lastDay + 1)
    .map((product) => {
      const origin = product.firstDay + 7 * weeks;
      return {
        product,
        origin,
        own: historyAt(product, origin),
        truth: sumDays(product.units.subarray(7 * weeks, 7 * weeks + days * horizon)),
        candidates: products.filter(
          (other) => other.firstDay <= origin - 7 * COLD_WEEKS && hasSoldLately(other, origin),
        ),
      };
    });
}

function forecastAlike({ own, candidates, origin }: Case): QuantileForecast {
  const similar = candidates.map((one) => ({ history: historyAt(one, origin), weight: 1, gap: 0 }));
  return required(forecastFromSimilar({ own, similar }, plan));
}

function forecastShipped(one: Case, own: EnsembleForecast | null, weeks: number): QuantileForecast {
  const { product, candidates, origin } = one;
  const groups = [{ targets: [describe(product, -1)], candidates: candidates.map(describe) }];
  const similar = (findSimilar(groups).get(-1) ?? []).map(({ variantId, weight }) => ({
    history: historyAt(required(candidates[variantId] ?? null), origin),
    weight,
    gap: 0,
  }));
  const forecast = required(forecastFromSimilar({ own: one.own, similar }, plan));
  return mixColdStart(forecast, own, weeks).forecast;
}

function describe({ text, price }: SoldProduct, id: number): Described {
  return { id, text, price, currency: 'GBP' };
}

/** What was known of a product at an origin, in periods that end there. */
function historyAt({ units, firstDay }: SoldProduct, origin: number): SeriesHistory {
  const known = units.subarray(0, origin - firstDay);
  return { values: sumDays(known.subarray(known.length % rhythm.days)), seasonLength: rhythm.phases };
}

function hasSoldLately({ units, firstDay }: SoldProduct, origin: number): boolean {
  const end = origin - firstDay;
  return units.subarray(Math.max(0, end - 91), end).some((sold) => sold > 0);
}

function sumDays(units: Float64Array): Float64Array {
  return Float64Array.from({ length: units.length / rhythm.days }, (_, period) =>
    units.subarray(period * rhythm.days, (period + 1) * rhythm.days).reduce((sum, sold) => sum + sold, 0),
  );
}

function score(cases: readonly Case[], forecasts: readonly QuantileForecast[]) {
  const sums = makeScoreSums();
  for (const [index, { truth }] of cases.entries())
    addScores(sums, truth, required(forecasts[index] ?? null));
  return { wql: weightedQuantileLoss(sums), coverage: intervalCoverage(sums) };
}

function required<Value>(value: Value | null): Value {
  if (value === null) throw new Error('Every product must have a forecast.');
  return value;
}
