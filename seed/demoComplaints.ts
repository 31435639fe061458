import { makeRandom, type Random, seedFromText } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';
import { type ComplaintTopic, closings, complaintTexts, moods, names, openings } from './complaintTexts.ts';
import type { DemoShop } from './demoShop.ts';

/** An order of one line behind a complaint; its units are part of the day's sales. Indexes and days as in `DemoShop`. */
export type DemoSale = {
  readonly number: string;
  readonly variant: number;
  readonly warehouse: number;
  readonly day: number;
  readonly quantity: number;
  readonly unitPriceCents: number;
};
/** What a customer wrote, and about what. */
export type DemoComplaint = {
  readonly topic: ComplaintTopic;
  readonly text: string;
  readonly channel: 'EMAIL' | 'CHAT' | 'WEB_FORM' | 'PHONE';
  readonly customerReference: string;
  readonly day: number;
  /** Minutes after midnight (UTC). */
  readonly minute: number;
  /** Null where the shop is not told what was bought. */
  readonly sale: DemoSale | null;
  readonly shipmentReference: string | null;
  readonly carrier: string | null;
};
/** Units of a day that complaints may still be about. */
type Purchase = { readonly day: number; readonly variant: number; readonly warehouse: number; units: number };

/** The product whose last delivery is faulty. */
export const faultySku = 'COO-1006-24C';
const weeks = 30;
/** Complaints about the faulty product in each of the last weeks; before, one in three weeks. */
const faultyByWeek = [3, 7, 10, 11] as const;
const carriers = ['Nordpost', 'Swiftline', 'Rhein Express'] as const;
const channels = ['EMAIL', 'EMAIL', 'EMAIL', 'CHAT', 'CHAT', 'WEB_FORM', 'WEB_FORM', 'PHONE'] as const;
/** How many of each topic come in a usual week. */
const usual: Readonly<Record<Exclude<ComplaintTopic, 'pan'>, number>> = {
  broken: 2.2,
  refund: 1.6,
  late: 2.2,
  cancel: 0.7,
  change: 0.7,
  invoice: 0.5,
  payment: 0.7,
  account: 0.8,
  question: 0.8,
  praise: 0.6,
  person: 0.3,
};
/** Topics that say which order they are about. */
const ordered: readonly ComplaintTopic[] = [
  'broken',
  'pan',
  'refund',
  'late',
  'cancel',
  'change',
  'invoice',
  'payment',
];

/** Draws what customers wrote in the last 30 weeks of the demo shop, oldest first; the same at every call. */
export function drawComplaints(shop: Pick<DemoShop, 'variants' | 'series' | 'prices'>): DemoComplaint[] {
  const random = makeRandom(seedFromText('complaints'));
  const purchases = listPurchases(shop);
  const faulty = purchases.filter(({ variant }) => shop.variants[variant]?.sku === faultySku);
  const complaints = listMoments(random).map(({ topic, day }, index) => {
    const bought = topic === 'pan' ? faulty : purchases;
    const purchase = ordered.includes(topic) ? drawPurchase(random, bought, { topic, day }) : null;
    const sale = purchase === null ? null : toSale(shop, purchase, index);
    const isLate = topic === 'late' && sale !== null;
    const about = sale?.variant ?? Math.floor(random.uniform() * shop.variants.length);
    const shipmentReference = isLate ? `SHP${String(40_000 + 7 * index)}` : null;
    const product = shop.variants[about]?.name ?? '';
    return {
      topic,
      text: writeText(random, topic, { product, sale, shipmentReference, day }),
      channel: pick(random, channels),
      customerReference: `CUST-${1001 + Math.floor(random.uniform() * 260)}`,
      day,
      minute: 360 + Math.floor(random.uniform() * 960),
      sale,
      shipmentReference,
      carrier: isLate ? pick(random, carriers) : null,
    };
  });
  return complaints.sort((a, b) => a.day - b.day || a.minute - b.minute);
}

