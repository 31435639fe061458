import { type ScoreRecord, type Scores, toBaselineScores, toScores } from '../backtesting/backtestScores.ts';
import type { BacktestSummary } from '../backtesting/backtestSummary.ts';
import type { BacktestRow } from '../backtesting/repository.ts';

/** Something that was scored, with its name in the report. */
export type NamedRecord = { readonly name: string; readonly record: ScoreRecord };
/** What a report shows. */
export type BacktestReport = {
  readonly backtest: BacktestRow;
  readonly summary: BacktestSummary;
  readonly categories: readonly NamedRecord[];
  /** Worst first. */
  readonly variants: readonly NamedRecord[];
};

const units = { DAILY: 'days', WEEKLY: 'weeks', MONTHLY: 'months' } as const;
const columns = ['WQL', 'WAPE', 'MASE', 'bias', '80 % covers'] as const;
const shownRows = 5;

/** The scores as a person reads them, beside the baseline's. */
export function describeBacktest({ backtest, summary, categories, variants }: BacktestReport): string {
  const { frequency, horizon, origins, step } = backtest;
  const unit = units[frequency];
  const better = variants.filter(({ record }) => record.loss < record.naiveLoss).length;
  const { overall } = summary;
  const nameWidth = Math.max(
    14,
    ...[...categories, ...variants.slice(0, shownRows)].map(({ name }) => name.length),
  );
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(nameWidth)}${cells.map((cell) => cell.padStart(13)).join('')}`;
  const compared = ({ name, record }: NamedRecord) =>
    line(name, [
      show(toScores(record).wql),
      show(toBaselineScores(record).wql),
      ratio(record),
      String(Math.round(record.units)),
    ]);
  return `${[
    `${backtest.seriesCount} variants, ${origins} origins ${step} ${unit} apart from ${backtest.firstOrigin} to ${backtest.lastOrigin}, ${horizon} ${unit} ahead, by ${backtest.modelName} ${backtest.modelVersion}`,
    '',
    line('', columns),
    line('forecasts', showScores(toScores(overall))),
    line('seasonal naive', showScores(toBaselineScores(overall))),
    '',
    `The forecasts ${overall.loss < overall.naiveLoss ? 'beat' : 'do not beat'} the baseline: ${ratio(overall)} of its quantile loss; for ${better} of ${variants.length} variants it is less.`,
    '',
    line('category', ['WQL', 'naive', 'ratio', 'units']),
    ...categories.map(compared),
    '',
    line('worst variants', ['WQL', 'naive', 'ratio', 'units']),
    ...variants.slice(0, shownRows).map(compared),
  ].join('\n')}\n`;
}

/** All scores as CSV: the whole, each category, each step ahead, each variant. */
export function toScoresCsv({ summary, categories, variants }: BacktestReport): string {
  const head = 'level,name,periods,units,wql,wape,mase,bias,coverage80';
  const baseline =
    'baseline_wql,baseline_wape,baseline_mase,baseline_bias,baseline_coverage80,beats_baseline';
  const row = (level: string, { name, record }: NamedRecord) =>
    [
      level,
      quote(name),
      record.periods,
      record.units,
      ...Object.values(pick(toScores(record))),
      ...Object.values(pick(toBaselineScores(record))),
      record.loss < record.naiveLoss,
    ].join(',');
  return `${[
    `${head},${baseline}`,
    row('overall', { name: '', record: summary.overall }),
    ...categories.map((named) => row('category', named)),
    ...summary.steps.map((record, index) => row('step', { name: String(index + 1), record })),
    ...variants.map((named) => row('variant', named)),
  ].join('\n')}\n`;
}

/** The calibration as CSV: share of periods below, and at or below, each quantile. */
export function toCalibrationCsv({ levels, calibration }: BacktestSummary): string {
  const { periods, atOrBelow, below } = calibration;
  const rows = levels.map((level, k) =>
    [level, (below[k] ?? 0) / periods, (atOrBelow[k] ?? 0) / periods, periods].join(','),
  );
  return `${['level,share_below,share_at_or_below,periods', ...rows].join('\n')}\n`;
}

function pick({ wql, wape, mase, bias, coverage80 }: Scores) {
  return [wql, wape, mase, bias, coverage80].map((score) => (score === null ? '' : score));
}

function showScores({ wql, wape, mase, bias, coverage80 }: Scores): string[] {
  return [
    show(wql),
    show(wape),
    show(mase),
    show(bias),
    coverage80 === null ? '–' : `${(100 * coverage80).toFixed(1)} %`,
  ];
}

function show(score: number | null): string {
  return score === null ? '–' : score.toFixed(4);
}

function ratio({ loss, naiveLoss }: ScoreRecord): string {
  return naiveLoss > 0 ? (loss / naiveLoss).toFixed(3) : '–';
}

function quote(text: string): string {
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
