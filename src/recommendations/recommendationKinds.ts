/** The kinds of recommendation: the GraphQL type of each. */
export const recommendationKinds = {
  COMPLAINT: { nodeType: 'ComplaintRecommendation' },
  PRICE: { nodeType: 'PriceRecommendation' },
} as const;
export type RecommendationKind = keyof typeof recommendationKinds;
