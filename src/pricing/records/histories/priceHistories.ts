import type { Clock } from '../../../clock.ts';
import { manyByKey, oneByKey } from '../../../database/byKey.ts';
import type { Database } from '../../../database/database.ts';
import { fromDayNumber, toDayNumber } from '../../../forecasting/dayNumber.ts';
import { toGlobalId } from '../../../globalId.ts';
import type { PaidDemand, SalesService } from '../../../sales/service.ts';
import type { SignalsService } from '../../../signals/service.ts';
import type { PriceItem } from '../../priceItem.ts';
import type { PriceRecordsService } from '../service.ts';
import { toDay } from '../today.ts';
import * as repository from './historyRepository.ts';
import type { HistoryFrequency } from './periods.ts';
import { readNumbers, type Steps, sampleSteps } from './steps.ts';
import { type Circumstances, competitorPriceDays, toObservations } from './toObservations.ts';

/** What is known of a variant whose price is to be set: a `PriceItem` but for its constraints. */
export type PricedHistory = Omit<PriceItem, 'constraints' | 'unitCost'> & {
  readonly variantId: number;
  readonly sku: string;
  readonly currencyCode: string;
  /** What it costs today; null where neither history nor an offer in its currency tells. */
  readonly unitCost: number | null;
  /** Regular price of today. */
  readonly listPrice: number;
  /** Names of the competitors, in the order of their prices. */
  readonly competitors: readonly string[];
};
/** Which part of the past is read; days are 'YYYY-MM-DD'. */
export type HistoryRange = {
  readonly frequency: HistoryFrequency;
  /** First day; absent = 730 days up to the last. */
  readonly from?: string;
  /** Last day; absent = the last reported one. */
  readonly through?: string;
};

export type PriceHistoriesService = ReturnType<typeof makePriceHistoriesService>;

type Parts = {
  readonly database: Pick<Database, 'sql'>;
  readonly sales: Pick<SalesService, 'listPaidDemand'>;
  readonly signals: Pick<SignalsService, 'listWeeks'>;
  readonly costs: Pick<PriceRecordsService, 'findCosts'>;
  readonly clock: Clock;
};
type Found = Circumstances & {
  readonly variant: repository.GroupedVariantRow;
  readonly demand: PaidDemand | null;
  readonly cost: string | null;
  readonly competitorNames: readonly string[];
};

/** Variants that are in memory at a time. */
const chunkSize = 1_000;
const defaultDays = 730;

/** Makes the reader of what pricing stands on: sales, prices, costs, competitors and signals, joined by period. */
export function makePriceHistoriesService(parts: Parts) {
  const read = async function* (variantIds: readonly number[], range: HistoryRange) {
    for (let start = 0; start < variantIds.length; start += chunkSize) {
      const ids = variantIds.slice(start, start + chunkSize);
      const found = await gather(parts, ids, range);
      yield found.map((one) => (one === null ? null : toPricedHistory(one, range.frequency)));
    }
  };
  return {
    /**
     * What is known of variants in key order, a thousand at a time, so that memory stays flat: six statements a thousand.
     * Null where a variant is unknown or its price is 0. The history is empty where nothing was sold in the range, or no
     * whole period lies in it.
     */
    readPriceHistories: read,
    /** The same of all variants at once. */
    async listPriceHistories(
      variantIds: readonly number[],
      range: HistoryRange,
    ): Promise<(PricedHistory | null)[]> {
      const all: (PricedHistory | null)[] = [];
      for await (const chunk of read(variantIds, range)) all.push(...chunk);
      return all;
    },
  };
}

