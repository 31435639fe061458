import { makeActionDoors, makeComplaintActions } from '../../../src/complaints/actions/complaintActions.ts';
import { defaultPolicy } from '../../../src/complaints/actions/policy.ts';
import { makeComplaintsService } from '../../../src/complaints/service.ts';
import type { SubmitInput } from '../../../src/complaints/submitComplaint.ts';
import type { TriagedText, Triager } from '../../../src/complaints/triager.ts';
import type { Database } from '../../../src/database/database.ts';
import type { Sql } from '../../../src/database/sql.ts';
import { makeJobsService } from '../../../src/jobs/service.ts';
import { startJobWorkers } from '../../../src/jobs/workers.ts';
import { makePriceHandler } from '../../../src/pricing/proposals/priceHandler.ts';
import { makePriceRecordsService } from '../../../src/pricing/records/service.ts';
import {
  makeRecommendationsService,
  type RecommendationsService,
} from '../../../src/recommendations/service.ts';
import { makeSignalsService, type SignalsService } from '../../../src/signals/service.ts';
import { makeStockFixture, resultOf, type StockFixture } from '../../support/stockFixture.ts';

/** A triager that goes by words, so that tests know its answers; what it does next can be set. */
export type WordTriager = Triager & {
  /** Texts of each run so far. */
  readonly runs: (readonly string[])[];
  next: 'answer' | 'fail' | 'hang';
};
export type ComplaintsFixture = {
  readonly shop: StockFixture;
  readonly triager: WordTriager;
  readonly signals: SignalsService;
  readonly complaints: ReturnType<typeof makeComplaintsService>;
  readonly recommendations: RecommendationsService;
  /** Imports an order of one line; 2 units for 10.00 GBP each, 9 days ago, unless said otherwise. */
  addOrder(variantId: number, change?: Partial<OrderedLine>): Promise<string>;
  /** Submits a complaint that differs from a plain one as given; yields its id. */
  submit(change?: Partial<SubmitInput>): Promise<number>;
  /** Has workers do what is queued until `isDone`. */
  work(isDone: () => Promise<boolean>): Promise<void>;
};

/** A line of an imported order. */
export type OrderedLine = {
  readonly number: string;
  readonly warehouseId: number;
  readonly quantity: number;
  readonly unitPrice: string;
  readonly daysAgo: number;
};

/** What the plain complaint says. */
export const plainComplaint: SubmitInput = {
  text: 'The kettle arrived broken and I am furious.',
  channel: 'EMAIL',
  customerReference: null,
  salesOrderNumber: null,
  variantId: null,
  sku: null,
  shipmentReference: null,
  carrier: null,
  warehouseId: null,
  supplierId: null,
  submittedAt: null,
};

/** Fills a fresh store and makes the service of complaints on it. */
export async function makeComplaintsFixture(database: Database): Promise<ComplaintsFixture> {
  const shop = await makeStockFixture(database);
  const clock = () => shop.time.now;
  const triager = makeWordTriager();
  const jobs = makeJobsService({
    database,
    clock,
    retryRule: { timeoutSeconds: 300, retryLimit: 1, retryDelaySeconds: 0 },
  });
  const signals = makeSignalsService({ database });
  const prices = makePriceRecordsService({ database, clock });
  const handlers = {
    COMPLAINT: makeComplaintActions(defaultPolicy, shop),
    PRICE: makePriceHandler(prices),
  };
  const recommendations = makeRecommendationsService({ database, handlers, clock });
  const complaints = makeComplaintsService({
    database,
    signals,
    jobs,
    triager,
    ...makeActionDoors(defaultPolicy, recommendations),
    clock,
    triageDeadlineMs: 200,
  });
  return {
    shop,
    signals,
    triager,
    complaints,
    recommendations,
    addOrder: (variantId, change = {}) => insertOrder(database.sql, shop, variantId, change),
    submit: async (change = {}) =>
      resultOf(await complaints.submitComplaint({ ...plainComplaint, ...change })),
    async work(isDone) {
      const stop = await startJobWorkers(
        { sql: database.sql, jobs, clock, onError: () => undefined },
        { COMPLAINT_TRIAGE: complaints.jobHandler },
        { count: 1, pollMs: 10 },
      );
      try {
        while (!(await isDone())) await new Promise((resolve) => setTimeout(resolve, 10));
      } finally {
        await stop();
      }
    },
  };
}

let orders = 0;

async function insertOrder(
  sql: Sql,
  { warehouseIds, time }: StockFixture,
  variantId: number,
  change: Partial<OrderedLine>,
): Promise<string> {
  orders += 1;
  const line = {
    number: `R-${orders}`,
    warehouseId: warehouseIds[0],
    quantity: 2,
    unitPrice: '10.00',
    daysAgo: 9,
    ...change,
  };
  const placedAt = new Date(time.now.getTime() - line.daysAgo * 86_400_000);
  await sql.query(
    `WITH orders AS (
       INSERT INTO sales_order (channel, number, placed_at, currency_code) VALUES ('shop', $1, $2, 'GBP')
       ON CONFLICT (channel, number) DO UPDATE SET placed_at = excluded.placed_at RETURNING id
     )
     INSERT INTO sales_order_line (order_id, variant_id, warehouse_id, kind, quantity, unit_price)
     SELECT id, $3, $4, 'SALE', $5, $6::text::numeric FROM orders`,
    [line.number, placedAt, variantId, line.warehouseId, line.quantity, line.unitPrice],
  );
  return line.number;
}

function makeWordTriager(): WordTriager {
  return {
    runs: [],
    next: 'answer',
    isInstalled: () => true,
    triage(texts) {
      this.runs.push(texts);
      if (this.next === 'fail') return Promise.reject(new Error('The words are gone.'));
      if (this.next === 'hang') return new Promise(() => undefined);
      return Promise.resolve(texts.map(readWords));
    },
  };
}

function readWords(text: string): TriagedText {
  const has = (word: string) => text.toLowerCase().includes(word);
  const isBad = has('broken') || has('late') || has('furious');
  const intent = {
    name: has('late')
      ? 'delivery_period'
      : has('broken')
        ? 'complaint'
        : has('money back')
          ? 'get_refund'
          : 'track_order',
    confidence: isBad || has('money back') ? 0.9 : 0.6,
  };
  return {
    intent,
    ranking: [intent, { name: 'get_refund', confidence: 0.05 }, { name: 'cancel_order', confidence: 0.02 }],
    category: { name: 'feedback', confidence: 0.9 },
    complaint: { name: isBad ? 'yes' : 'no', confidence: 0.8 },
    sentiment: { name: has('furious') ? 'very_negative' : isBad ? 'negative' : 'neutral', confidence: 0.7 },
    severity: { name: has('furious') ? 'high' : isBad ? 'medium' : 'low', confidence: 0.7 },
    language: { name: 'en', confidence: 0.99 },
    abstained: text.length < 8,
    abstainReason: text.length < 8 ? 'TOO_SHORT' : null,
    intentAccept: 0.8,
    entities: [...text.matchAll(/#(\w+)/gu)].map(({ 0: written, 1: value = '', index }) => ({
      entity: value.startsWith('S') ? 'sku' : 'order_number',
      value: value.toUpperCase(),
      start: index,
      end: index + written.length,
      confidence: 0.9,
    })),
    model: { name: 'words', version: '1' },
    embedding: [has('broken') ? 0.8 : 0.6, has('broken') ? 0.6 : 0.8],
  };
}
