import type { Sql } from '../../database/sql.ts';
import type { JobChunk, JobHandler } from '../../jobs/service.ts';
import type { NewRecommendation } from '../../recommendations/service.ts';
import type { PriceItem } from '../priceItem.ts';
import type { HistoryFrequency } from '../records/histories/periods.ts';
import type { PricedHistory, PriceHistoriesService } from '../records/histories/priceHistories.ts';
import type { PricingService } from '../service.ts';
import { toConstraints } from '../toPriceItem.ts';
import { inRehearsal } from './inRehearsal.ts';
import { makeProposal, type PricedVariant, type ProposalRule } from './makeProposal.ts';
import type { PricePolicy } from './policy.ts';
import { listPriceableIds } from './proposalRepository.ts';
import { type ProposeParts, proposePrices } from './proposePrices.ts';
import {
  countReasons,
  emptyPart,
  listLargest,
  mergeParts,
  type ProposedStep,
  type RefreshPart,
  type SkipReason,
  sumGains,
} from './refreshSummary.ts';
import { factsOf, termsOf } from './storedProposal.ts';

/** Input of the job; ids are row ids, null = all. */
export type RefreshInput = ProposalRule & {
  readonly frequency: HistoryFrequency;
  readonly categoryIds: readonly number[] | null;
  readonly variantIds: readonly number[] | null;
  readonly isDryRun: boolean;
};
/** What a run stands on. */
export type RefreshParts = {
  readonly sql: Sql;
  readonly pricing: Pick<PricingService, 'recommendPrices' | 'model'>;
  readonly recommendations: ProposeParts['recommendations'];
  readonly prices: ProposeParts['prices'];
  readonly histories: Pick<PriceHistoriesService, 'listPriceHistories'>;
  readonly policy: PricePolicy;
  readonly clock: () => Date;
  /** Number of alerts over all applied prices. */
  readonly countAlerts: () => Promise<number>;
};
type Work = { readonly variantIds: readonly number[] };

/** Variants that are priced together: those of a category inform each other. */
const chunkSize = 500;

/** Makes how a run over the catalogue is done: some hundred variants at a go, so that memory stays flat. */
export function makeRefreshJob(parts: RefreshParts): JobHandler<RefreshInput, Work, RefreshPart> {
  return {
    async plan({ input }) {
      const ids = await listPriceableIds(parts.sql, input);
      const chunks: JobChunk<Work>[] = [];
      for (let start = 0; start < ids.length; start += chunkSize) {
        const variantIds = ids.slice(start, start + chunkSize);
        chunks.push({ size: variantIds.length, payload: { variantIds } });
      }
      return chunks;
    },
    run: ({ variantIds }, { jobId, input }) => refresh(parts, variantIds, { jobId, input }),
    async finish(results, { input }) {
      return { ...mergeParts(results), alerts: await parts.countAlerts(), dryRun: input.isDryRun };
    },
  };
}

async function refresh(
  parts: RefreshParts,
  variantIds: readonly number[],
  { jobId, input }: { readonly jobId: number; readonly input: RefreshInput },
): Promise<RefreshPart> {
  const { sql, pricing, policy, recommendations, prices } = parts;
  const { frequency, horizon, objective, constraints } = input;
  const read = await parts.histories.listPriceHistories(variantIds, { frequency });
  const { priced, skipped } = await priceAll(read, input, pricing);
  const rule = { frequency, horizon, objective, constraints };
  const context = { rule, policy, model: pricing.model(), jobId };
  const proposals = priced.flatMap((variant) => makeProposal(variant, context) ?? []);
  const propose = (tx: Sql) =>
    proposePrices(tx, { variantIds, proposals, jobId }, { recommendations, prices, now: parts.clock() });
  const proposed = await (input.isDryRun ? inRehearsal(sql, propose) : sql.transaction(propose));
  const skus = new Map(read.map((history) => [history?.variantId, history?.sku]));
  const steps = proposed.proposals.map((proposal) => toStep(proposal, skus.get(proposal.subjectId) ?? ''));
  return {
    ...emptyPart,
    considered: variantIds.length,
    proposed: steps.length,
    unchanged: priced.length - proposals.length,
    decidedBefore: proposed.decided.length,
    skipped: countReasons([...skipped, ...proposed.changed.map(() => 'PRICE_CHANGED' as const)]),
    expectedGain: sumGains(steps.map(({ expectedGain, ...step }) => ({ ...step, amount: expectedGain }))),
    largestSteps: listLargest(steps),
    model: pricing.model(),
  };
}

/** Prices what can be priced: the variants of one currency together. */
async function priceAll(
  read: readonly (PricedHistory | null)[],
  { frequency, horizon, objective, constraints }: RefreshInput,
  pricing: RefreshParts['pricing'],
) {
  const skipped: SkipReason[] = [];
  const priced: PricedVariant[] = [];
  const byCurrency = new Map<string, { readonly history: PricedHistory; readonly item: PriceItem }[]>();
  for (const history of read) {
    const item = toItem(history, constraints);
    if (history === null || typeof item === 'string')
      skipped.push(typeof item === 'string' ? item : 'NO_PRICE');
    else {
      const group = byCurrency.get(history.currencyCode) ?? [];
      byCurrency.set(history.currencyCode, group);
      group.push({ history, item });
    }
  }
  for (const [currencyCode, group] of byCurrency) {
    const items = group.map(({ item }) => item);
    const answers = await pricing.recommendPrices({ frequency, horizon, objective, items, currencyCode });
    for (const [index, { history, item }] of group.entries()) {
      const advice = answers[index];
      if (advice === undefined || !('response' in advice)) skipped.push('CONTRADICTION');
      else priced.push({ variantId: history.variantId, currencyCode, item, advice });
    }
  }
  return { priced, skipped };
}

/** What is known of a variant as an item to price, or why it cannot be priced. */
function toItem(
  history: PricedHistory | null,
  constraints: RefreshInput['constraints'],
): PriceItem | SkipReason {
  if (history === null) return 'NO_PRICE';
  const { id, unitCost, currentPrice, competitorPrices, groups } = history;
  if (unitCost === null) return 'NO_COST';
  if (history.history.length === 0) return 'NO_SALES';
  return {
    id,
    history: history.history,
    unitCost,
    currentPrice,
    competitorPrices,
    groups,
    constraints: toConstraints(constraints),
  };
}

function toStep(proposal: NewRecommendation, sku: string): ProposedStep {
  const { currentPrice, recommendedPrice, currencyCode } = termsOf(proposal);
  return {
    sku,
    currentPrice,
    recommendedPrice,
    currencyCode,
    stepRate: Number(recommendedPrice) / Number(currentPrice) - 1,
    expectedGain: factsOf(proposal).expectedGain,
  };
}
