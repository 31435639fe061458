/** The ensemble's calculation: members, weights, combination and honest intervals. */

import { scoreForecasts } from './accuracy.ts';
import { CLASSICAL_MEMBERS, NETWORK_MEMBER } from './classicalMembers.ts';
import { changeLevels, combineForecasts, snapToZero, unionLevels } from './combine.ts';
import { expectScale, fitIntervalScale, scaleIntervals, shareWidths } from './conformal.ts';
import { forecastByPopulation, POPULATION_MEMBER } from './countPopulation.ts';
import type { EnsembleBatch, EnsembleForecast } from './ensemble.ts';
import { canWeigh, DEMAND_KINDS, PRIOR_STRENGTHS, priorWeights } from './ensemblePrior.ts';
import { fitGroupWeights, fitSeriesWeights } from './ensembleWeights.ts';
import { clipForecast } from './history.ts';
import type { QuantileForecast } from './member.ts';
import { restoreEffects } from './neutralHistory.ts';
import { seasonalNaive } from './seasonalNaive.ts';
import { type CaseRow, makeCase, planCaseRows, type SeriesCase } from './seriesCase.ts';
import { planRows } from './validationWindows.ts';

/**
 * Weighs, combines and calibrates: everything but the network's run, without I/O; about half a millisecond a
 * series.
 *
 * 1. Every classical member forecasts every row (series and windows); rows with zeros or jumps are also judged
 *    in the light of each other (`forecastByPopulation`), those of one age of window among themselves.
 * 2. Series are grouped by kind of demand; a group's weights come from all its windows, a series' from the
 *    group's and its own windows (`fitGroupWeights`, `fitSeriesWeights`).
 * 3. Quantiles are averaged, and the distance from the median scaled per group so that 80 % covers 80 %; widths of
 *    smooth series are drawn together a little (`shareWidths`).
 */
export function finishEnsemble(batch: EnsembleBatch): readonly EnsembleForecast[] {
  // Where series share nothing, one after the other: what a series' members said is forgotten before the next one.
  return batch.isPooled === false ? splitSeries(batch).flatMap(finishTogether) : finishTogether(batch);
}

function finishTogether(batch: EnsembleBatch): readonly EnsembleForecast[] {
  const { series, horizon, network, isPooled = true } = batch;
  const plan = { horizon, levels: unionLevels(batch.levels) };
  const cases = series.map((history) => makeCase(history, horizon, network !== null));
  const rows = planCaseRows(batch, cases);
  const fromPopulation = forecastPopulations(rows, plan.levels, isPooled);
  for (const [r, row] of rows.entries()) {
    const fromNetwork = network?.[r];
    addRow(row, plan.levels, [
      ...(fromPopulation.get(row) ?? []),
      ...(fromNetwork === undefined ? [] : [changeLevels(fromNetwork, plan.levels, row.horizon)]),
    ]);
  }
  for (const kind of DEMAND_KINDS) weighGroup(cases.filter((item) => item.kind === kind));
  const names = [...CLASSICAL_MEMBERS.map((member) => member.name), POPULATION_MEMBER];
  if (network !== null) names.push(NETWORK_MEMBER);
  return cases.map((item) => finishCase(item, names, batch.levels));
}

/** The batch as one batch a series. */
function splitSeries(batch: EnsembleBatch): readonly EnsembleBatch[] {
  const { series, horizon, windowLength, network } = batch;
  const ofSeries = series.map((): QuantileForecast[] => []);
  for (const [r, { owner }] of planRows(series, horizon, windowLength).entries())
    ofSeries[owner]?.push(...(network?.slice(r, r + 1) ?? []));
  return series.map((history, i) => ({
    ...batch,
    series: [history],
    network: network === null ? null : (ofSeries[i] ?? []),
  }));
}

/** Smaller quantiles of whole-unit demand with zeros or jumps are 0, in units. */
const SMALLEST_DEMAND = 0.3;

