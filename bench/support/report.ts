/** The evaluation as one text table. */

import type { PublishedScore } from './dataSets.ts';
import { BASELINE, type SetResult } from './evaluateSet.ts';

const PUBLISHED_SHOWN = [
  'seasonal_naive',
  'tirex',
  'timecopilot',
  'chronos_bolt_base',
  'auto_theta',
  'auto_ets',
];

/** Formats scores per set, then the relative geometric means over the published tasks. */
export function formatReport(
  title: string,
  results: readonly SetResult[],
  published: readonly PublishedScore[],
): string {
  const lines = [`Forecast evaluation: ${title}`, ''];
  for (const result of results) lines.push(...formatSet(result, published), '');
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
      `${(100 * score.coverage80).toFixed(1)} %`,
      seriesPerSecond.toFixed(0),
    ]),
  );
  const others = published
    .filter(({ task, model }) => task === set.name && PUBLISHED_SHOWN.includes(model))
    .map(({ model, wql, mase }) => formatRow(`published ${model}`, [wql.toFixed(4), mase.toFixed(4)]));
  return [head, formatRow('', ['WQL', 'MASE', 'relative', '80 % cover', 'series/s']), ...own, ...others];
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
  for (const model of PUBLISHED_SHOWN) {
    const ratio = (pick: 'wql' | 'mase') =>
      geometricMean(
        tasks.map(({ set }) => find(set.name, model, pick) / find(set.name, 'seasonal_naive', pick)),
      );
    lines.push(formatRow(`published ${model}`, [ratio('wql').toFixed(4), ratio('mase').toFixed(4)]));
  }
  return lines;

  function find(task: string, model: string, pick: 'wql' | 'mase'): number {
    return published.find((score) => score.task === task && score.model === model)?.[pick] ?? Number.NaN;
  }
}

function formatRow(name: string, cells: readonly string[]): string {
  return `  ${name.padEnd(30)}${cells.map((cell) => cell.padStart(12)).join('')}`;
}

function geometricMean(ratios: readonly number[]): number {
  return Math.exp(ratios.reduce((sum, ratio) => sum + Math.log(ratio), 0) / ratios.length);
}