async function gather(
  { database: { sql }, sales, signals, costs, clock }: Parts,
  ids: readonly number[],
  { from = null, through = null }: { readonly from?: string | null; readonly through?: string | null },
): Promise<(Found | null)[]> {
  const demands = await sales.listPaidDemand(ids, { from, through, limitDays: defaultDays });
  const today = toDay(clock());
  const [firstDay, lastDay] = spanOf(demands, toDayNumber(today));
  const [variants, prices, observations, costRows, weeks] = await Promise.all([
    repository.listGroupedVariants(sql, ids),
    repository.listPackedPrices(sql, ids),
    repository.listPackedObservations(sql, ids, fromDayNumber(firstDay - competitorPriceDays)),
    costs.findCosts(ids, today),
    signals.listWeeks(ids, { from: fromDayNumber(firstDay - 14), to: fromDayNumber(lastDay) }),
  ]);
  const variantRows = oneByKey(ids, variants, ({ id }) => id);
  const priceRows = oneByKey(ids, prices, ({ variantId }) => variantId);
  const observed = manyByKey(ids, observations, ({ variantId }) => variantId);
  return variantRows.map((variant, index): Found | null => {
    if (variant === null || Number(variant.price) <= 0) return null;
    const seen = observed[index] ?? [];
    return {
      variant,
      demand: demands[index] ?? null,
      cost: costRows[index]?.cost ?? null,
      ...toPriceSteps(priceRows[index] ?? null, variant),
      competitorNames: seen.map(({ competitor }) => competitor),
      competitors: seen.map(toSteps),
      signals: weeks[index] ?? [],
    };
  });
}

function toPricedHistory(found: Found, frequency: HistoryFrequency): PricedHistory {
  const { variant, demand, cost, competitorNames, competitors } = found;
  const history = demand === null ? [] : toObservations(demand, found, frequency);
  const end = demand === null ? 0 : demand.firstDay + demand.units.length - 1;
  const groups = variant.categoryId === null ? [] : [`category:${variant.categoryId}`];
  return {
    id: toGlobalId('ProductVariant', variant.id),
    variantId: variant.id,
    sku: variant.sku,
    currencyCode: variant.currencyCode,
    history,
    unitCost: cost === null ? null : Number(cost),
    currentPrice: Number(variant.price),
    listPrice: Number(variant.listPrice),
    competitors: competitorNames,
    competitorPrices: competitors.map((steps) => latestPrice(steps, end)),
    groups: [...groups, `product:${variant.productId}`],
  };
}

/** The last price seen of a competitor; NaN where it is more than four weeks older than the sales. */
function latestPrice(steps: Steps, lastDay: number): number {
  const seen = steps.days.at(-1) ?? Number.NEGATIVE_INFINITY;
  const [price] = sampleSteps(steps, [Math.max(seen, lastDay)], competitorPriceDays);
  return price ?? Number.NaN;
}

/** Prices that held by day; the earliest also before its day, and today's where there is no history. */
function toPriceSteps(
  row: repository.PackedPrices | null,
  variant: repository.GroupedVariantRow,
): Pick<Circumstances, 'prices' | 'listPrices'> {
  const days = row === null ? [] : readNumbers(row.days);
  const withStart = (values: readonly number[], present: string): Steps => ({
    days: [Number.NEGATIVE_INFINITY, ...days],
    values: [values[0] ?? Number(present), ...values],
  });
  return {
    prices: withStart(row === null ? [] : readNumbers(row.prices), variant.price),
    listPrices: withStart(row === null ? [] : readNumbers(row.listPrices), variant.listPrice),
  };
}

function toSteps({ days, prices }: repository.PackedObservations): Steps {
  return { days: readNumbers(days), values: readNumbers(prices) };
}

/** First and last day of all sales (since 1970-01-01), today where there are none. */
function spanOf(demands: readonly (PaidDemand | null)[], today: number): [first: number, last: number] {
  let [first, last] = [today, 0];
  for (const demand of demands) {
    if (demand === null) continue;
    first = Math.min(first, demand.firstDay);
    last = Math.max(last, demand.firstDay + demand.units.length - 1);
  }
  return [first, Math.max(last, first)];
}
