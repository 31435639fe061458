import { badInputField } from '../../errors.ts';
import type { PriceSwitchbackEffectInput, PriceSwitchbackInput } from '../../generated/graphql.ts';
import { toSwitchbackDesign, toSwitchbackOutcomes } from './checkSwitchback.ts';
import { countPairs, planSwitchback, type SwitchbackBlock } from './switchback.ts';
import { estimateSwitchback, type SwitchbackEffect } from './switchbackEffect.ts';

export type PriceExplorationService = ReturnType<typeof makePriceExplorationService>;

/** The plan of a switch-back test. */
export interface SwitchbackPlan {
  /** Pairs of blocks of each item. */
  readonly pairs: number;
  readonly items: readonly { readonly id: string; readonly blocks: readonly SwitchbackBlock[] }[];
}

/** Makes the use cases of experiments with prices. */
export function makePriceExplorationService() {
  return {
    /** Plans a switch-back test; throws BAD_USER_INPUT where its design cannot be. */
    planSwitchback(input: PriceSwitchbackInput): SwitchbackPlan {
      const design = toSwitchbackDesign(input);
      const blocks = planSwitchback(design);
      const items = design.itemIds.map((id, index) => ({ id, blocks: blocks[index] ?? [] }));
      return { pairs: countPairs(design), items };
    },
    /** Estimates what a switch-back test shows; throws BAD_USER_INPUT where too little of it is known. */
    findSwitchbackEffect(input: PriceSwitchbackEffectInput): SwitchbackEffect {
      const { design, outcomes } = toSwitchbackOutcomes(input);
      const effect = estimateSwitchback(design, outcomes);
      if (effect !== null) return effect;
      const rule =
        'known in both blocks of a pair for at least two items, or two pairs where items share theirs';
      throw badInputField('outcomes', rule, 'fewer');
    },
  };
}
