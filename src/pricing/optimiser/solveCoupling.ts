import loadHighs, { type Highs, type Model } from 'highs';
import { type CoupledOptions, listCouplingRows, type PriceCoupling } from './priceCoupling.ts';

/** The best choice found. */
export interface CoupledChoice {
  /** For each item the entry of its options. */
  readonly entries: readonly number[];
  /** How far the total worth can be below the best possible at most, as a share of it. */
  readonly gap: number;
}

/** Seconds after which the best choice found so far is taken. */
const timeLimitSeconds = 5;
/** A choice this near to the best possible is good enough. */
const goodGap = 1e-4;
const status = { optimal: 7, infeasible: 8, unboundedOrInfeasible: 9, timeLimit: 13 } as const;
const feasiblePoint = 2;

// The package's types are those of its CommonJS door, whose default export lies one level deeper than the one imported here.
const load = loadHighs as unknown as typeof loadHighs.default;
let loading: Promise<Highs> | undefined;

/**
 * Chooses the prices of coupled items with the highest total worth that keep every coupling; null where none do, and
 * 'late' where none was found within five seconds.
 *
 * A multiple-choice knapsack problem with side constraints (H. Kellerer, U. Pferschy and D. Pisinger, Knapsack Problems
 * (2004), chapter 11), solved as a mixed-integer program by HiGHS, to within a gap of 0.01 %.
 */
export async function solveCoupling(
  items: readonly CoupledOptions[],
  couplings: readonly PriceCoupling[],
): Promise<CoupledChoice | 'late' | null> {
  loading ??= load();
  const highs = await loading;
  const worth = items.flatMap((options) => options.worth);
  const size = worth.reduce((sum, value) => sum + Math.abs(value), 0) / Math.max(1, worth.length);
  const rows = listCouplingRows(items, couplings);
  const bound = (value: number) => (Math.abs(value) === Infinity ? Math.sign(value) * highs.infinity : value);
  const starts = [0];
  for (const { columns } of rows) starts.push((starts.at(-1) ?? 0) + columns.length);
  return highs.withModel(
    {
      numCols: worth.length,
      numRows: rows.length,
      sense: highs.constants.objectiveSense.maximize,
      colCost: Float64Array.from(worth, (value) => (size > 0 ? value / size : 0)),
      colLower: new Float64Array(worth.length),
      colUpper: new Float64Array(worth.length).fill(1),
      rowLower: rows.map(({ low }) => bound(low)),
      rowUpper: rows.map(({ high }) => bound(high)),
      integrality: new Int32Array(worth.length).fill(highs.constants.variableType.integer),
      matrix: {
        format: 'csr',
        numRows: rows.length,
        numCols: worth.length,
        starts,
        indices: rows.flatMap(({ columns }) => columns),
        values: rows.flatMap(({ coefficients }) => coefficients),
      },
    },
    (model) => run(model, items),
  );
}

function run(model: Model, items: readonly CoupledOptions[]): CoupledChoice | 'late' | null {
  model.options.set({ output_flag: false, time_limit: timeLimitSeconds, mip_rel_gap: goodGap });
  model.run();
  const ended = model.getModelStatus();
  if (ended === status.infeasible || ended === status.unboundedOrInfeasible) return null;
  if (Number(model.info.get('primal_solution_status')) !== feasiblePoint) {
    if (ended === status.timeLimit) return 'late';
    throw new Error(`HiGHS must find a choice or say that there is none, got status ${ended}.`);
  }
  const { colValue } = model.getSolution();
  let column = 0;
  const entries = items.map(({ prices }) => {
    const own = colValue.subarray(column, column + prices.length);
    column += prices.length;
    return own.indexOf(Math.max(...own));
  });
  return { entries, gap: ended === status.optimal ? goodGap : Number(model.info.get('mip_gap')) };
}
