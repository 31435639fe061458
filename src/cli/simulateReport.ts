import { renderLineChart } from '../charts/lineChart.ts';
import {
  type ComparisonResult,
  type PolicyResult,
  type StockCurve,
  stockAtFillRate,
} from '../replenishment/simulation/comparePolicies.ts';

const comparedFillRate = 0.95;
const head = ['cost', 'fill rate', 'stock', 'lost'] as const;

/** The outcomes as a person reads them: every policy, the curves, and stock at the same fill rate. */
export function describeSimulation(title: string, { policies, curves }: ComparisonResult): string {
  const width = Math.max(
    ...policies.map(({ name }) => name.length),
    ...curves.map(({ name }) => name.length + 14),
  );
  const line = (name: string, cells: readonly string[]) =>
    `  ${name.padEnd(width)}${cells.map((cell) => cell.padStart(12)).join('')}`;
  const show = ({ name, outcome }: PolicyResult) =>
    line(name, [
      outcome.cost.toFixed(0),
      `${(100 * outcome.fillRate).toFixed(1)} %`,
      outcome.averageStock.toFixed(0),
      outcome.lostUnits.toFixed(0),
    ]);
  return `${[
    title,
    '',
    line('', head),
    ...policies.map(show),
    '',
    line('level asked for', head),
    ...curves.flatMap(({ name, points }) =>
      points.map(({ level, outcome }) => show({ name: `${name}, ${level}`, outcome })),
    ),
    '',
    compareStock(curves),
  ].join('\n')}\n`;
}

/** Curves and policies as CSV. */
export function toSimulationCsv({ policies, curves }: ComparisonResult): string {
  const row = (name: string, level: number | null, { outcome }: Pick<PolicyResult, 'outcome'>) =>
    [name, level ?? '', outcome.cost, outcome.fillRate, outcome.averageStock, outcome.lostUnits].join(',');
  return `${[
    'policy,level,cost,fill_rate,average_stock_units,lost_units',
    ...policies.map((result) => row(`"${result.name}"`, null, result)),
    ...curves.flatMap(({ name, points }) => points.map((point) => row(`"${name}"`, point.level, point))),
  ].join('\n')}\n`;
}

/** Stock against fill rate, a line a curve. */
export function drawStockCurves(subtitle: string, { curves }: ComparisonResult): string {
  const colours = ['grey', 'blue', 'orange'] as const;
  return renderLineChart({
    title: 'Stock against fill rate',
    subtitle,
    x: { label: 'fill rate, % of the units asked for' },
    y: { label: 'mean stock at the end of a week, units' },
    bands: [],
    lines: curves.map(({ name, points }, k) => ({
      name,
      colour: colours[k % colours.length] ?? 'grey',
      hasDots: true,
      points: points
        .map(({ outcome }) => [100 * outcome.fillRate, outcome.averageStock] as const)
        .sort(([a], [b]) => a - b),
    })),
  });
}

/** Stock of the second curve against the first at 95 % fill rate, or at the highest that both pass. */
function compareStock(curves: readonly StockCurve[]): string {
  const [normal, own] = curves;
  if (normal === undefined || own === undefined) return '';
  const reached = ({ points }: StockCurve) => Math.max(...points.map(({ outcome }) => outcome.fillRate));
  const fillRate = Math.min(comparedFillRate, reached(normal), reached(own));
  const [before, after] = [stockAtFillRate(normal, fillRate), stockAtFillRate(own, fillRate)];
  const at = `At ${(100 * fillRate).toFixed(1)} % fill rate`;
  if (before === null || after === null)
    return `${at} the two cannot be compared: ${before === null ? normal.name : own.name} was above it throughout.`;
  const change = 100 * (after / before - 1);
  return `${at} ${own.name} holds ${after.toFixed(0)} units and ${normal.name} ${before.toFixed(0)}: ${Math.abs(change).toFixed(1)} % ${change < 0 ? 'less' : 'more'}.`;
}
