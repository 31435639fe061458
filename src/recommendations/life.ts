import type { RecommendationStatus } from '../generated/graphql.ts';

/** A step that people take in the life of a recommendation. */
export type RecommendationStep = 'ACCEPT' | 'REJECT' | 'APPLY' | 'REVERT';

/** The life that recommendations of every kind share: from which state a step leads to which. */
export const steps = {
  ACCEPT: { from: 'PROPOSED', to: 'ACCEPTED' },
  REJECT: { from: 'PROPOSED', to: 'REJECTED' },
  APPLY: { from: 'ACCEPTED', to: 'APPLIED' },
  REVERT: { from: 'APPLIED', to: 'REVERTED' },
} as const satisfies Record<
  RecommendationStep,
  { readonly from: RecommendationStatus; readonly to: RecommendationStatus }
>;
