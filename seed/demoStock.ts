import { makeRandom, type Random, seedFromText } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';
import type { SalesDay } from './demandCurve.ts';
import type { DemoVariant } from './demoVariants.ts';
import { suppliers } from './network.ts';

/** An offer of a supplier; `variant` and `supplier` are indexes. */
export type DemoOffer = {
  readonly variant: number;
  readonly supplier: number;
  readonly unitCostCents: number;
  readonly leadTimeDays: number;
  readonly deviationDays: number;
  readonly minimumOrderQuantity: number;
  readonly packSize: number;
  readonly isPreferred: boolean;
};

/** Stock of a variant in a warehouse before any purchase order; all indexes and units. */
export type DemoLevel = {
  readonly variant: number;
  readonly warehouse: number;
  readonly onHand: number;
  readonly safetyStock: number;
  readonly damaged: number;
  /** Mean units a day over the last 56 days. */
  readonly recentRate: number;
};

/** Draws the offers of a variant: a preferred supplier, for a third of the variants another, dearer one. */
export function drawOffers(variant: DemoVariant, index: number): DemoOffer[] {
  const random = makeRandom(seedFromText(variant.sku, 1));
  const preferred = (variant.category + (random.uniform() < 0.25 ? 1 : 0)) % suppliers.length;
  const offers = [drawOffer(random, variant, { index, supplier: preferred, isPreferred: true })];
  if (random.uniform() < 0.33) {
    const other = (preferred + 1 + Math.floor(random.uniform() * (suppliers.length - 1))) % suppliers.length;
    offers.push(drawOffer(random, variant, { index, supplier: other, isPreferred: false }));
  }
  return offers;
}

/** Stock that covers one to seven weeks of recent sales; one level in ten has run dry. */
export function drawLevel(
  variant: DemoVariant,
  place: { readonly index: number; readonly warehouse: number },
  days: readonly SalesDay[],
): DemoLevel {
  const random = makeRandom(seedFromText(`${variant.sku}@${place.warehouse}`, 2));
  const recentDays = 56;
  const recent = days.filter(({ day }) => day >= dayCount - recentDays);
  const recentRate = recent.reduce((sum, { units }) => sum + units, 0) / recentDays;
  const isDry = random.uniform() < 0.1;
  const coverDays = 7 + 42 * random.uniform();
  const damaged = random.uniform() < 0.05 ? 1 + Math.floor(random.uniform() * 3) : 0;
  return {
    variant: place.index,
    warehouse: place.warehouse,
    onHand: damaged + (isDry ? 0 : Math.ceil(recentRate * coverDays) + Math.floor(random.uniform() * 3)),
    safetyStock: Math.round(1.3 * Math.sqrt(14 * recentRate)),
    damaged,
    recentRate,
  };
}

function drawOffer(
  random: Random,
  variant: DemoVariant,
  choice: { readonly index: number; readonly supplier: number; readonly isPreferred: boolean },
): DemoOffer {
  const terms = suppliers[choice.supplier] ?? suppliers[0];
  const packSize = variant.priceCents > 6_000 ? 1 : terms.pack;
  const markup = choice.isPreferred ? 1 : 1.12;
  return {
    variant: choice.index,
    supplier: choice.supplier,
    unitCostCents: Math.round(variant.priceCents * terms.costRate * markup * (0.9 + 0.2 * random.uniform())),
    leadTimeDays: Math.round(terms.leadTime * (0.85 + 0.3 * random.uniform())),
    deviationDays: terms.deviation,
    minimumOrderQuantity: packSize * (1 + Math.floor(random.uniform() * 3)),
    packSize,
    isPreferred: choice.isPreferred,
  };
}
