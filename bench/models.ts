/**
 * Evaluates the forecasting members, the network and the ensemble: accuracy beside the baseline and all published
 * models, what the network adds, interval coverage (closed, and randomised for counts) and speed. `--only` takes the
 * names of sets: the five published tasks, online_retail_daily, online_retail_weekly, vn2_weekly.
 *
 * `tsx bench/models.ts [--split test|validation] [--steps 1] [--only name,name] [--models folder]`
 * The test split is for finished changes; tune on `--split validation`, which moves the cut inside `train`.
 */

import { parseArgs } from 'node:util';
import {
  type EvaluationSet,
  findDataFolder,
  PUBLISHED_TASKS,
  readOnlineRetail,
  readPublishedScores,
  readPublishedTask,
  shiftToValidation,
} from './support/dataSets.ts';
import { evaluateSet, type SetResult } from './support/evaluateSet.ts';
import { type BenchNetwork, startNetwork } from './support/network.ts';
import { formatReport } from './support/report.ts';
import { readVn2Set } from './support/vn2.ts';

const { values: options } = parseArgs({
  options: {
    split: { type: 'string', default: 'test' },
    steps: { type: 'string', default: '1' },
    only: { type: 'string' },
    models: { type: 'string', default: 'models' },
  },
});

const folder = findDataFolder();
if (folder === null) {
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
} else {
  const network = await startNetwork(options.models).catch(reportNoNetwork);
  const results: SetResult[] = [];
  for (const set of readSets(folder)) results.push(await evaluateSet(set, network?.forecast ?? null));
  await network?.close();
  const note = options.split === 'test' ? '' : '; the published scores are those of the test split';
  const title = `split ${options.split}, network ${network?.title ?? 'absent'}${note}`;
  process.stdout.write(formatReport(title, results, readPublishedScores(folder)));
}

function readSets(dataFolder: string): readonly EvaluationSet[] {
  const sets = [
    ...PUBLISHED_TASKS.map((name) => readPublishedTask(dataFolder, name)),
    ...readOnlineRetail(dataFolder),
    readVn2Set(dataFolder),
  ].filter((set) => options.only === undefined || options.only.split(',').includes(set.name));
  return options.split === 'validation'
    ? sets.map((set) => shiftToValidation(set, Number(options.steps)))
    : sets;
}

function reportNoNetwork(error: unknown): BenchNetwork | null {
  process.stdout.write(`The network cannot run: ${String(error)}\n`);
  return null;
}
