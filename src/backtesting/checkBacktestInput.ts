import { periodsBehindOrigin, shortestHistory } from '../forecasting/rollingOrigins.ts';
import type { OriginSettings } from '../forecasting/service.ts';
import type { BacktestRunUserErrorCode, Frequency } from '../generated/graphql.ts';
import { refused } from '../mutationOutcome.ts';

/** Input of `backtestRun`; ids are row ids, null = the default. */
export type BacktestInput = {
  readonly frequency: Frequency;
  readonly horizon: number | null;
  readonly origins: number;
  readonly step: number | null;
  readonly categoryId: number | null;
  readonly requestedBy: string | null;
};

const defaultHorizons = { DAILY: 28, WEEKLY: 8, MONTHLY: 6 } as const;
/** The fewest days a period can have: what is refused here surely lacks history. */
const daysPerPeriod = { DAILY: 1, WEEKLY: 7, MONTHLY: 28 } as const;

/** Checks the settings of a backtest and fills in the defaults; the refusal of the first rule that is broken. */
export function readSettings({ frequency, horizon, origins, step }: BacktestInput) {
  if (frequency !== 'DAILY' && frequency !== 'WEEKLY' && frequency !== 'MONTHLY')
    return refuse('UNSUPPORTED_FREQUENCY', 'frequency', `DAILY, WEEKLY or MONTHLY, got ${frequency}`);
  const periods = horizon ?? defaultHorizons[frequency];
  if (periods < 1 || periods > 64)
    return refuse('INVALID_HORIZON', 'horizon', `1 to 64 periods, got ${periods}`);
  if (origins < 1 || origins > 24) return refuse('INVALID_ORIGINS', 'origins', `1 to 24, got ${origins}`);
  const stride = step ?? periods;
  if (stride < 1 || stride > 64) return refuse('INVALID_STEP', 'step', `1 to 64 periods, got ${stride}`);
  const settings: OriginSettings = { frequency, horizon: periods, origins, step: stride };
  return { kind: 'done', result: settings } as const;
}

/** Days of history that the settings need at least. */
export function daysNeeded(settings: OriginSettings): number {
  const { frequency } = settings;
  return (shortestHistory[frequency] + periodsBehindOrigin(settings)) * daysPerPeriod[frequency];
}

/** One sentence: what history the settings need, and how long the longest one is. */
export function describeShortage(settings: OriginSettings, longestDays: number): string {
  const { frequency, horizon, origins, step } = settings;
  const unit = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months' }[frequency];
  const needed = shortestHistory[frequency] + periodsBehindOrigin(settings);
  return (
    `input.origins must fit into the history: ${origins} origins ${step} ${unit} apart with a horizon of ${horizon} ${unit} ` +
    `need ${needed} ${unit} of sales, but the longest history has ${longestDays} days.`
  );
}

function refuse(code: BacktestRunUserErrorCode, field: string, rule: string) {
  return refused({ code, field: ['input', field], message: `input.${field} must be ${rule}.` });
}
