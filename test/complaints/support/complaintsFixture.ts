import { makeComplaintsService } from '../../../src/complaints/service.ts';
import type { SubmitInput } from '../../../src/complaints/submitComplaint.ts';
import type { TriagedText, Triager } from '../../../src/complaints/triager.ts';
import type { Database } from '../../../src/database/database.ts';
import { makeJobsService } from '../../../src/jobs/service.ts';
import { startJobWorkers } from '../../../src/jobs/workers.ts';
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
  /** Submits a complaint that differs from a plain one as given; yields its id. */
  submit(change?: Partial<SubmitInput>): Promise<number>;
  /** Has workers do what is queued until `isDone`. */
  work(isDone: () => Promise<boolean>): Promise<void>;
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
  const complaints = makeComplaintsService({
    database,
    signals,
    jobs,
    triager,
    clock,
    triageDeadlineMs: 200,
  });
  return {
    shop,
    signals,
    triager,
    complaints,
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

function makeWordTriager(): WordTriager {
  return {
    model: { name: 'words', version: '1' },
    runs: [],
    next: 'answer',
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
    name: has('late') ? 'delivery_period' : has('broken') ? 'complaint' : 'track_order',
    confidence: isBad ? 0.9 : 0.6,
  };
  return {
    intent,
    ranking: [intent, { name: 'get_refund', confidence: 0.05 }, { name: 'cancel_order', confidence: 0.02 }],
    category: { name: 'feedback', confidence: 0.9 },
    complaint: { name: isBad ? 'yes' : 'no', confidence: 0.8 },
    sentiment: { name: has('furious') ? 'very_negative' : isBad ? 'negative' : 'neutral', confidence: 0.7 },
    severity: { name: has('furious') ? 'high' : isBad ? 'medium' : 'low', confidence: 0.7 },
    language: { name: 'en', confidence: 0.99 },
    abstained: false,
    abstainReason: null,
    embedding: [has('broken') ? 0.8 : 0.6, has('broken') ? 0.6 : 0.8],
  };
}
