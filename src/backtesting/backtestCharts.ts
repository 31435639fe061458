import { type ChartLine, type Points, renderLineChart } from '../charts/lineChart.ts';
import { addPeriods } from '../forecasting/frequency.ts';
import type { OriginForecast, OriginSettings, QuantileForecast } from '../forecasting/service.ts';
import { type ScoreRecord, toBaselineScores, toScores } from './backtestScores.ts';
import type { BacktestSummary } from './backtestSummary.ts';

const periodNames = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' } as const;
/** Periods of history that are shown before an origin, in horizons. */
const shownHorizons = 3;

/**
 * A variant's history, what was forecast from an origin (median, 80 % interval, seasonal naive) and what came, as SVG.
 */
export function drawFan(name: string, one: OriginForecast, { frequency, horizon }: OriginSettings): string {
  const { values, inStock } = one.history;
  const shown = Math.min(values.length, shownHorizons * horizon);
  const history: Points = Array.from(values.subarray(values.length - shown), (units, index) => {
    const isKnown = inStock?.[values.length - shown + index] !== false;
    return [index - shown, isKnown ? units : Number.NaN];
  });
  const dayOf = (period: number) => addPeriods(one.startsOn, frequency, period);
  const stride = Math.max(1, Math.ceil((shown + horizon) / 7));
  const ticks = Array.from({ length: Math.ceil((shown + horizon) / stride) }, (_, index) => {
    const value = index * stride - shown;
    return { value, label: dayOf(value) };
  });
  const curve = (forecast: QuantileForecast, level: number) => quantileCurve(forecast, level, horizon);
  return renderLineChart({
    title: name,
    subtitle: `Forecast from ${one.startsOn} on, made without sight of what came; gaps: out of stock`,
    x: { label: frequency === 'DAILY' ? 'day' : `first day of the ${periodNames[frequency]}`, ticks },
    y: { label: `units per ${periodNames[frequency]}` },
    bands: [
      {
        name: '80 % interval',
        colour: 'blue',
        lower: curve(one.forecast, 0.1),
        upper: curve(one.forecast, 0.9),
      },
    ],
    lines: [
      { name: 'history', colour: 'grey', points: [...history, ...firstOutcome(one)] },
      { name: 'seasonal naive', colour: 'orange', isDashed: true, points: curve(one.baseline, 0.5) },
      { name: 'median forecast', colour: 'blue', points: curve(one.forecast, 0.5) },
      {
        name: 'what came',
        colour: 'green',
        hasDots: true,
        points: Array.from(one.actual, (units, period) => [period, units] as const),
      },
    ],
    mark: { x: -0.5, label: 'origin' },
  });
}

/** The error of all series together by the number of periods ahead, beside the baseline's, as SVG. */
export function drawErrorByStep({ steps }: BacktestSummary, { frequency }: OriginSettings): string {
  const curve = (wqlOf: (record: ScoreRecord) => number | null): Points =>
    steps.map((record, index) => [index + 1, wqlOf(record) ?? Number.NaN] as const);
  const lines: ChartLine[] = [
    {
      name: 'seasonal naive',
      colour: 'orange',
      isDashed: true,
      points: curve((record) => toBaselineScores(record).wql),
    },
    { name: 'forecasts', colour: 'blue', hasDots: true, points: curve((record) => toScores(record).wql) },
  ];
  return renderLineChart({
    title: 'Error by how far ahead',
    subtitle: 'Weighted quantile loss of all variants and origins, lower is better',
    x: { label: `${periodNames[frequency]}s ahead`, ticks: stepTicks(steps.length) },
    y: { label: 'WQL (share of units sold)' },
    bands: [],
    lines,
  });
}

/** How often what came stayed below each quantile; where units are whole, the diagonal should run inside the band. */
export function drawCalibration({ levels, calibration }: BacktestSummary): string {
  const share = (counts: readonly number[]): Points =>
    levels.map(
      (level, k) =>
        [
          100 * level,
          calibration.periods === 0 ? Number.NaN : (100 * (counts[k] ?? 0)) / calibration.periods,
        ] as const,
    );
  const ticks = levels.map((level) => ({ value: 100 * level, label: `${Math.round(100 * level)}` }));
  return renderLineChart({
    title: 'Calibration of the quantiles',
    subtitle: 'Between the share strictly below and the share at or below a quantile should lie its level',
    x: { label: 'level of the quantile (%)', ticks },
    y: {
      label: 'periods below it (%)',
      ticks: [0, 20, 40, 60, 80, 100].map((value) => ({ value, label: `${value}` })),
    },
    bands: [
      {
        name: 'below … at or below',
        colour: 'blue',
        lower: share(calibration.below),
        upper: share(calibration.atOrBelow),
      },
    ],
    lines: [
      {
        name: 'ideal',
        colour: 'grey',
        isDashed: true,
        points: levels.map((level) => [100 * level, 100 * level] as const),
      },
      { name: 'at or below', colour: 'blue', hasDots: true, points: share(calibration.atOrBelow) },
    ],
  });
}

/** Joins the history's line to the outcome's first point. */
function firstOutcome({ actual }: OriginForecast): Points {
  return [[0, actual[0] ?? Number.NaN]];
}

function quantileCurve({ levels, quantiles }: QuantileForecast, level: number, horizon: number): Points {
  const column = levels.indexOf(level);
  return Array.from(
    { length: horizon },
    (_, period) => [period, quantiles[period * levels.length + column] ?? Number.NaN] as const,
  );
}

function stepTicks(steps: number) {
  const stride = Math.max(1, Math.ceil(steps / 14));
  return Array.from({ length: Math.ceil(steps / stride) }, (_, index) => {
    const value = 1 + index * stride;
    return { value, label: String(value) };
  });
}