function listPurchases({ series }: Pick<DemoShop, 'series'>): Purchase[] {
  const from = dayCount - 7 * weeks - 60;
  return series.flatMap(({ variant, warehouse, days }) =>
    days
      .filter(({ day, units }) => day >= from && units > 0)
      .map(({ day, units }) => ({ day, variant, warehouse, units })),
  );
}

/** Which topic is written about on which day. */
function listMoments(random: Random): { readonly topic: ComplaintTopic; readonly day: number }[] {
  const moments: { topic: ComplaintTopic; day: number }[] = [];
  for (let week = 0; week < weeks; week += 1) {
    const first = dayCount - 7 * (weeks - week);
    const add = (topic: ComplaintTopic, count: number) => {
      for (let each = 0; each < count; each += 1)
        moments.push({ topic, day: first + Math.floor(random.uniform() * 7) });
    };
    for (const [topic, rate] of Object.entries(usual))
      add(topic as ComplaintTopic, Math.floor(rate + random.uniform())); // the keys of `usual`
    add('pan', faultyByWeek[week - weeks + faultyByWeek.length] ?? (week % 3 === 0 ? 1 : 0));
  }
  return moments;
}

/** A purchase of some days before: late ones and cancellations are of orders a few days old, faults show later. */
function drawPurchase(
  random: Random,
  purchases: readonly Purchase[],
  { topic, day }: { readonly topic: ComplaintTopic; readonly day: number },
): Purchase | null {
  const [youngest, oldest] =
    topic === 'late' ? [6, 16] : topic === 'cancel' || topic === 'change' ? [0, 2] : [4, 42];
  const possible = purchases.filter(
    (purchase) => purchase.units > 0 && purchase.day <= day - youngest && purchase.day >= day - oldest,
  );
  const purchase = possible[Math.floor(random.uniform() * possible.length)];
  if (purchase === undefined) return null;
  purchase.units -= 1;
  return purchase;
}

function toSale(
  { prices }: Pick<DemoShop, 'prices'>,
  { variant, warehouse, day }: Purchase,
  index: number,
): DemoSale {
  const number = `SO-${String(250_000 + 13 * index)}`;
  return { number, variant, warehouse, day, quantity: 1, unitPriceCents: prices[variant]?.paid[day] ?? 0 };
}

function writeText(
  random: Random,
  topic: ComplaintTopic,
  known: {
    readonly product: string;
    readonly sale: DemoSale | null;
    readonly shipmentReference: string | null;
    readonly day: number;
  },
): string {
  const { product, sale, shipmentReference, day } = known;
  const possible = complaintTexts[topic].filter(
    (text) =>
      (sale !== null || !/\{(?:order|amount)\}/.test(text)) &&
      (shipmentReference !== null || !text.includes('{shipment}')),
  );
  const isComplaint = topic === 'broken' || topic === 'pan' || topic === 'late';
  const parts = [
    pick(random, openings),
    pick(random, possible),
    isComplaint ? pick(random, moods) : '',
    pick(random, closings),
  ];
  const name = pick(random, names);
  const values: Readonly<Record<string, string>> = {
    product,
    order: sale?.number ?? '',
    shipment: shipmentReference ?? '',
    days: String(Math.max(2, day - (sale?.day ?? day - 5) - 2)),
    amount: ((sale?.unitPriceCents ?? 0) / 100).toFixed(2),
    name,
    mail: `${name.toLowerCase()}@example.com`,
    phone: `020 7946 0${String(100 + Math.floor(random.uniform() * 800))}`,
  };
  return parts
    .filter((part) => part !== '')
    .join(' ')
    .replace(/\{(\w+)\}/g, (_, key: string) => values[key] ?? '');
}

function pick<Item>(random: Random, items: readonly Item[]): Item {
  const item = items[Math.floor(random.uniform() * items.length)];
  if (item === undefined) throw new RangeError('There must be an item to pick, and there is none.');
  return item;
}
