/**
 * What knowing price and promotion is worth: the ensemble with and without them on weekly sales, last eight weeks and
 * three windows before. Regular price = the 80 % quantile of the prices before the window.
 *
 * `tsx bench/covariates.ts [--models folder]`
 */

import { parseArgs } from 'node:util';
import { forecastEnsemble } from '../src/forecasting/ensemble.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../src/forecasting/member.ts';
import { findSeasonLength } from '../src/forecasting/seasonLength.ts';
import { sampleQuantile } from '../src/maths/quantiles.ts';
import { findDataFolder } from './support/dataSets.ts';
import { type BenchNetwork, startNetwork } from './support/network.ts';
import { type PricedSeries, readCompleteJourney, readOrangeJuice } from './support/pricedSets.ts';
import { scoreSet } from './support/score.ts';

const horizon = 8;
const windows = 4;
const shortestHistory = 16;
const { values: options } = parseArgs({ options: { models: { type: 'string', default: 'models' } } });

const folder = findDataFolder();
if (folder === null)
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else {
  const network = await startNetwork(options.models);
  process.stdout.write(
    '| set | weeks | series | WQL without | WQL with | change | coverage without, with |\n|---|---|---:|---:|---:|---:|---|\n',
  );
  for (const [name, all] of [
    ['orange juice', readOrangeJuice(folder)],
    ['Complete Journey', readCompleteJourney(folder)],
  ] as const)
    for (let back = 0; back < windows; back += 1)
      process.stdout.write(await compare(name, all, { back, network }));
  await network?.close();
}

async function compare(
  name: string,
  all: readonly PricedSeries[],
  { back, network }: { readonly back: number; readonly network: BenchNetwork | null },
): Promise<string> {
  const cut = (one: PricedSeries) => one.units.length - (back + 1) * horizon;
  const used = all.filter((one) => cut(one) >= shortestHistory);
  const set = {
    name,
    frequency: 'WEEKLY' as const,
    horizon,
    seasonLength: 1,
    series: used.map((one, i) => ({
      id: `${i}`,
      train: one.units.subarray(0, cut(one)),
      test: one.units.subarray(cut(one), cut(one) + horizon),
    })),
  };
  const score = async (knowsPrices: boolean) => {
    const series = used.map((one) => makeHistory(one, cut(one), knowsPrices));
    const forecasts: QuantileForecast[] = [];
    for (let from = 0; from < series.length; from += 500) {
      const request = {
        series: series.slice(from, from + 500),
        horizon,
        levels: STANDARD_LEVELS,
        isPooled: false,
      };
      const answer = await forecastEnsemble(request, { network: network?.forecast ?? null });
      forecasts.push(...answer.series.map(({ forecast }) => forecast));
    }
    return scoreSet(set, forecasts);
  };
  const [without, knowing] = [await score(false), await score(true)];
  const change = `${(100 * (knowing.wql / without.wql - 1)).toFixed(1)} %`;
  const coverage = [without, knowing].map(({ coverage80 }) => coverage80.toFixed(3)).join(', ');
  const weeks = back === 0 ? 'last 8' : `${back * horizon} before`;
  return `| ${name} | ${weeks} | ${used.length} | ${without.wql.toFixed(4)} | ${knowing.wql.toFixed(4)} | ${change} | ${coverage} |\n`;
}

function makeHistory(one: PricedSeries, length: number, knowsPrices: boolean): SeriesHistory {
  const history = { values: one.units.subarray(0, length), seasonLength: findSeasonLength('WEEKLY', length) };
  if (!knowsPrices) return history;
  const known = one.price
    .subarray(0, length)
    .filter((price) => price > 0)
    .sort();
  const regular = sampleQuantile(known, 0.8);
  const price = one.price.subarray(0, length + horizon).map((paid) => paid / regular);
  return {
    ...history,
    covariates: [
      { name: 'price_ratio', values: price },
      { name: 'promotion', values: one.promotion.subarray(0, length + horizon) },
    ],
  };
}
