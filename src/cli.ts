import { runBacktest } from './cli/backtestCommand.ts';
import { runCompetitorPrices } from './cli/competitorPricesCommand.ts';
import { runForecast } from './cli/forecastCommand.ts';
import { mainHelp } from './cli/help.ts';
import { runImport } from './cli/importCommand.ts';
import { runLabels } from './cli/labelsCommand.ts';
import { runSimulate } from './cli/simulateCommand.ts';
import { runWorker } from './cli/workerCommand.ts';
import { DomainError } from './errors.ts';

const commands = {
  import: runImport,
  'competitor-prices': runCompetitorPrices,
  forecast: runForecast,
  backtest: runBacktest,
  simulate: runSimulate,
  labels: runLabels,
  worker: runWorker,
} as const;

process.exitCode = await run(process.argv.slice(2));

async function run([name, ...arguments_]: readonly string[]): Promise<number> {
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(mainHelp);
    return name === undefined ? 1 : 0;
  }
  try {
    const command = Object.entries(commands).find(([known]) => known === name)?.[1];
    if (command === undefined)
      throw new DomainError(
        'BAD_USER_INPUT',
        `The command must be one of ${Object.keys(commands).join(', ')}, got '${name}'.`,
      );
    await command(arguments_, process.env);
    return 0;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    process.stderr.write(`${error.message}\n`);
    return 1;
  }
}
