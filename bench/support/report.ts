/** The evaluation as one text table. */

import type { PublishedScore } from './dataSets.ts';
import { BASELINE, type SetResult } from './evaluateSet.ts';

const ENSEMBLE = 'ensemble';
const ENSEMBLE_WITHOUT_NETWORK = 'ensemble without network';
/** The published scores' name of the baseline. */
const PUBLISHED_BASELINE = 'seasonal_naive';

/**
 * Formats scores per set beside every published model, what the network adds to the ensemble, and the relative
 * geometric means over the published tasks, best first.
 */
export function formatReport(
  title: string,
  results: readonly SetResult[],
  published: readonly PublishedScore[],
): string {
  const lines = [`Forecast evaluation: ${title}`, ''];
  for (const result of results) lines.push(...formatSet(result, published), '');
  lines.push(...formatNetworkGains(results), '');
  const tasks = results.filter(({ set }) => published.some(({ task }) => task === set.name));
  if (tasks.length > 0) lines.push(...formatMeans(tasks, published));
  return `${lines.join('\n')}\n`;
}

function formatSet({ set, forecasters }: SetResult, published: readonly PublishedScore[]): string[] {
  const baseline = forecasters.find(({ name }) => name === BASELINE)?.score;
  const head = `${set.name}: ${set.series.length} series, horizon ${set.horizon}`;
  const own = forecasters.map(({ name, score, seriesPerSecond }) =>
    formatRow(name, [
      score.wql.toFixed(4),
      score.mase.toFixed(4),
      (score.wql / (baseline?.wql ?? Number.NaN)).toFixed(3),
      formatShare(score.coverage80),
      formatShare(score.randomisedCoverage80),
      seriesPerSecond.toFixed(0),
    ]),
  );
  const others = published
    .filter(({ task }) => task === set.name)
    .sort((a, b) => a.wql - b.wql)
    .map(({ model, wql, mase }) => formatRow(`published ${model}`, [wql.toFixed(4), mase.toFixed(4)]));
  const titles = ['WQL', 'MASE', 'relative', '80 % cover', 'randomised', 'series/s'];
  return [head, formatRow('', titles), ...own, ...others];
}

/** By how much the ensemble's WQL falls when the network joins it; nothing without a network. */
function formatNetworkGains(results: readonly SetResult[]): string[] {
  const gains = results.flatMap(({ set, forecasters }) => {
    const find = (name: string) => forecasters.find((one) => one.name === name)?.score.wql;
    const [without, joined] = [find(ENSEMBLE_WITHOUT_NETWORK), find(ENSEMBLE)];
    return without === undefined || joined === undefined ? [] : [{ name: set.name, ratio: joined / without }];
  });
  if (gains.length === 0) return [];
  const format = (name: string, ratio: number) => formatRow(name, [`${(100 * (1 - ratio)).toFixed(1)} %`]);
  return [
    'What the network adds: WQL of the ensemble below the same without it',
    ...gains.map(({ name, ratio }) => format(name, ratio)),
    format('all of these', geometricMean(gains.map(({ ratio }) => ratio))),
  ];
}

/** Geometric means over tasks of score / baseline. */
function formatMeans(tasks: readonly SetResult[], published: readonly PublishedScore[]): string[] {
  const lines = [`Geometric mean over ${tasks.length} published tasks, relative to the baseline`];
  lines.push(formatRow('', ['WQL', 'MASE']));
  for (const name of tasks[0]?.forecasters.map((forecaster) => forecaster.name) ?? []) {
    const scores = tasks.map(({ forecasters }) => forecasters.find((one) => one.name === name)?.score);
    const bases = tasks.map(({ forecasters }) => forecasters.find((one) => one.name === BASELINE)?.score);
    const ratio = (pick: 'wql' | 'mase') =>
      geometricMean(
        scores.map((score, i) => (score?.[pick] ?? Number.NaN) / (bases[i]?.[pick] ?? Number.NaN)),
      );
    lines.push(formatRow(name, [ratio('wql').toFixed(4), ratio('mase').toFixed(4)]));
  }
  const models = [...new Set(published.map(({ model }) => model))].map((model) => {
    const ratio = (pick: 'wql' | 'mase') =>
      geometricMean(
        tasks.map(({ set }) => find(set.name, model, pick) / find(set.name, PUBLISHED_BASELINE, pick)),
      );
    return { model, wql: ratio('wql'), mase: ratio('mase') };
  });
  for (const { model, wql, mase } of models.sort((a, b) => a.wql - b.wql))
    lines.push(formatRow(`published ${model}`, [wql.toFixed(4), mase.toFixed(4)]));
  return lines;

  function find(task: string, model: string, pick: 'wql' | 'mase'): number {
    return published.find((score) => score.task === task && score.model === model)?.[pick] ?? Number.NaN;
  }
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}

function formatRow(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
