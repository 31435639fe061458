/** The kinds of recommendation: the GraphQL type of each. */
export const recommendationKinds = {
  COMPLAINT: { nodeType: 'ComplaintRecommendation' },
} as const;
export type RecommendationKind = keyof typeof recommendationKinds;
