import { parseArgs } from 'node:util';
import { badInput } from '../errors.ts';
import type { Frequency } from '../generated/graphql.ts';

/** What the command line asks for; undefined = the default. */
export type BacktestArguments = {
  readonly frequency: Frequency;
  readonly horizon: number | null;
  readonly origins: number;
  readonly step: number | null;
  /** Code of a category. */
  readonly category: string | undefined;
  /** Variants to draw. */
  readonly skus: readonly string[];
  readonly outFolder: string | undefined;
};

/** Reads the arguments of `backtest`; throws BAD_USER_INPUT with one sentence. */
export function readBacktestArguments(arguments_: readonly string[]): BacktestArguments | 'help' {
  const values = parse(arguments_);
  if (values.help === true) return 'help';
  const frequency = (['DAILY', 'WEEKLY', 'MONTHLY'] as const).find(
    (known) => known === (values.frequency ?? 'DAILY').toUpperCase(),
  );
  if (frequency === undefined)
    throw badInput(`--frequency must be DAILY, WEEKLY or MONTHLY, got '${values.frequency}'.`);
  return {
    frequency,
    horizon: readCount('--horizon', values.horizon),
    origins: readCount('--origins', values.origins) ?? 3,
    step: readCount('--step', values.step),
    category: values.category,
    skus: values.chart ?? [],
    outFolder: values.out,
  };
}

function parse(arguments_: readonly string[]) {
  try {
    return parseArgs({
      args: [...arguments_],
      options: {
        frequency: { type: 'string' },
        horizon: { type: 'string' },
        origins: { type: 'string' },
        step: { type: 'string' },
        category: { type: 'string' },
        chart: { type: 'string', multiple: true },
        out: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw badInput(`The options must be those of --help: ${(error as Error).message.split('. ')[0]}.`);
  }
}

/** The ranges are the service's. */
function readCount(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^\d{1,6}$/.test(text)) throw badInput(`${name} must be a whole number, got '${text}'.`);
  return Number(text);
}
