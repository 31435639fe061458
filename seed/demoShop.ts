import { makeRandom, seedFromText } from '../src/maths/random.ts';
import { drawSales, type SalesDay } from './demandCurve.ts';
import { type DemoCompetitorPrice, drawCompetitorPrices } from './demoCompetitors.ts';
import { type DemoComplaint, drawComplaints } from './demoComplaints.ts';
import { type DemoCost, drawCosts } from './demoCosts.ts';
import { type DemoOrder, drawOrders } from './demoOrders.ts';
import { type DemoLevel, type DemoOffer, drawLevel, drawOffers } from './demoStock.ts';
import { type DemoProduct, type DemoVariant, listDemoCatalogue } from './demoVariants.ts';
import {
  drawPriceCalendar,
  listPriceChanges,
  type PriceCalendar,
  type PriceChange,
} from './priceCalendar.ts';

/** Two years of one variant in one warehouse; indexes. */
export type DemoSeries = {
  readonly variant: number;
  readonly warehouse: number;
  readonly days: readonly SalesDay[];
};

/** The whole demo shop in memory; rows refer to each other by index. */
export type DemoShop = {
  readonly products: readonly DemoProduct[];
  readonly variants: readonly DemoVariant[];
  readonly prices: readonly PriceCalendar[];
  readonly competitorPrices: readonly DemoCompetitorPrice[];
  readonly priceChanges: readonly (readonly PriceChange[])[];
  readonly series: readonly DemoSeries[];
  readonly offers: readonly DemoOffer[];
  readonly costs: readonly DemoCost[];
  readonly levels: readonly DemoLevel[];
  readonly orders: readonly DemoOrder[];
  readonly complaints: readonly DemoComplaint[];
};

/** Makes the demo shop; the same at every call and on every machine. */
export function makeDemoShop(): DemoShop {
  const { products, variants } = listDemoCatalogue();
  const prices = variants.map(({ sku, priceCents }) =>
    drawPriceCalendar(makeRandom(seedFromText(sku, 3)), priceCents),
  );
  const series = variants.flatMap((variant, index) => drawSeries(variant, index, prices[index]));
  const levels = series.map(({ variant, warehouse, days }) =>
    drawLevel(at(variants, variant), { index: variant, warehouse }, days),
  );
  const offers = variants.flatMap(drawOffers);
  return {
    products,
    variants,
    prices,
    priceChanges: variants.map(({ curve }, index) => listPriceChanges(at(prices, index), curve.launchDay)),
    competitorPrices: variants.flatMap((variant, index) =>
      drawCompetitorPrices(variant, index, at(prices, index)),
    ),
    series,
    offers,
    costs: drawCosts(variants, offers),
    levels,
    orders: drawOrders(levels, offers),
    complaints: drawComplaints({ variants, series, prices }),
  };
}

function drawSeries(variant: DemoVariant, index: number, prices: PriceCalendar | undefined): DemoSeries[] {
  if (prices === undefined) return [];
  return variant.places.map(({ warehouse, share }) => {
    const random = makeRandom(seedFromText(`${variant.sku}@${warehouse}`));
    const curve = { ...variant.curve, rate: variant.curve.rate * share };
    return { variant: index, warehouse, days: drawSales(random, curve, prices) };
  });
}

function at<Item>(items: readonly Item[], index: number): Item {
  const item = items[index];
  if (item === undefined) throw new RangeError(`The index must be below ${items.length}, got ${index}.`);
  return item;
}
