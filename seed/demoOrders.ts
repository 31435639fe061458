import { makeRandom, seedFromText } from '../src/maths/random.ts';
import type { DemoLevel, DemoOffer } from './demoStock.ts';
import { suppliers, warehouses } from './network.ts';

/** An open purchase order; supplier, warehouse and variants are indexes, `daysAgo` counts from the last day. */
export type DemoOrder = {
  readonly number: string;
  readonly supplier: number;
  readonly warehouse: number;
  readonly daysAgo: number;
  readonly expectedInDays: number;
  readonly lines: readonly DemoOrderLine[];
};
/** A line of an open purchase order. */
export type DemoOrderLine = {
  readonly variant: number;
  readonly quantity: number;
  readonly received: number;
  readonly unitCostCents: number;
};

const maximumLines = 8;

/**
 * Draws one open order for most pairs of supplier and warehouse: the variants there with the shortest cover. Every
 * fourth order has received half of its first line.
 */
export function drawOrders(levels: readonly DemoLevel[], offers: readonly DemoOffer[]): DemoOrder[] {
  const preferred = new Map(
    offers.filter(({ isPreferred }) => isPreferred).map((offer) => [offer.variant, offer]),
  );
  const orders: DemoOrder[] = [];
  suppliers.forEach((terms, supplier) => {
    warehouses.forEach((_, warehouse) => {
      const random = makeRandom(seedFromText(`order ${supplier} ${warehouse}`));
      if (random.uniform() < 0.25) return;
      const hasReceived = orders.length % 4 === 3;
      const lines = levels
        .filter((level) => level.warehouse === warehouse && level.recentRate > 0.05)
        .filter((level) => preferred.get(level.variant)?.supplier === supplier)
        .sort((a, b) => a.onHand / a.recentRate - b.onHand / b.recentRate)
        .slice(0, maximumLines)
        .flatMap((level, index) => toLine(level, preferred.get(level.variant), hasReceived && index === 0));
      const daysAgo = 1 + Math.floor(random.uniform() * terms.leadTime * 0.6);
      const number = `PO-DEMO-${String(orders.length + 1).padStart(3, '0')}`;
      if (lines.length > 0)
        orders.push({
          number,
          supplier,
          warehouse,
          daysAgo,
          expectedInDays: terms.leadTime - daysAgo,
          lines,
        });
    });
  });
  return orders;
}

/** Four weeks of demand, rounded up to whole packs and the minimum. */
function toLine(level: DemoLevel, offer: DemoOffer | undefined, isHalfReceived: boolean): DemoOrderLine[] {
  if (offer === undefined) return [];
  const wanted = Math.max(offer.minimumOrderQuantity, Math.ceil(level.recentRate * 28));
  const quantity = Math.ceil(wanted / offer.packSize) * offer.packSize;
  const received = isHalfReceived ? Math.floor(quantity / 2) : 0;
  return [{ variant: level.variant, quantity, received, unitCostCents: offer.unitCostCents }];
}
