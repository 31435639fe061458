import { makeRandom, seedFromText } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';
import type { DemoVariant } from './demoVariants.ts';
import { type PriceCalendar, toShelfPrice } from './priceCalendar.ts';

/** What a competitor asked for a variant on a day; `variant` is an index. */
export type DemoCompetitorPrice = {
  readonly variant: number;
  readonly competitor: string;
  readonly day: number;
  readonly priceCents: number;
};

const competitors = ['Hausrat24', 'Lindholm Living', 'Tischkultur Berger'] as const;
/** Days between two visits to a competitor's shop. */
const visitDays = 14;

/**
 * Draws what competitors ask for a variant, every second week: three in five variants have one or two. Each keeps to its own
 * level of 92 to 108 % of this shop's regular price, and one visit in eight finds a promotion of 10 to 20 %.
 */
export function drawCompetitorPrices(
  { sku, curve }: DemoVariant,
  variant: number,
  { list }: PriceCalendar,
): DemoCompetitorPrice[] {
  const random = makeRandom(seedFromText(`${sku} competitors`));
  const isWatched = random.uniform() < 0.6;
  const isWatchedTwice = random.uniform() < 0.5;
  const first = Math.floor(random.uniform() * competitors.length);
  const count = isWatched ? 1 + Number(isWatchedTwice) : 0;
  return competitors
    .map((_, place) => competitors[(first + place) % competitors.length] ?? competitors[0])
    .slice(0, count)
    .flatMap((competitor) => {
      const level = 0.92 + 0.16 * random.uniform();
      const prices: DemoCompetitorPrice[] = [];
      for (
        let day = curve.launchDay + Math.floor(random.uniform() * visitDays);
        day < dayCount;
        day += visitDays
      ) {
        const discount = random.uniform() < 0.125 ? 0.1 + 0.1 * random.uniform() : 0;
        const priceCents = toShelfPrice((list[day] ?? 0) * level * (1 - discount));
        prices.push({ variant, competitor, day, priceCents });
      }
      return prices;
    });
}
