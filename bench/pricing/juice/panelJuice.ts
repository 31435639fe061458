/** Orange juice through the panel model: items are brands in stores, groups are brands. */

import { normalQuantile } from '../../../src/maths/normal.ts';
import {
  fitPanel,
  type PanelDemand,
  type PanelPeriod,
} from '../../../src/pricing/response/panel/panelDemand.ts';
import { readPriceMoves } from '../../../src/pricing/response/panel/priceMoves.ts';
import { BRANDS, type JuiceRow } from './juiceRows.ts';
import type { BrandElasticity } from './plainJuice.ts';

/**
 * Own log price, mean log price of the others, deal, feature, price cut, deal and feature where the price is reduced, and
 * each other brand's log price.
 */
const WIDTH = 7 + BRANDS;

/** The model fitted on `train`, and its log units of `test` in order. */
export interface PanelForecast {
  readonly demand: PanelDemand;
  /** Brand of each item. */
  readonly brands: readonly number[];
  readonly predicted: readonly number[];
}

/** Fits the panel on rows and predicts others, of whose sales it reads nothing; prices of all of them are known. */
export function forecastByPanel(train: readonly JuiceRow[], test: readonly JuiceRow[]): PanelForecast {
  const covariatesOf = makeCovariates([...train, ...test]);
  const items = new Map<string, JuiceRow[]>();
  for (const row of train) {
    const rows = items.get(keyOf(row)) ?? [];
    items.set(keyOf(row), rows);
    rows.push(row);
  }
  const series = [...items.values()].map((rows) => {
    const ordered = rows.toSorted((a, b) => a.week - b.week);
    return {
      group: `brand:${rows[0]?.brand ?? 0}`,
      days: ordered.map(({ week }) => 7 * week),
      logUnits: Float64Array.from(ordered, ({ logUnits }) => logUnits),
      weights: new Float64Array(ordered.length).fill(1),
      covariates: Float64Array.from(ordered.flatMap(covariatesOf)),
    };
  });
  const demand = fitPanel(series, WIDTH);
  const periods = [...items.keys()].map((): PanelPeriod[] => []);
  const placeOf = new Map([...items.keys()].map((key, index) => [key, index]));
  const asked = test.map((row) => {
    const item = placeOf.get(keyOf(row));
    if (item === undefined) throw new Error(`Brand and store ${keyOf(row)} must be in the weeks before.`);
    const list = periods[item];
    return {
      item,
      place: (list?.push({ day: 7 * row.week, covariates: Float64Array.from(covariatesOf(row)) }) ?? 1) - 1,
    };
  });
  const answers = demand.predict(periods);
  return {
    demand,
    brands: [...items.values()].map((rows) => rows[0]?.brand ?? 0),
    predicted: asked.map(({ item, place }) => answers[item]?.[place] ?? Number.NaN),
  };
}

/** Elasticities of the brands in order where the prices of all stores move together. */
export function readBrandSlopes({ demand, brands }: PanelForecast): readonly BrandElasticity[] {
  return Array.from({ length: BRANDS }, (_, k) => {
    const slopes = demand.responses.filter((_, i) => brands[i] === k + 1).map(({ group }) => group);
    const value = slopes.reduce((sum, slope) => sum + slope.value, 0) / slopes.length;
    const reach = normalQuantile(0.975) * (slopes[0]?.standardError ?? Number.NaN);
    return { value, low: value - reach, high: value + reach };
  });
}

function keyOf({ brand, store }: JuiceRow): string {
  return `${brand}/${store}`;
}

/** Reads a row's covariates; a week's prices of all brands are on each of the store's rows. */
function makeCovariates(rows: readonly JuiceRow[]): (row: JuiceRow) => number[] {
  const first = Math.min(...rows.map(({ week }) => week));
  const weeks = Math.max(...rows.map(({ week }) => week)) - first + 1;
  const paths = new Map<number, Float64Array[]>();
  for (const { store, week, logPrices } of rows) {
    const brands =
      paths.get(store) ?? Array.from({ length: BRANDS }, () => new Float64Array(weeks).fill(Number.NaN));
    paths.set(store, brands);
    for (const [k, price] of logPrices.entries()) {
      const path = brands[k];
      if (path !== undefined) path[week - first] = price;
    }
  }
  const moves = new Map(
    [...paths].map(([store, brands]) => [store, brands.map((path) => readPriceMoves(path))]),
  );
  return ({ store, brand, week, logPrices, deal, feature }) => {
    const { cuts, reductions } = moves.get(store)?.[brand - 1] ?? {};
    const own = logPrices[brand - 1] ?? Number.NaN;
    const others = (logPrices.reduce((sum, price) => sum + price, 0) - own) / (BRANDS - 1);
    const [cut, reduced] = [cuts?.[week - first] ?? 0, reductions?.[week - first] ?? 0];
    const each = logPrices.map((price, k) => (k === brand - 1 ? 0 : price));
    return [own, others, deal, feature, cut, deal * reduced, feature * reduced, ...each];
  };
}