/** The population's forecast of every row that it can weigh in; each alone when series share no evidence. */
function forecastPopulations(
  rows: readonly CaseRow[],
  levels: readonly number[],
  isPooled: boolean,
): ReadonlyMap<CaseRow, readonly QuantileForecast[]> {
  const counted = rows.filter(({ item }) => canWeigh(item.kind, POPULATION_MEMBER));
  const ages = new Set(counted.map(({ age }) => age));
  const groups = isPooled
    ? Array.from(ages, (age) => counted.filter((row) => row.age === age))
    : counted.map((row) => [row]);
  return new Map(
    groups.flatMap((group) => {
      const requests = group.map(({ neutral, horizon }) => ({ history: neutral.history, horizon }));
      const forecasts = forecastByPopulation(requests, levels);
      return group.map((row, i) => [row, forecasts.slice(i, i + 1)] as const);
    }),
  );
}

/** Adds a row's forecasts by the classical members and the `others`, one a further name, to its case. */
function addRow(
  { item, row, neutral, horizon }: CaseRow,
  levels: readonly number[],
  others: readonly QuantileForecast[],
): void {
  const { history, effects } = neutral;
  const all = [...item.members.map((member) => member.predict(history, horizon, levels)), ...others];
  const forecasts =
    effects === null ? all : all.map((one) => restoreEffects(one, effects, history.values.length));
  if (row.window === null) {
    item.final = forecasts;
    return;
  }
  const { cut, length } = row.window;
  item.windows.push({ actual: item.usable.subarray(cut, cut + length), forecasts, scale: item.scale });
  item.baselines.push(
    ...(effects === null ? forecasts.slice(0, 1) : [seasonalNaive.predict(row.history, horizon, levels)]),
  );
}

/** Weighs series that share their evidence: all of a kind, or one alone. */
function weighGroup(cases: readonly SeriesCase[]): void {
  const kind = cases[0]?.kind;
  if (kind === undefined) return;
  const windows = cases.flatMap((item) => item.windows);
  const group = fitGroupWeights(windows, priorWeights(kind, cases[0]?.names ?? []), PRIOR_STRENGTHS[kind]);
  for (const item of cases) {
    item.weights = fitSeriesWeights(item.windows, group);
    item.answer = combineForecasts(item.final, item.weights);
    item.combined = item.windows.map(({ actual, forecasts }) => ({
      actual,
      forecast: combineForecasts(forecasts, item.weights),
    }));
  }
  const intervalScale = fitIntervalScale(
    cases.flatMap((item) => item.combined),
    expectScale(kind, cases[0]?.neutral.history.seasonLength ?? 1),
  );
  const shared = kind === 'smooth' ? shareWidths(cases) : new Float64Array(cases.length).fill(1);
  for (const [i, item] of cases.entries()) item.intervalScale = intervalScale * (shared[i] ?? 1);
}

function finishCase(item: SeriesCase, names: readonly string[], levels: readonly number[]): EnsembleForecast {
  const { neutral, windows, combined, baselines, weights, usable } = item;
  const judge = (forecasts: readonly QuantileForecast[]) =>
    scoreForecasts(
      windows.flatMap(({ actual }, index) => {
        const forecast = forecasts[index];
        return forecast === undefined ? [] : [{ actual, forecast }];
      }),
      usable,
      neutral.history.seasonLength,
    );
  return {
    forecast: changeLevels(finishForecast(item, item.answer), levels),
    influences: neutral.effects?.influences ?? [],
    members: names.map((name) => ({ name, weight: weights[item.names.indexOf(name)] ?? 0 })),
    accuracy:
      windows.length === 0
        ? null
        : {
            ...judge(combined.map(({ forecast }) => finishForecast(item, forecast))),
            baseline: judge(baselines),
          },
  };
}

/**
 * The average scaled and made possible: not below 0, and no fractions of the first unit where units are whole.
 */
function finishForecast(item: SeriesCase, combined: QuantileForecast): QuantileForecast {
  const { prepared, intervalScale, kind } = item;
  const scaled = scaleIntervals(combined, intervalScale);
  const clipped = clipForecast(scaled, prepared.nonNegative);
  return kind !== 'smooth' && prepared.isWhole ? snapToZero(clipped, SMALLEST_DEMAND) : clipped;
}
