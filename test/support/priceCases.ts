import { normalQuantile } from '../../src/maths/normal.ts';
import { type DemandLevel, type DemandResponse, RESPONSE_LEVELS } from '../../src/pricing/demandResponse.ts';
import type { PriceCase } from '../../src/pricing/optimiser/choosePrice.ts';
import { isContradiction, makePriceGrid } from '../../src/pricing/optimiser/priceGrid.ts';
import type { PriceConstraints, PriceItem, PriceObservation } from '../../src/pricing/priceItem.ts';

/** No constraint at all. */
export const unconstrained: PriceConstraints = {
  floor: Number.NaN,
  ceiling: Number.NaN,
  minimumMarginRate: Number.NaN,
  maximumStepRate: Number.NaN,
  endings: [],
  competitorCorridor: null,
  stockLimit: Number.NaN,
  minimumAdvertisedPrice: Number.NaN,
};

/** A period in which ten units were sold at 10. */
export const observation: PriceObservation = {
  day: 20_000,
  units: 10,
  price: 10,
  regularPrice: Number.NaN,
  promoted: false,
  competitorPrices: [],
  inStock: true,
  sentiment: Number.NaN,
  complaintRate: Number.NaN,
};

/** An item at 10 that costs 6 and was sold at 8 to 12. */
export function makePriceItem(
  changes: Omit<Partial<PriceItem>, 'constraints'> & {
    readonly constraints?: Partial<PriceConstraints>;
  } = {},
): PriceItem {
  return {
    id: 'a',
    history: [8, 10, 12].map((price, week) => ({ ...observation, day: 20_000 + 7 * week, price })),
    unitCost: 6,
    currentPrice: 10,
    competitorPrices: [],
    groups: [],
    ...changes,
    constraints: { ...unconstrained, ...changes.constraints },
  };
}

/** Log-linear demand whose elasticity is normally distributed: ratio (price ÷ current)^elasticity. */
export function makeLogLinearResponse(
  prices: Float64Array,
  currentPrice: number,
  { elasticity, deviation }: { readonly elasticity: number; readonly deviation: number },
): DemandResponse {
  const moves = prices.map((price) => Math.log(price / currentPrice));
  return {
    elasticity: {
      value: elasticity,
      low: elasticity - 1.96 * deviation,
      high: elasticity + 1.96 * deviation,
      isIdentified: true,
    },
    ratios: moves.map((move) => Math.exp(elasticity * move + (deviation * move) ** 2 / 2)),
    ratioQuantiles: Float64Array.from(
      [...moves].flatMap((move) =>
        RESPONSE_LEVELS.map((level) =>
          Math.exp(elasticity * move + normalQuantile(level) * deviation * Math.abs(move)),
        ),
      ),
    ),
    members: [{ name: 'log_linear', weight: 1 }],
    effects: [],
    warnings: [],
  };
}

/** Log-normal demand over the horizon. */
export function makeLevel(units: number, deviation = 0.2): DemandLevel {
  const median = units * Math.exp(-(deviation ** 2) / 2);
  return {
    units,
    unitQuantiles: Float64Array.from(
      RESPONSE_LEVELS,
      (level) => median * Math.exp(deviation * normalQuantile(level)),
    ),
  };
}

/** The case of an item with log-linear demand; throws where its constraints contradict each other. */
export function makePriceCase(
  item: PriceItem,
  {
    elasticity = -2.5,
    deviation = 0.2,
    units = 100,
    isIdentified = true,
  }: {
    readonly elasticity?: number;
    readonly deviation?: number;
    readonly units?: number;
    readonly isIdentified?: boolean;
  } = {},
): PriceCase {
  const grid = makePriceGrid(item, { objective: 'MARGIN', currencyDecimals: 2 });
  if (isContradiction(grid)) throw new Error(grid.rule);
  return {
    grid,
    prices: grid.prices,
    currentPrice: item.currentPrice,
    unitCost: item.unitCost,
    stockLimit: item.constraints.stockLimit,
    isIdentified,
    response: makeLogLinearResponse(grid.prices, item.currentPrice, { elasticity, deviation }),
    level: makeLevel(units),
  };
}
