import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { dateFormats } from '../csv/csvTime.ts';
import { badInput } from '../errors.ts';
import {
  competitorFields,
  makeCompetitorFormat,
} from '../pricing/records/competitors/competitorPriceFormat.ts';
import {
  type CompetitorFile,
  type CompetitorImport,
  makePriceRecordsService,
} from '../pricing/records/service.ts';
import { readChoice, readColumnMap, readDelimiter } from './csvArguments.ts';
import { competitorPricesHelp } from './help.ts';
import { makeProgressLine } from './progressLine.ts';
import { refusalsFolder, withDatabase } from './withDatabase.ts';

/** Runs `competitor-prices`: opens the store, migrates it, imports the file, prints what was done. Throws DomainError. */
export async function runCompetitorPrices(
  arguments_: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const wanted = readCompetitorArguments(arguments_);
  if (wanted === 'help') {
    process.stdout.write(competitorPricesHelp);
    return;
  }
  await withDatabase(env, async ({ config, database }) => {
    const refusals = join(refusalsFolder(config), `${basename(wanted.path)}.refused.csv`);
    const records = makePriceRecordsService({ database, clock: () => new Date() });
    const progress = makeProgressLine(process.stdout, () => performance.now());
    const file = { ...wanted, refusalsPath: wanted.refusalsPath ?? refusals };
    const result = await records.importCompetitorPrices(file, progress.update);
    progress.finish();
    process.stdout.write(describeCompetitorImport(wanted.path, result));
  });
}

/** Reads the arguments of `competitor-prices`; throws BAD_USER_INPUT with one sentence. */
export function readCompetitorArguments(
  arguments_: readonly string[],
): (Omit<CompetitorFile, 'refusalsPath'> & { readonly refusalsPath: string | undefined }) | 'help' {
  const { values, positionals } = parse(arguments_);
  if (values.help === true) return 'help';
  const [path, ...others] = positionals;
  if (path === undefined || others.length > 0)
    throw badInput(`The import must be given one file, got ${positionals.length}; see --help.`);
  const source = values.source ?? basename(path).slice(0, 100);
  if (source.trim() === '' || source.length > 100)
    throw badInput(`--source must have 1 to 100 characters, got ${source.trim().length}.`);
  const format = makeCompetitorFormat({
    columns: readColumnMap(values.map ?? [], competitorFields),
    currencyCode: values.currency ?? null,
    delimiter: readDelimiter(values.delimiter),
    encoding: readChoice('--encoding', values.encoding ?? 'utf-8', ['utf-8', 'latin1']),
    dateFormat: readChoice('--date-format', values['date-format'] ?? 'ISO', dateFormats),
  });
  return { path, format, source, refusalsPath: values.refused };
}

/** The closing summary, a line a figure. */
export function describeCompetitorImport(path: string, result: CompetitorImport): string {
  const refused = Object.entries(result.refused).sort(([a], [b]) => (a < b ? -1 : 1));
  const figures: [string, number][] = [
    ['rows read', result.rowsRead],
    ['rows kept', result.rowsKept],
    ['  new', result.added],
    ['  replaced', result.replaced],
    ['rows refused', result.rowsRead - result.rowsKept],
    ...refused.map(([reason, rows]): [string, number] => [`  ${reason}`, rows]),
  ];
  const width = Math.max(...figures.map(([name]) => name.length));
  const list = result.refusalsPath === null ? [] : [`The refused rows are listed in ${result.refusalsPath}.`];
  const lines = figures.map(([name, rows]) => `  ${name.padEnd(width)}  ${rows}`);
  return `${[`Imported ${basename(path)}:`, ...lines, ...list].join('\n')}\n`;
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      allowPositionals: true,
      options: {
        map: { type: 'string', multiple: true },
        delimiter: { type: 'string' },
        'date-format': { type: 'string' },
        encoding: { type: 'string' },
        currency: { type: 'string' },
        source: { type: 'string' },
        refused: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    });
  } catch (error) {
    throw badInput(`The options must be those of --help: ${(error as Error).message.split('. ')[0]}.`);
  }
}
