import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { simulateHelp } from './help.ts';
import { readHistoriesFile } from './historiesFile.ts';
import { readSimulateArguments } from './simulateArguments.ts';
import { describeSimulation, drawStockCurves, toSimulationCsv } from './simulateReport.ts';
import { withServices } from './withServices.ts';

/** Runs `simulate`: replays orders on held-back weeks, prints and writes what came of it. Throws DomainError. */
export async function runSimulate(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const wanted = readSimulateArguments(arguments_);
  if (wanted === 'help') {
    process.stdout.write(simulateHelp);
    return;
  }
  const { file, weeks, leadTimeWeeks, holdingCost, shortageCost, outFolder } = wanted;
  const fromFile = file === undefined ? null : await readHistoriesFile(file);
  await withServices(env, async ({ services: { simulation, forecasting } }) => {
    const recorded = fromFile ?? (await simulation.listRecords(wanted.limit));
    const result = await simulation.compare(recorded, wanted, (done, total) =>
      process.stdout.write(`${done} of ${total} replays\n`),
    );
    const { name, version } = forecasting.model;
    const title = `${recorded.items.length} items, last ${weeks} weeks, ${leadTimeWeeks} weeks from order to arrival, ${holdingCost} a unit left and week, ${shortageCost} a unit of lost sale; ${name} ${version}`;
    process.stdout.write(`\n${describeSimulation(title, result)}`);
    if (outFolder === undefined) return;
    await mkdir(outFolder, { recursive: true });
    await writeFile(join(outFolder, 'policies.csv'), toSimulationCsv(result));
    await writeFile(join(outFolder, 'stock-curves.svg'), drawStockCurves(title, result));
    process.stdout.write(`\nWritten to ${outFolder}: policies.csv, stock-curves.svg\n`);
  });
}
