import type { Database } from '../../../../src/database/database.ts';
import type { Sql } from '../../../../src/database/sql.ts';
import type { PricePolicy } from '../../../../src/pricing/proposals/policy.ts';
import { defaultPricePolicy, needsSecondPerson } from '../../../../src/pricing/proposals/policy.ts';
import { makePriceHandler } from '../../../../src/pricing/proposals/priceHandler.ts';
import { proposePrices } from '../../../../src/pricing/proposals/proposePrices.ts';
import {
  makePriceProposalsService,
  type PriceProposalsService,
} from '../../../../src/pricing/proposals/service.ts';
import type { PriceFacts } from '../../../../src/pricing/proposals/storedProposal.ts';
import {
  makePriceRecordsService,
  type PriceRecordsService,
} from '../../../../src/pricing/records/service.ts';
import {
  makeRecommendationsService,
  type RecommendationsService,
} from '../../../../src/recommendations/service.ts';
import { makeStockFixture, type StockFixture } from '../../../support/stockFixture.ts';

/** A proposal to be made: from what the variant costs to another price. */
export type Proposing = {
  readonly variantId: number;
  readonly recommendedPrice: string;
  readonly currentPrice?: string;
  readonly facts?: Partial<PriceFacts>;
};
/** The services of recommended prices on a small shop whose variants cost 5.00 GBP. */
export type ProposalsFixture = {
  readonly shop: StockFixture;
  readonly prices: PriceRecordsService;
  readonly recommendations: RecommendationsService;
  readonly proposals: PriceProposalsService;
  /** The same on other transactions. */
  proposalsOn(sql: Sql): PriceProposalsService;
  /** Starts a run that nobody does; yields its job. */
  addRun(): Promise<number>;
  /** Makes proposals of a run; yields their ids in order. */
  propose(jobId: number, given: readonly Proposing[]): Promise<number[]>;
  /** Makes a proposal for a new variant and has it accepted by Ada; yields both ids. */
  addAccepted(
    jobId: number,
    recommendedPrice: string,
    facts?: Partial<PriceFacts>,
  ): Promise<{ readonly variantId: number; readonly id: number }>;
  priceOf(variantId: number): Promise<{ readonly price: string; readonly listPrice: string }>;
  /** Sets a price as another person would. */
  setPrice(variantId: number, price: string, listPrice?: string): Promise<void>;
};

const expectation = {
  units: 80,
  unitsLow: 60,
  unitsHigh: 100,
  revenue: '400.0000',
  margin: '200.0000',
  marginLow: '150.0000',
  marginHigh: '250.0000',
};
/** Facts of a plain proposal: 80 units expected over four weeks. */
export const plainFacts: PriceFacts = {
  frequency: 'WEEKLY',
  horizon: 4,
  objective: 'MARGIN',
  unitCost: '2.5000',
  constraints: { maximumStepRate: 0.2 },
  current: expectation,
  recommended: expectation,
  expectedGain: '20.0000',
  elasticity: { value: -2, low: -2.5, high: -1.5, identified: true },
  bindingConstraints: ['MAXIMUM_STEP'],
  drivers: [{ name: 'price_elasticity', confidence: 1 }],
  warnings: [],
};

/** Fills a fresh store and makes the services of recommended prices on it. */
export async function makeProposalsFixture(
  database: Database,
  policy: PricePolicy = defaultPricePolicy,
): Promise<ProposalsFixture> {
  const shop = await makeStockFixture(database);
  const clock = () => shop.time.now;
  const { sql } = database;
  const servicesOn = (own: Sql) => {
    const store = { sql: own };
    const prices = makePriceRecordsService({ database: store, clock });
    const unused = () => Promise.reject(new Error('No complaint is acted upon here.'));
    const handlers = {
      COMPLAINT: { lockSubject: unused, findStaleness: unused, apply: unused, revert: unused },
      PRICE: makePriceHandler(prices),
    };
    const recommendations = makeRecommendationsService({ database: store, handlers, clock });
    const proposals = makePriceProposalsService({ database: store, recommendations, prices, clock });
    return { prices, recommendations, proposals };
  };
  const { prices, recommendations, proposals } = servicesOn(sql);
  const propose: ProposalsFixture['propose'] = async (jobId, given) => {
    const made = given.map(({ variantId, recommendedPrice, currentPrice = '5.0000', facts = {} }) => {
      const terms = { currentPrice, recommendedPrice, currencyCode: 'GBP' };
      return {
        subjectId: variantId,
        topic: `RUN:${jobId}`,
        action: 'RAISE',
        terms,
        facts: { ...plainFacts, ...facts },
        rule: 'HIGHEST_MARGIN',
        explanation: 'It is a test.',
        needsSecondPerson: needsSecondPerson(terms, policy),
        inputHash: '0'.repeat(64),
        modelName: 'pricing',
        modelVersion: '1',
      };
    });
    const variantIds = given.map(({ variantId }) => variantId);
    await sql.transaction((tx) =>
      proposePrices(tx, { variantIds, proposals: made, jobId }, { recommendations, prices, now: clock() }),
    );
    const found = await recommendations.listOfSubjects('PRICE', variantIds);
    return found.map((rows) => rows[0]?.id ?? 0);
  };
  return {
    shop,
    prices,
    recommendations,
    proposals,
    proposalsOn: (own) => servicesOn(own).proposals,
    propose,
    async addRun() {
      const [row] = await sql.query<{ id: number }>(
        `INSERT INTO job (kind, input) VALUES ('PRICE_RECOMMENDATIONS', '{}') RETURNING id`,
      );
      return row?.id ?? 0;
    },
    async addAccepted(jobId, recommendedPrice, facts) {
      const variantId = await shop.addVariant();
      const [id = 0] = await propose(jobId, [{ variantId, recommendedPrice, ...(facts && { facts }) }]);
      const { userErrors } = await proposals.accept(byAda([id]));
      if (userErrors.length > 0) throw new Error(JSON.stringify(userErrors));
      return { variantId, id };
    },
    async priceOf(variantId) {
      const [row] = await sql.query<{ price: string; listPrice: string }>(
        'SELECT price, list_price AS "listPrice" FROM product_variant WHERE id = $1',
        [variantId],
      );
      if (row === undefined) throw new Error(`Variant ${variantId} must exist.`);
      return row;
    },
    async setPrice(variantId, price, listPrice) {
      const change = {
        variantId,
        price,
        listPrice: listPrice ?? price,
        comparePrice: null,
        currencyCode: null,
        validFrom: null,
        source: 'MANUAL' as const,
        reference: null,
        actor: 'Cleo',
        reason: 'A test.',
      };
      await sql.transaction((tx) => prices.setPrices(tx, [change], 'EACH'));
    },
  };
}

/** A step that Ada takes with recommendations. */
export function byAda(recommendationIds: readonly number[], actor = 'Ada') {
  return { target: { recommendationIds, runId: null }, actor, reason: 'Agreed.' } as const;
}

/** The same with those of a run. */
export function ofRun(runId: number, actor = 'Ada') {
  return { target: { recommendationIds: null, runId }, actor, reason: 'Agreed.' } as const;
}
