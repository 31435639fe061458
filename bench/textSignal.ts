/**
 * What complaints and sentiment are worth to a forecast: `npx tsx bench/textSignal.ts [--products 2000] [--seed 1] [--models folder]`
 *
 * Simulated shops, eight weeks ahead, the same ensemble with and without the signals of the past: products whose quality
 * problems move demand, all of them and those with a problem in the eight weeks before the origin; products whose demand
 * does not mind the same complaints; and products without problems, where the signals are noise. Histories of 60 to 156
 * weeks. The shops are not the estimator's own model: see `bench/support/signalShops.ts`.
 */

import { parseArgs } from 'node:util';
import { forecastEnsemble } from '../src/forecasting/ensemble.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../src/forecasting/member.ts';
import { findSeasonLength } from '../src/forecasting/seasonLength.ts';
import { addScores, intervalCoverage, makeScoreSums, weightedQuantileLoss } from '../src/maths/pinball.ts';
import { startNetwork } from './support/network.ts';
import { makeSignalSeries, type ShopKind, type SignalSeries } from './support/signalShops.ts';

const { values: options } = parseArgs({
  options: {
    products: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    models: { type: 'string', default: 'models' },
  },
});
const horizon = 8;
const count = Number(options.products);
const kinds: readonly ShopKind[] = ['quality', 'harmless', 'quiet'];

const network = await startNetwork(options.models);
process.stdout.write(
  '| shops | products | WQL without | WQL with | change | coverage without, with |\n|---|---:|---:|---:|---:|---|\n',
);
for (const [place, kind] of kinds.entries()) await compare(kind, place);
await network?.close();

async function compare(kind: ShopKind, place: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index) =>
    makeSignalSeries(
      kind,
      60 + horizon + ((index * 37) % 97),
      Number(options.seed) * 1_000_003 + place * 10_007 + index,
    ),
  );
  const forecast = async (hears: boolean) => {
    const request = {
      series: all.map((one) => makeHistory(one, hears)),
      horizon,
      levels: STANDARD_LEVELS,
      isPooled: false,
    };
    const { series } = await forecastEnsemble(request, { network: network?.forecast ?? null });
    return series.map((one) => one.forecast);
  };
  const [without, hearing] = [await forecast(false), await forecast(true)];
  const print = (name: string, isCounted: (one: SignalSeries) => boolean) => {
    const [a, b] = [score(all, without, isCounted), score(all, hearing, isCounted)];
    const change = `${(100 * (b.wql / a.wql - 1)).toFixed(1)} %`;
    process.stdout.write(
      `| ${name} | ${a.products} | ${a.wql.toFixed(4)} | ${b.wql.toFixed(4)} | ${change} | ${a.coverage.toFixed(3)}, ${b.coverage.toFixed(3)} |\n`,
    );
  };
  print(kind, () => true);
  if (kind === 'quality') print('quality, a problem lately', hadProblem);
}

function hadProblem({ severity }: SignalSeries): boolean {
  return severity
    .subarray(severity.length - 2 * horizon, severity.length - horizon)
    .some((worst) => worst > 0);
}

function makeHistory({ units, complaintRate, sentiment }: SignalSeries, hears: boolean): SeriesHistory {
  const length = units.length - horizon;
  const history = { values: units.subarray(0, length), seasonLength: findSeasonLength('WEEKLY', length) };
  const past = (values: Float64Array) => values.map((value, t) => (t < length ? value : Number.NaN));
  if (!hears) return history;
  return {
    ...history,
    covariates: [
      { name: 'complaint_rate', values: past(complaintRate) },
      { name: 'sentiment', values: past(sentiment) },
    ],
  };
}

function score(
  all: readonly SignalSeries[],
  forecasts: readonly QuantileForecast[],
  isCounted: (one: SignalSeries) => boolean,
) {
  const sums = makeScoreSums();
  let products = 0;
  for (const [index, one] of all.entries()) {
    const forecast = forecasts[index];
    if (forecast === undefined || !isCounted(one)) continue;
    addScores(sums, one.units.subarray(one.units.length - horizon), forecast);
    products += 1;
  }
  return { products, wql: weightedQuantileLoss(sums), coverage: intervalCoverage(sums) };
}
