import { makeRandom, type Random, seedFromText } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';
import type { CategoryEntry, ProductEntry } from './catalogueEntry.ts';
import type { DemandCurve } from './demandCurve.ts';
import { homeCategories } from './homeProducts.ts';
import { kitchenCategories } from './kitchenProducts.ts';
import { warehouses } from './network.ts';
import { outdoorCategories } from './outdoorProducts.ts';

/** Categories of the demo shop. */
export const categories: readonly CategoryEntry[] = [
  ...kitchenCategories,
  ...homeCategories,
  ...outdoorCategories,
];

/** One product of the demo shop; `category` is an index into `categories`. */
export type DemoProduct = {
  readonly handle: string;
  readonly name: string;
  readonly description: string;
  readonly category: number;
  readonly launchDay: number;
};

/** One variant; `product` is an index into the products, `places` are indexes of warehouses with their shares. */
export type DemoVariant = {
  readonly product: number;
  readonly category: number;
  readonly sku: string;
  readonly name: string;
  readonly priceCents: number;
  readonly weightKg: number;
  readonly curve: DemandCurve;
  readonly places: readonly { readonly warehouse: number; readonly share: number }[];
};

/** Lists the demo shop's products and variants; the same at every call. */
export function listDemoCatalogue(): {
  readonly products: readonly DemoProduct[];
  readonly variants: readonly DemoVariant[];
} {
  const products: DemoProduct[] = [];
  const variants: DemoVariant[] = [];
  categories.forEach((category, categoryIndex) => {
    category.products.forEach((entry, place) => {
      const code = `${category.code}-${1001 + place}`;
      const first = variants.length;
      for (const option of entry[4].length === 0 ? [undefined] : entry[4])
        variants.push(
          makeVariant(entry, category, { code, option, product: products.length, categoryIndex }),
        );
      const launchDay = Math.min(...variants.slice(first).map(({ curve }) => curve.launchDay));
      products.push({
        handle: toHandle(entry[0]),
        name: entry[0],
        description: entry[1],
        category: categoryIndex,
        launchDay,
      });
    });
  });
  return { products, variants };
}

function makeVariant(
  [name, , price, weightKg]: ProductEntry,
  category: CategoryEntry,
  place: {
    readonly code: string;
    readonly option: string | undefined;
    readonly product: number;
    readonly categoryIndex: number;
  },
): DemoVariant {
  const { code, option } = place;
  const sku = option === undefined ? code : `${code}-${toCode(option)}`;
  const random = makeRandom(seedFromText(sku));
  const curve = drawCurve(random, category, price);
  return {
    product: place.product,
    category: place.categoryIndex,
    sku,
    name: option === undefined ? name : `${name}, ${option}`,
    priceCents: Math.round(price * 100),
    weightKg,
    curve,
    places: drawPlaces(random, curve.kind),
  };
}

/** What costs more tends to sell less often. */
function drawCurve(random: Random, { peakWeek, amplitude }: CategoryEntry, price: number): DemandCurve {
  const dice = random.uniform() ** (price > 40 ? 0.5 : 1);
  const kind = dice < 0.12 ? 'FAST' : dice < 0.42 ? 'STEADY' : dice < 0.74 ? 'SLOW' : 'INTERMITTENT';
  const size = random.uniform();
  const rates = {
    FAST: 5 + 9 * size,
    STEADY: 0.9 + 1.4 * size,
    SLOW: 0.12 + 0.3 * size,
    INTERMITTENT: 0.02 + 0.05 * size,
  };
  const isNew = random.uniform() < 0.14;
  const isEnding = !isNew && random.uniform() < 0.06;
  return {
    kind,
    rate: rates[kind],
    trend: -0.2 + 0.5 * random.uniform(),
    peakWeek,
    amplitude: amplitude * (0.8 + 0.4 * random.uniform()),
    elasticity: -1.3 - 1.5 * random.uniform(),
    launchDay: isNew ? 90 + Math.floor(random.uniform() * 560) : 0,
    endDay: isEnding ? 350 + Math.floor(random.uniform() * 300) : dayCount - 1,
  };
}

/** Fast movers are in two or three warehouses, the rest mostly in one. */
function drawPlaces(random: Random, kind: DemandCurve['kind']): DemoVariant['places'] {
  const start = Math.floor(random.uniform() * warehouses.length);
  const dice = random.uniform();
  const count = kind === 'FAST' ? (dice < 0.5 ? 3 : 2) : kind === 'STEADY' && dice < 0.25 ? 2 : 1;
  const weights = Array.from({ length: count }, () => 0.6 + random.uniform());
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, index) => ({
    warehouse: (start + index) % warehouses.length,
    share: weight / total,
  }));
}

function toHandle(name: string): string {
  return name
    .toLowerCase()
    .replace(/[’']/g, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

function toCode(option: string): string {
  return option
    .toUpperCase()
    .replace(/[^A-Z0-9]/g, '')
    .slice(0, 3);
}
