import type { PriceObservation } from '../priceItem.ts';
import type { Columns } from './penalisedSmoother.ts';

const daysOfYear = 365.25;
const waves = 7;
const mostRivals = 3;
const bends = [0.2, 0.4, 0.6, 0.8] as const;
/** Periods that a knot of the trend stands for at least, and how many knots there are at most. */
const periodsPerKnot = 8;
const mostKnots = 16;

/**
 * The columns that stand for everything but the own price and promotions: level, a bending trend, a yearly season, days of
 * the week, and bent effects of rivals' prices, sentiment and complaints. Each is centred and of unit deviation, so that one
 * penalty suits all.
 */
export function makeControlColumns(history: readonly PriceObservation[]): Columns {
  const made = startWithCalendar(history);
  for (const rival of readRivals(history)) addBent(made, rival);
  addBent(made, fillUnknown(history.map(({ sentiment }) => sentiment)));
  addBent(made, fillUnknown(history.map(({ complaintRate }) => Math.log1p(complaintRate))));
  return made.columns();
}

/** The columns of the calendar alone: level, trend, season and days of the week. */
export function makeCalendarColumns(history: readonly PriceObservation[]): Columns {
  return startWithCalendar(history).columns();
}

/** The calendar that was last laid out: items of one request mostly share their periods. */
let lastCalendar: { readonly days: readonly number[]; readonly made: ColumnMaker } | undefined;

function startWithCalendar(history: readonly PriceObservation[]): ColumnMaker {
  const days = history.map(({ day }) => day);
  const isLast =
    lastCalendar?.days.length === days.length && lastCalendar.days.every((day, t) => day === days[t]);
  if (isLast && lastCalendar !== undefined) return lastCalendar.made.copy();
  const made = new ColumnMaker(days.length);
  made.addLevel();
  addTrend(made);
  addSeason(made, days);
  lastCalendar = { days, made };
  return made.copy();
}

/** Gathers columns, leaving out those that hardly move. */
class ColumnMaker {
  readonly rows: number;
  readonly #columns: Float64Array[];
  readonly #penalties: number[];

  constructor(rows: number, columns: Float64Array[] = [], penalties: number[] = []) {
    this.rows = rows;
    this.#columns = columns;
    this.#penalties = penalties;
  }

  /** Another maker that goes on from the same columns. */
  copy(): ColumnMaker {
    return new ColumnMaker(this.rows, [...this.#columns], [...this.#penalties]);
  }

  addLevel(): void {
    this.#columns.push(new Float64Array(this.rows).fill(1));
    this.#penalties.push(0);
  }

  add(at: (t: number) => number, penalty: number): void {
    const column = new Float64Array(this.rows);
    for (let t = 0; t < column.length; t += 1) column[t] = at(t);
    if (!standardise(column)) return;
    this.#columns.push(column);
    this.#penalties.push(penalty);
  }

  columns(): Columns {
    const values = new Float64Array(this.rows * this.#columns.length);
    for (const [k, column] of this.#columns.entries()) values.set(column, k * this.rows);
    return {
      rows: this.rows,
      count: this.#columns.length,
      values,
      penalties: Float64Array.from(this.#penalties),
    };
  }
}

/** Centres and scales in place; false where nothing moves. */
function standardise(column: Float64Array): boolean {
  let [mean, square] = [0, 0];
  for (let t = 0; t < column.length; t += 1) mean += (column[t] ?? 0) / column.length;
  for (let t = 0; t < column.length; t += 1) square += ((column[t] ?? 0) - mean) ** 2 / column.length;
  if (!(square > 1e-10)) return false;
  const scale = 1 / Math.sqrt(square);
  for (let t = 0; t < column.length; t += 1) column[t] = ((column[t] ?? 0) - mean) * scale;
  return true;
}

/** A line, and hinges at even distances that let it bend. */
function addTrend(made: ColumnMaker): void {
  made.add((t) => t, 0.05);
  const knots = Math.min(mostKnots, Math.floor(made.rows / periodsPerKnot));
  for (let k = 1; k < knots; k += 1)
    made.add((t) => Math.max(0, 1 - Math.abs((t * knots) / made.rows - k)), 1);
}

function addSeason(made: ColumnMaker, days: readonly number[]): void {
  const [first = 0, second = 0] = days;
  const span = (days.at(-1) ?? 0) - first;
  for (let k = 1; k <= waves; k += 1) {
    // A wave of which less than half is seen is a trend.
    if (span * k < daysOfYear / 2) continue;
    const angle = (t: number) => (2 * Math.PI * k * (days[t] ?? 0)) / daysOfYear;
    made.add((t) => Math.sin(angle(t)), 0.1 * k);
    made.add((t) => Math.cos(angle(t)), 0.1 * k);
  }
  if (second - first !== 1) return;
  for (let weekday = 0; weekday < 6; weekday += 1)
    made.add((t) => ((days[t] ?? 0) % 7 === weekday ? 1 : 0), 0.1);
}

/** Log prices of up to three rivals; of more, their lowest and median. */
function readRivals(history: readonly PriceObservation[]): readonly Float64Array[] {
  const count = history[0]?.competitorPrices.length ?? 0;
  if (count <= mostRivals)
    return Array.from({ length: count }, (_, k) =>
      fillUnknown(history.map(({ competitorPrices }) => Math.log(competitorPrices[k] ?? Number.NaN))),
    );
  const sorted = history.map(({ competitorPrices }) =>
    competitorPrices.filter((price) => price > 0).sort((a, b) => a - b),
  );
  return [0, 0.5].map((level) =>
    fillUnknown(sorted.map((prices) => Math.log(prices[Math.floor(level * prices.length)] ?? Number.NaN))),
  );
}

/** `[n]`, unknown values taken for the last known, before the first for that. */
export function fillUnknown(values: readonly number[]): Float64Array {
  let last = values.find(Number.isFinite) ?? 0;
  const filled = new Float64Array(values.length);
  for (const [t, value] of values.entries()) {
    if (Number.isFinite(value)) last = value;
    filled[t] = last;
  }
  return filled;
}

/** A line in `x` that may bend at four of its quantiles. */
function addBent(made: ColumnMaker, x: Float64Array): void {
  if (x.every((value) => value === x[0])) return;
  made.add((t) => x[t] ?? 0, 0.1);
  const sorted = x.slice().sort();
  for (const level of bends) {
    const knot = sorted[Math.floor(level * sorted.length)] ?? 0;
    made.add((t) => Math.max(0, (x[t] ?? 0) - knot), 0.5);
  }
}
