/** Orange juice as items of a pricing request. A unit is 64 ounces, a price that of one of them. */

import type { PriceItem, PriceObservation } from '../../../src/pricing/priceItem.ts';
import type { JuiceRow } from './juiceRows.ts';

const OUNCES = 64;
const noConstraints: PriceItem['constraints'] = {
  ...{ floor: Number.NaN, ceiling: Number.NaN, minimumMarginRate: Number.NaN, maximumStepRate: Number.NaN },
  ...{ endings: [], competitorCorridor: null, stockLimit: Number.NaN, minimumAdvertisedPrice: Number.NaN },
};

/** Every brand in every store, grouped by brand. */
export function makeStoreItems(rows: readonly JuiceRow[]): readonly PriceItem[] {
  return groupRows(rows, ({ brand, store }) => `${brand}/${store}`).map(([id, ofItem]) =>
    makeItem(id, { group: `brand:${ofItem[0]?.brand ?? 0}`, history: ofItem.map(toObservation) }),
  );
}

/** Every brand over all stores: mean units a store, geometric means of prices, promoted where more than half the stores are. */
export function makeBrandItems(rows: readonly JuiceRow[]): readonly PriceItem[] {
  return groupRows(rows, ({ brand }) => `${brand}`).map(([id, ofBrand]) => {
    const history = groupRows(ofBrand, ({ week }) => `${week}`).map(([, ofWeek]) =>
      meanObservation(ofWeek.map(toObservation)),
    );
    return makeItem(id, { group: 'category:juice', history });
  });
}

function groupRows(
  rows: readonly JuiceRow[],
  keyOf: (row: JuiceRow) => string,
): readonly (readonly [string, readonly JuiceRow[]])[] {
  const groups = new Map<string, JuiceRow[]>();
  for (const row of rows.toSorted((a, b) => a.brand - b.brand || a.store - b.store || a.week - b.week)) {
    const group = groups.get(keyOf(row)) ?? [];
    groups.set(keyOf(row), group);
    group.push(row);
  }
  return [...groups];
}

function toObservation({ week, brand, logUnits, logPrices, deal, feature }: JuiceRow): PriceObservation {
  const prices = logPrices.map((log) => OUNCES * Math.exp(log));
  return {
    day: 7 * week,
    units: Math.exp(logUnits) / OUNCES,
    price: prices[brand - 1] ?? Number.NaN,
    regularPrice: Number.NaN,
    promoted: deal > 0 || feature > 0.5,
    competitorPrices: prices.filter((_, k) => k !== brand - 1),
    inStock: true,
    ...{ sentiment: Number.NaN, complaintRate: Number.NaN },
  };
}

function meanObservation(rows: readonly PriceObservation[]): PriceObservation {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const middle = (values: readonly number[]) => Math.exp(mean(values.map(Math.log)));
  const [first] = rows;
  if (first === undefined) throw new Error('A week must have rows.');
  return {
    ...first,
    units: mean(rows.map(({ units }) => units)),
    price: middle(rows.map(({ price }) => price)),
    promoted: mean(rows.map(({ promoted }) => (promoted ? 1 : 0))) > 0.5,
    competitorPrices: first.competitorPrices.map((_, k) =>
      middle(rows.map(({ competitorPrices }) => competitorPrices[k] ?? Number.NaN)),
    ),
  };
}

function makeItem(
  id: string,
  { group, history }: { readonly group: string; readonly history: readonly PriceObservation[] },
): PriceItem {
  const last = history.at(-1);
  return {
    id,
    history: history.toSorted((a, b) => a.day - b.day),
    unitCost: 0,
    currentPrice: last?.price ?? Number.NaN,
    competitorPrices: [],
    constraints: noConstraints,
    groups: [group],
  };
}
