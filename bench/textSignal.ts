/**
 * What complaints and sentiment are worth to a forecast:
 * `npx tsx bench/textSignal.ts [--frequency WEEKLY|DAILY] [--products 2000] [--seed 1] [--models folder]`
 *
 * Simulated shops, eight weeks (28 days) ahead, the same ensemble with and without the signals of the past: products
 * whose quality problems move demand, all of them and those with a problem in the eight weeks before the origin; products
 * whose demand does not mind the same complaints; and products without problems, where the signals are noise. Histories
 * of 60 to 156 weeks, of days 40 to 73 weeks. Signals of days come through the store's own way: a day knows the last week
 * that was over. The shops are not the estimator's own model: see `bench/support/signalShops.ts`.
 */

import { parseArgs } from 'node:util';
import { toPeriodHistory } from '../src/forecasting/dailyHistory.ts';
import { forecastEnsemble } from '../src/forecasting/ensemble.ts';
import { addPeriods } from '../src/forecasting/frequency.ts';
import { hearSignals } from '../src/forecasting/heardSeries.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../src/forecasting/member.ts';
import { findSeasonLength } from '../src/forecasting/seasonLength.ts';
import { addScores, intervalCoverage, makeScoreSums, weightedQuantileLoss } from '../src/maths/pinball.ts';
import { startNetwork } from './support/network.ts';
import { makeSignalSeries, type ShopKind, type SignalSeries, spreadOverDays } from './support/signalShops.ts';

const { values: options } = parseArgs({
  options: {
    frequency: { type: 'string', default: 'WEEKLY' },
    products: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    models: { type: 'string', default: 'models' },
  },
});
const isDaily = options.frequency === 'DAILY';
const shape = isDaily
  ? { horizon: 28, weeksAhead: 4, shortest: 40, spread: 34 }
  : { horizon: 8, weeksAhead: 8, shortest: 60, spread: 97 };
const count = Number(options.products);
const kinds: readonly ShopKind[] = ['quality', 'harmless', 'quiet'];
const firstMonday = '2024-01-01';
const recentWeeks = 8;

/** A product by weeks, and its units by period: the last `horizon` are to be forecast. */
type Product = { readonly weeks: SignalSeries; readonly units: Float64Array };

const network = await startNetwork(options.models);
process.stdout.write(
  '| shops | products | WQL without | WQL with | change | coverage without, with |\n|---|---:|---:|---:|---:|---|\n',
);
for (const [place, kind] of kinds.entries()) await compare(kind, place);
await network?.close();

async function compare(kind: ShopKind, place: number): Promise<void> {
  const all = Array.from({ length: count }, (_, index): Product => {
    const length = shape.shortest + shape.weeksAhead + ((index * 37) % shape.spread);
    const seed = Number(options.seed) * 1_000_003 + place * 10_007 + index;
    const weeks = makeSignalSeries(kind, length, seed);
    return { weeks, units: isDaily ? spreadOverDays(weeks.units, seed) : weeks.units };
  });
  const forecast = async (hears: boolean) => {
    const request = {
      series: all.map((one) => (isDaily ? makeDailyHistory(one, hears) : makeWeeklyHistory(one, hears))),
      horizon: shape.horizon,
      levels: STANDARD_LEVELS,
      isPooled: false,
    };
    const { series } = await forecastEnsemble(request, { network: network?.forecast ?? null });
    return series.map((one) => one.forecast);
  };
  const [without, hearing] = [await forecast(false), await forecast(true)];
  const print = (name: string, isCounted: (one: Product) => boolean) => {
    const [a, b] = [score(all, without, isCounted), score(all, hearing, isCounted)];
    const change = `${(100 * (b.wql / a.wql - 1)).toFixed(1)} %`;
    process.stdout.write(
      `| ${name} | ${a.products} | ${a.wql.toFixed(4)} | ${b.wql.toFixed(4)} | ${change} | ${a.coverage.toFixed(3)}, ${b.coverage.toFixed(3)} |\n`,
    );
  };
  print(kind, () => true);
  if (kind === 'quality') print('quality, a problem lately', hadProblem);
}

function hadProblem({ weeks: { severity } }: Product): boolean {
  const origin = severity.length - shape.weeksAhead;
  return severity.subarray(origin - recentWeeks, origin).some((worst) => worst > 0);
}

function makeWeeklyHistory({ weeks, units }: Product, hears: boolean): SeriesHistory {
  const length = units.length - shape.horizon;
  const history = { values: units.subarray(0, length), seasonLength: findSeasonLength('WEEKLY', length) };
  const past = (values: Float64Array) => values.map((value, t) => (t < length ? value : Number.NaN));
  if (!hears) return history;
  return {
    ...history,
    covariates: [
      { name: 'complaint_rate', values: past(weeks.complaintRate) },
      { name: 'sentiment', values: past(weeks.sentiment) },
    ],
  };
}

function makeDailyHistory({ weeks, units }: Product, hears: boolean): SeriesHistory {
  const days = units.length - shape.horizon;
  const daily = {
    start: firstMonday,
    values: units.subarray(0, days),
    inStock: new Array<boolean>(days).fill(true),
    promoted: new Array<boolean>(days).fill(false),
    priceRatio: new Float64Array(days).fill(1),
  };
  const rows = Array.from({ length: hears ? days / 7 : 0 }, (_, week) => {
    const sentiment = weeks.sentiment[week] ?? Number.NaN;
    return {
      variantId: 1,
      weekStartsOn: addPeriods(firstMonday, 'WEEKLY', week),
      complaints: 0, // the rate is what is read
      texts: 0,
      sentiment: Number.isNaN(sentiment) ? null : sentiment,
      complaintRate: weeks.complaintRate[week] ?? 0,
      source: 'COMPLAINTS' as const,
    };
  });
  return toPeriodHistory(hearSignals(daily, rows), 'DAILY').history;
}

function score(
  all: readonly Product[],
  forecasts: readonly QuantileForecast[],
  isCounted: (one: Product) => boolean,
) {
  const sums = makeScoreSums();
  let products = 0;
  for (const [index, one] of all.entries()) {
    const forecast = forecasts[index];
    if (forecast === undefined || !isCounted(one)) continue;
    addScores(sums, one.units.subarray(one.units.length - shape.horizon), forecast);
    products += 1;
  }
  return { products, wql: weightedQuantileLoss(sums), coverage: intervalCoverage(sums) };
}
