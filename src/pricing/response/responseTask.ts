import type { ResponseEffect, ResponseWarning } from '../demandResponse.ts';
import type { PriceItem } from '../priceItem.ts';
import { FEATURE_COUNT } from './evidenceFeatures.ts';
import { findPriceSteps, type SteppedResponse } from './findPriceSteps.ts';
import { gatherResponses } from './gatherResponses.ts';
import { listEffects } from './listEffects.ts';
import type { SeenRange } from './logLinearMember.ts';
import type { Estimate } from './multipleRegression.ts';
import { isIdentified, listWarnings, readSeenRange } from './readEvidence.ts';

/** What a pricing thread is asked: to read the sales of the items of one request. */
export interface ResponseTask {
  readonly items: readonly PriceItem[];
  readonly periodDays: number;
}

/** What one item's sales, with those of the others, say beside what the network makes of them. */
export interface ItemReading {
  /** Elasticity after shrinkage. */
  readonly shrunken: Estimate;
  readonly promotion: Estimate;
  readonly isIdentified: boolean;
  readonly seen: SeenRange;
  /** Round prices from which on demand falls, and the slope between them. */
  readonly stepped: SteppedResponse;
  readonly effects: readonly ResponseEffect[];
  readonly warnings: readonly ResponseWarning[];
}

/** What it answers, in item order. */
export interface ResponseAnswer {
  readonly readings: readonly ItemReading[];
  /** `[items × FEATURE_COUNT]` row-major. */
  readonly features: Float32Array<ArrayBuffer>;
}

/** Answers a task in this thread. */
export function answerResponseTask({ items, periodDays }: ResponseTask): ResponseAnswer {
  const gathered = gatherResponses(items, periodDays);
  const features = new Float32Array(items.length * FEATURE_COUNT);
  for (const [index, one] of gathered.entries()) features.set(one.features, index * FEATURE_COUNT);
  const stepped = findPriceSteps(
    items,
    gathered.map(({ remainders }) => remainders),
  );
  const readings = items.flatMap((item, index): ItemReading[] => {
    const one = gathered[index];
    if (one === undefined) return [];
    const { evidence, shrunken, remainders, categoryPrices } = one;
    const { effects, competitorsReact } = listEffects(item, remainders, categoryPrices);
    return [
      {
        shrunken: shrunken.posterior,
        promotion: evidence.promotion,
        isIdentified: isIdentified(item, evidence),
        seen: readSeenRange(item),
        stepped: stepped[index] ?? { steps: [], slope: null },
        effects,
        warnings: listWarnings(item, evidence, competitorsReact),
      },
    ];
  });
  return { readings, features };
}
