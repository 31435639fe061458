import type { JobHandlers } from './jobs/jobHandler.ts';
import type { Services } from './services.ts';

/** How each kind of job is done: the domains' handlers, registered here only. */
export function makeJobHandlers({ nightly, backtesting, complaints, priceRefresh }: Services): JobHandlers {
  return {
    NIGHTLY_PLAN: nightly.jobHandler,
    BACKTEST: backtesting.jobHandler,
    COMPLAINT_TRIAGE: complaints.jobHandler,
    PRICE_RECOMMENDATIONS: priceRefresh.jobHandler,
  };
}
