import type { JobKind } from '../generated/graphql.ts';
import type { NodeType } from '../globalId.ts';

/** The one list of kinds of jobs: the queue each has, and the GraphQL type that shows it. */
export const jobKinds = {
  BACKTEST: { queue: 'backtest', nodeType: 'BacktestJob' },
  COMPLAINT_TRIAGE: { queue: 'complaint-triage', nodeType: 'ComplaintTriageJob' },
  NIGHTLY_PLAN: { queue: 'nightly-plan', nodeType: 'NightlyPlanJob' },
  PRICE_RECOMMENDATIONS: { queue: 'price-recommendations', nodeType: 'PriceRecommendationJob' },
} as const satisfies Record<JobKind, { readonly queue: string; readonly nodeType: NodeType }>;
