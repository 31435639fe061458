import { parseArgs } from 'node:util';
import { badInput } from '../errors.ts';

/** What the command line asks of a simulation; undefined = the store, or nothing written. */
export type SimulateArguments = {
  readonly weeks: number;
  readonly leadTimeWeeks: number;
  readonly holdingCost: number;
  readonly shortageCost: number;
  readonly limit: number;
  readonly file: string | undefined;
  readonly outFolder: string | undefined;
};

/** Reads the arguments of `simulate`; throws BAD_USER_INPUT with one sentence. */
export function readSimulateArguments(arguments_: readonly string[]): SimulateArguments | 'help' {
  const values = parse(arguments_);
  if (values.help === true) return 'help';
  const leadTimeWeeks = readNumber('--lead-time', values['lead-time'] ?? '2', { least: 0, most: 12 });
  return {
    leadTimeWeeks,
    weeks: readNumber('--weeks', values.weeks ?? '13', { least: leadTimeWeeks + 1, most: 52 }),
    holdingCost: readCost('--holding-cost', values['holding-cost'] ?? '0.2'),
    shortageCost: readCost('--shortage-cost', values['shortage-cost'] ?? '1'),
    limit: readNumber('--limit', values.limit ?? '200', { least: 1, most: 1_000 }),
    file: values.file,
    outFolder: values.out,
  };
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      options: {
        weeks: { type: 'string' },
        'lead-time': { type: 'string' },
        'holding-cost': { type: 'string' },
        'shortage-cost': { type: 'string' },
        limit: { type: 'string' },
        file: { type: 'string' },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw badInput(`The options must be those of --help: ${(error as Error).message.split('. ')[0]}.`);
  }
}

function readNumber(
  name: string,
  text: string,
  { least, most }: { readonly least: number; readonly most: number },
): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : Number.NaN;
  if (!(value >= least && value <= most))
    throw badInput(`${name} must be a whole number from ${least} to ${most}, got '${text}'.`);
  return value;
}

function readCost(name: string, text: string): number {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  if (!(value > 0 && value <= 1e12))
    throw badInput(`${name} must be a number above 0 and at most 1e12, got '${text}'.`);
  return value;
}
