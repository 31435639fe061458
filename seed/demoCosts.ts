import { makeRandom, seedFromText } from '../src/maths/random.ts';
import { dayCount } from './calendar.ts';
import type { DemoOffer } from './demoStock.ts';
import type { DemoVariant } from './demoVariants.ts';

/** What a unit of a variant cost from a day on; `variant` is an index. */
export type DemoCost = { readonly variant: number; readonly day: number; readonly costCents: number };

/**
 * Draws what variants cost since their launch: the preferred supplier asks today what its offer says, and asked 2 to 6 % less
 * before each of its rises, one every six to eighteen months.
 */
export function drawCosts(variants: readonly DemoVariant[], offers: readonly DemoOffer[]): DemoCost[] {
  return offers
    .filter(({ isPreferred }) => isPreferred)
    .flatMap(({ variant, unitCostCents }) => {
      const shown = variants[variant];
      if (shown === undefined) return [];
      const random = makeRandom(seedFromText(`${shown.sku} costs`));
      const costs: DemoCost[] = [];
      let costCents = unitCostCents;
      let day = dayCount - Math.floor(random.uniform() * 360);
      for (; day > shown.curve.launchDay; day -= 180 + Math.floor(random.uniform() * 360)) {
        costs.unshift({ variant, day: Math.min(day, dayCount - 1), costCents });
        costCents = Math.max(1, Math.round(costCents * (0.94 + 0.04 * random.uniform())));
      }
      return [{ variant, day: shown.curve.launchDay, costCents }, ...costs];
    });
}
