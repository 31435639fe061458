import { basename, join } from 'node:path';
import type { FileImportResult } from '../sales/importFile.ts';
import { makeSalesService } from '../sales/service.ts';
import { importHelp } from './help.ts';
import { readImportArguments } from './importArguments.ts';
import { makeProgressLine } from './progressLine.ts';
import { refusalsFolder, withDatabase } from './withDatabase.ts';

/** Runs `import`: opens the store, migrates it, imports the file, prints what was done. Throws DomainError. */
export async function runImport(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const wanted = readImportArguments(arguments_);
  if (wanted === 'help') {
    process.stdout.write(importHelp);
    return;
  }
  await withDatabase(env, async ({ config, database }) => {
    const refusals = join(refusalsFolder(config), `${basename(wanted.path)}.refused.csv`);
    const sales = makeSalesService({ database, clock: () => new Date() });
    const progress = makeProgressLine(process.stdout, () => performance.now());
    const file = { ...wanted, refusalsPath: wanted.refusalsPath ?? refusals };
    const result = await sales.importFile(file, progress.update);
    progress.finish();
    process.stdout.write(describeResult(wanted.path, result));
  });
}

/** The closing summary of an import, a line a figure. */
export function describeResult(path: string, result: FileImportResult): string {
  const { summary, earlier, resumedAfterLine } = result;
  const refused = Object.entries(summary.refused).sort(([a], [b]) => (a < b ? -1 : 1));
  const figures: [string, string][] = [
    ['rows read', String(summary.rowsRead)],
    ['rows kept', String(summary.rowsKept)],
    ['rows refused', String(summary.rowsRead - summary.rowsKept)],
    ...refused.map(([reason, rows]): [string, string] => [`  ${reason}`, String(rows)]),
    ['units sold', String(summary.units)],
    ['units returned', String(summary.returns)],
    ['revenue', `${summary.revenue} ${result.currencyCode}`],
  ];
  const width = Math.max(...figures.map(([name]) => name.length));
  const how = resumedAfterLine > 0 ? `, after line ${resumedAfterLine} of an earlier run` : '';
  const title =
    earlier === null
      ? `Imported ${basename(path)}${how}:`
      : `${basename(path)} was imported on ${earlier.toISOString().slice(0, 16).replace('T', ' ')} UTC already; nothing was written. That import:`;
  const list = result.refusalsPath === null ? [] : [`The refused rows are listed in ${result.refusalsPath}.`];
  return `${[title, ...figures.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`), ...list].join('\n')}\n`;
}
