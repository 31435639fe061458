/**
 * The panel model on another kind of data: `npx tsx bench/pricing/completeJourney.ts [--split validation]`
 *
 * Complete Journey: weekly units of product types in the sample of 2017, with paid over full price, no groups, no promotions.
 * Log (units + ½) of the last 8 weeks from the weeks before, prices given; `--split validation` the 8 weeks before those.
 * Beside it least squares by type on log price, and the mean log units of the last 13 weeks.
 */

import { parseArgs } from 'node:util';
import type { PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';
import { fitItemPanel } from '../../src/pricing/response/panel/itemPanel.ts';
import { findDataFolder } from '../support/dataSets.ts';
import { type PricedSeries, readCompleteJourney } from '../support/pricedSets.ts';
import { fitFixedEffects, predictFixedEffects } from './juice/fixedEffects.ts';

const { values: options } = parseArgs({ options: { split: { type: 'string', default: 'test' } } });
const heldOutWeeks = 8;
const levelWeeks = 13;
const leftOut = options.split === 'validation' ? heldOutWeeks : 0;

const folder = findDataFolder();
if (folder === null)
  process.stdout.write('No evaluation: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else evaluate(readCompleteJourney(folder).map(toObservations));

function evaluate(series: readonly (readonly PriceObservation[])[]): void {
  const cut = (rows: readonly PriceObservation[]) => rows.length - heldOutWeeks;
  const items = series.map((rows, index) => makeItem(`${index}`, rows.slice(0, cut(rows))));
  const tests = series.map((rows) => rows.slice(cut(rows)));
  const methods = [
    ['mean of the last weeks', items.map((item, i) => predictLevel(item, tests[i] ?? []))],
    ['least squares by item', items.map((item, i) => predictByItem(item, tests[i] ?? []))],
    ['panel', fitItemPanel(items).predict(tests)],
  ] as const;
  const rows = tests.reduce((sum, test) => sum + test.length, 0);
  process.stdout.write(`| RMSE of log units, ${items.length} items, ${rows} rows | |\n|---|---:|\n`);
  for (const [name, predicted] of methods) {
    const squares = tests.flatMap((test, i) =>
      test.map((row, t) => (logUnits(row) - (predicted[i]?.[t] ?? Number.NaN)) ** 2),
    );
    const score = Math.sqrt(squares.reduce((sum, square) => sum + square, 0) / squares.length);
    process.stdout.write(`| ${name} | ${score.toFixed(4)} |\n`);
  }
}

/** Weeks without a sale have no price and are left out. */
function toObservations({ units, price }: PricedSeries): readonly PriceObservation[] {
  const all = Array.from(units, (count, week): PriceObservation => {
    return {
      ...{ day: 7 * week, units: count, price: price[week] ?? Number.NaN, regularPrice: Number.NaN },
      ...{ promoted: false, competitorPrices: [], inStock: true },
      ...{ sentiment: Number.NaN, complaintRate: Number.NaN },
    };
  });
  return all.slice(0, all.length - leftOut).filter(({ price: paid }) => paid > 0);
}

function makeItem(id: string, history: readonly PriceObservation[]): PriceItem {
  const none = Number.NaN;
  return {
    ...{ id, history, unitCost: 0, currentPrice: history.at(-1)?.price ?? none },
    ...{ competitorPrices: [], groups: [] },
    constraints: {
      ...{ floor: none, ceiling: none, minimumMarginRate: none, maximumStepRate: none, endings: [] },
      ...{ competitorCorridor: null, stockLimit: none, minimumAdvertisedPrice: none },
    },
  };
}

function logUnits({ units }: PriceObservation): number {
  return Math.log(units + 0.5);
}

function predictLevel({ history }: PriceItem, test: readonly PriceObservation[]): readonly number[] {
  const recent = history.slice(-levelWeeks);
  const mean = recent.reduce((sum, row) => sum + logUnits(row), 0) / recent.length;
  return test.map(() => mean);
}

/** An item whose price never moved has its mean. */
function predictByItem({ history }: PriceItem, test: readonly PriceObservation[]): readonly number[] {
  const isConstant = history.every(({ price }) => Math.abs(price - (history[0]?.price ?? 0)) < 1e-9);
  const read = ({ price }: PriceObservation) => (isConstant ? [] : [Math.log(price)]);
  const fit = fitFixedEffects({
    units: history.map(() => 0),
    periods: history.map(({ day }) => day),
    targets: history.map(logUnits),
    regressors: history.map(read),
  });
  return test.map((row) => predictFixedEffects(fit, 0, read(row)));
}
