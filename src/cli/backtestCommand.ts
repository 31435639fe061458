import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { drawCalibration, drawErrorByStep, drawFan } from '../backtesting/backtestCharts.ts';
import { badInput } from '../errors.ts';
import { toGlobalId } from '../globalId.ts';
import { startJobWorkers } from '../jobs/workers.ts';
import type { Services } from '../services.ts';
import { type BacktestArguments, readBacktestArguments } from './backtestArguments.ts';
import {
  type BacktestReport,
  describeBacktest,
  type NamedRecord,
  toCalibrationCsv,
  toScoresCsv,
} from './backtestReport.ts';
import { backtestHelp } from './help.ts';
import { type CommandParts, withServices } from './withServices.ts';

const chartCount = 3;
const pollMs = 500;

/** Runs `backtest`: starts the job, does it in this process, prints and writes what came of it. Throws DomainError. */
export async function runBacktest(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const wanted = readBacktestArguments(arguments_);
  if (wanted === 'help') {
    process.stdout.write(backtestHelp);
    return;
  }
  await withServices(env, async (parts) => {
    const { services } = parts;
    const chosen = await Promise.all(wanted.skus.map((sku) => findVariant(services, sku)));
    const jobId = await startBacktest(services, wanted);
    await workOn(parts, jobId);
    const report = await readReport(services, jobId);
    process.stdout.write(describeBacktest(report));
    if (wanted.outFolder === undefined) return;
    const files = await drawAll(services, report, chosen);
    await mkdir(wanted.outFolder, { recursive: true });
    for (const [name, text] of files) await writeFile(join(wanted.outFolder, name), text);
    process.stdout.write(`\nWritten to ${wanted.outFolder}: ${files.map(([name]) => name).join(', ')}\n`);
  });
}

async function findVariant({ catalogue }: Services, sku: string) {
  const variant = await catalogue.findVariantBySku(sku);
  if (variant === null) throw badInput(`--chart must be the SKU of a variant, got '${sku}'.`);
  return variant;
}

async function startBacktest({ backtesting }: Services, wanted: BacktestArguments): Promise<number> {
  const { category, frequency, horizon, origins, step } = wanted;
  const categoryId = category === undefined ? null : await backtesting.findCategoryId(category);
  if (category !== undefined && categoryId === null)
    throw badInput(`--category must be the code of a category, got '${category}'.`);
  const outcome = await backtesting.start({
    frequency,
    horizon,
    origins,
    step,
    categoryId,
    requestedBy: 'command line',
  });
  if (outcome.kind === 'done') return outcome.result;
  throw badInput(outcome.userErrors.map(({ message }) => message.replaceAll('input.', '--')).join(' '));
}

/** Works until the job has ended; Ctrl-C calls it off. */
async function workOn({ services, database }: CommandParts, jobId: number): Promise<void> {
  const { jobs, backtesting } = services;
  const cancel = () => void jobs.cancelJob(toGlobalId('BacktestJob', jobId));
  process.once('SIGINT', cancel);
  const step = {
    sql: database.sql,
    jobs,
    clock: () => new Date(),
    onError: (error: unknown) => process.stderr.write(`${(error as Error).stack ?? String(error)}\n`),
  };
  const stop = await startJobWorkers(step, { BACKTEST: backtesting.jobHandler }, { count: 1 });
  try {
    for (let shown = -1; ; await sleep(pollMs)) {
      const [job] = await jobs.findJobs([jobId]);
      if (job === null || job === undefined || job.state === 'FAILED')
        throw badInput(job?.error ?? 'The backtest was removed meanwhile.');
      if (job.state === 'CANCELLED') throw badInput('The backtest was called off.');
      if (job.done !== shown && job.total !== null)
        process.stdout.write(`${job.done} of ${job.total} variants\n`);
      shown = job.done;
      if (job.state === 'COMPLETED') return;
    }
  } finally {
    process.off('SIGINT', cancel);
    await stop();
  }
}

async function readReport(services: Services, jobId: number): Promise<BacktestReport & { ids: number[] }> {
  const { backtesting, catalogue } = services;
  const [backtest] = await backtesting.findBacktestsOfJobs([jobId]);
  if (backtest === null || backtest === undefined || backtest.summary === null)
    throw badInput('The backtest was removed meanwhile.');
  const { summary } = backtest;
  const categories = await catalogue.findCategories(summary.categories.map(({ categoryId }) => categoryId));
  const rows = await backtesting.listAllSeries(backtest.id);
  const variants = await catalogue.findVariants(rows.map(({ variantId }) => variantId));
  const named = rows.map((record, index) => ({ name: variants[index]?.sku ?? '', record }));
  return {
    backtest,
    summary,
    categories: summary.categories.map(
      ({ record }, index): NamedRecord => ({ name: categories[index]?.name ?? '', record }),
    ),
    variants: named,
    ids: rows.map(({ variantId }) => variantId),
  };
}

/** Names and contents of all files. */
async function drawAll(
  { backtesting, catalogue }: Services,
  report: BacktestReport & { readonly ids: readonly number[] },
  chosen: readonly { readonly id: number; readonly sku: string; readonly name: string }[],
): Promise<[string, string][]> {
  const { backtest, summary, variants, ids } = report;
  const largest = variants
    .map(({ record }, index) => ({ id: ids[index] ?? 0, units: record.units }))
    .sort((a, b) => b.units - a.units)
    .slice(0, chartCount);
  const found = await catalogue.findVariants(largest.map(({ id }) => id));
  const drawn = chosen.length > 0 ? chosen : found.filter((variant) => variant !== null);
  const forecasts = await backtesting.forecastOrigins(
    drawn.map(({ id }) => id),
    backtest,
  );
  const fans = drawn.flatMap(({ id, sku, name }): [string, string][] => {
    const latest = forecasts.findLast(({ variantId }) => variantId === id);
    const file = `fan-${sku.replaceAll(/[^\w-]/g, '_')}.svg`;
    return latest === undefined ? [] : [[file, drawFan(`${name} (${sku})`, latest, backtest)]];
  });
  return [
    ['scores.csv', toScoresCsv(report)],
    ['calibration.csv', toCalibrationCsv(summary)],
    ['error-by-step.svg', drawErrorByStep(summary, backtest)],
    ['calibration.svg', drawCalibration(summary)],
    ...fans,
  ];
}
