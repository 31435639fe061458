/** Reads the frozen seeds and ranges of the simulated shops. */

import { readFileSync } from 'node:fs';
import type { Random } from '../../src/maths/random.ts';

/** Families of demand, each with its own truth (`demandFamilies.ts`). */
export const DEMAND_FAMILIES = [
  'log-linear',
  'logit',
  'threshold',
  'reference-price',
  'stock-outs',
  'follows-demand',
  'competitors-react',
  'linear',
  'counts-weekly',
  'counts-daily',
] as const;
export type DemandFamily = (typeof DEMAND_FAMILIES)[number];

/** Every parameter that is drawn evenly from a range. */
export const PARAMETER_NAMES = [
  'weeks',
  'level',
  'noise',
  'price',
  'categoryElasticity',
  'elasticitySpread',
  'seasonSwing',
  'holidayLift',
  'seasonLoading',
  'shockPersistence',
  'shockLoading',
  'shockInSeason',
  'trendHeight',
  'sentimentEffect',
  'ownShock',
  'ownShockPersistence',
  'competitors',
  'competitorNoise',
  'competitorsFollowShock',
  'crossElasticity',
  'confounding',
  'reactSeason',
  'reactShock',
  'reactTrend',
  'reactCompetitors',
  'reactSentiment',
  'reactDemand',
  'priceNoise',
  'pricePersistence',
  'promotionRate',
  'promotionDepth',
  'promotionLift',
  'costOffOptimum',
  'maximumStepRate',
  'missingSentiment',
  'missingCompetitors',
  'rivalsFollow',
  'rivalsDelayWeeks',
  'priceSensitivity',
  'share',
  'linearSlope',
  'thresholdElasticity',
  'thresholdDrop',
  'lossAversion',
  'gainSensitivity',
  'referenceMemory',
  'stockCover',
  'stockNoise',
] as const;
export type ParameterName = (typeof PARAMETER_NAMES)[number];
export type ParameterRanges = Readonly<Record<ParameterName, readonly [low: number, high: number]>>;

/** Share of items that have each kind of constraint. */
export interface ConstraintShares {
  readonly endings: number;
  readonly minimumMargin: number;
  readonly corridor: number;
  readonly stockLimit: number;
}

/** One family's shop before anything is drawn. */
export interface ShopPlan {
  readonly family: DemandFamily;
  readonly frequency: 'WEEKLY' | 'DAILY';
  /** False where the items say nothing of their categories. */
  readonly isGrouped: boolean;
  readonly seed: number;
  readonly items: number;
  readonly itemsPerCategory: number;
  readonly horizon: number;
  readonly ranges: ParameterRanges;
  readonly shares: ConstraintShares;
}

/** The file's form. */
interface ShopFile {
  readonly seed: number;
  readonly itemsPerFamily: number;
  readonly itemsPerCategory: number;
  readonly horizonPeriods: Readonly<Record<'WEEKLY' | 'DAILY', number>>;
  readonly common: ParameterRanges;
  readonly shares: ConstraintShares;
  readonly fingerprints: Readonly<Record<DemandFamily, readonly number[]>>;
  readonly families: Readonly<
    Record<
      DemandFamily,
      {
        readonly frequency: 'WEEKLY' | 'DAILY';
        readonly ungrouped?: boolean;
        readonly ranges: Partial<ParameterRanges>;
      }
    >
  >;
}

/** The families' shops as frozen in `shops.json`; another seed or number of items makes another draw from the same ranges. */
export function readShopPlans(other: { readonly seed?: number; readonly items?: number } = {}): ShopPlan[] {
  const file = readShopFile();
  return DEMAND_FAMILIES.map((family) => {
    const { frequency, ungrouped, ranges } = file.families[family];
    return {
      family,
      frequency,
      isGrouped: ungrouped !== true,
      seed: other.seed ?? file.seed,
      items: other.items ?? file.itemsPerFamily,
      itemsPerCategory: file.itemsPerCategory,
      horizon: file.horizonPeriods[frequency],
      ranges: { ...file.common, ...ranges },
      shares: file.shares,
    };
  });
}

/** A plan whose shop hardly ever changed a price: what is to be learned of its items can only come from new prices. */
export function stillPrices(plan: ShopPlan): ShopPlan {
  const never = [0, 0] as const;
  const still = {
    priceNoise: [0, 0.003],
    confounding: never,
    promotionRate: never,
    reactDemand: never,
  } as const;
  return { ...plan, ranges: { ...plan.ranges, ...still } };
}

/**
 * By family the means over its frozen items of the true elasticity (where there is one), the oracle's price, the oracle's
 * profit and the units of a past period: what shows that neither file nor simulator was changed.
 */
export function readFingerprints(): Readonly<Record<DemandFamily, readonly number[]>> {
  return readShopFile().fingerprints;
}

/** A number drawn evenly from a range. */
export function drawFrom(random: Random, [low, high]: readonly [low: number, high: number]): number {
  return low + (high - low) * random.uniform();
}

function readShopFile(): ShopFile {
  const text = readFileSync(new URL('shops.json', import.meta.url), 'utf8');
  return JSON.parse(text) as ShopFile; // our own file; a test reads all of it
}
