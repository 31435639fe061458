import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { counterOf, executors, startTestServer, type TestServer } from '../support/testServer.ts';

const query = `
  query BestSellers($first: Int!) {
    productVariants(first: $first, orderBy: { field: BEST_SELLING, direction: DESC }) {
      nodes {
        sku
        name
        unitsSold
        price { amount currencyCode }
        available
        inventoryLevels { warehouse { code name } onHand available incoming }
        forecast(horizon: 28) {
          model { name version }
          horizon
          frequency
          points { periodStart mean p10 p50 p90 quantiles { level value } }
          members { name weight }
          accuracy { wape baseline { name wape } }
        }
        reorderProposal {
          quantity reorderPoint orderUpTo safetyStock leadTimeDays serviceLevel formula inputs
          demandDuringLeadTime { mean p50 p90 p95 }
          supplierOffer { packSize minimumOrderQuantity }
        }
      }
    }
  }`;

describe.each(executors)('the headline query under the %s executor', (executor) => {
  let server: TestServer;
  let nodes: readonly Variant[];
  let inference: readonly { runs: number; rows: number }[];
  let statements: number;

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
    const answer = await server.ask(query, { first: 20 });
    expect(answer.errors).toBeUndefined();
    nodes = answer.data.productVariants.nodes;
    inference = answer.extensions.inference;
    statements = await counterOf(server, 'supplygraph_sql_statements_total');
  });

  afterAll(() => server.close());

  it('yields the best sellers first, each with an exact price', () => {
    expect(nodes).toHaveLength(20);
    const units = nodes.map(({ unitsSold }) => unitsSold);
    expect(units).toEqual([...units].sort((a, b) => b - a));
    for (const { price } of nodes)
      expect(price).toEqual({ amount: expect.stringMatching(/^\d+\.\d{2}$/), currencyCode: 'EUR' });
  });

  it('yields stock by warehouse that adds up to what can be promised', () => {
    for (const { available, inventoryLevels } of nodes) {
      expect(inventoryLevels.length).toBeGreaterThan(0);
      expect(inventoryLevels.reduce((sum, level) => sum + level.available, 0)).toBe(available);
    }
  });

  it('yields 28 days of demand with ordered quantiles, each day after the one before', () => {
    for (const { forecast } of nodes) {
      expect(forecast).toMatchObject({ horizon: 28, frequency: 'DAILY' });
      const days = forecast.points.map(({ periodStart }) => periodStart);
      expect(days).toHaveLength(28);
      expect(days).toEqual([...days].sort());
      for (const { p10, p50, p90, mean, quantiles } of forecast.points) {
        expect(quantiles.map(({ level }) => level)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
        const values = quantiles.map(({ value }) => value);
        expect(values).toEqual([...values].sort((a, b) => a - b));
        expect([values[0], values[4], values[8]]).toEqual([p10, p50, p90]);
        expect(p10).toBeGreaterThanOrEqual(0);
        expect(mean).toBeGreaterThan(0);
        expect(mean).toBeLessThan(10_000);
      }
    }
  });

  it('yields members whose weights sum to 1, and the accuracy beside a baseline', () => {
    for (const { forecast } of nodes) {
      const weights = forecast.members.map(({ weight }) => weight);
      expect(Math.min(...weights)).toBeGreaterThanOrEqual(0);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 9);
      expect(forecast.accuracy).toMatchObject({
        wape: expect.any(Number),
        baseline: { name: 'seasonal_naive' },
      });
    }
  });

  it('yields proposals that respect pack and minimum, and whose parts add up', () => {
    expect(nodes.some(({ reorderProposal }) => reorderProposal.quantity > 0)).toBe(true);
    for (const { reorderProposal: proposal } of nodes) {
      const { quantity, demandDuringLeadTime: demand, supplierOffer: offer } = proposal;
      expect(quantity % offer.packSize).toBe(0);
      if (quantity > 0) expect(quantity).toBeGreaterThanOrEqual(offer.minimumOrderQuantity);
      expect([demand.p50, demand.p90, demand.p95]).toEqual(
        [demand.p50, demand.p90, demand.p95].sort((a, b) => a - b),
      );
      expect(proposal.safetyStock + demand.mean).toBeCloseTo(proposal.orderUpTo, 6);
      expect(proposal.serviceLevel).toBe(0.95);
      expect(proposal.formula).toContain(String(quantity));
      const { onHand, incoming, unavailable, inventoryPosition } = proposal.inputs;
      expect(inventoryPosition).toBe(onHand + incoming - unavailable);
      if (inventoryPosition < proposal.reorderPoint)
        expect(inventoryPosition + quantity).toBeGreaterThanOrEqual(Math.floor(proposal.orderUpTo));
      else expect(quantity).toBe(0);
    }
  });

  it('costs at most one SQL statement a relation and one model run', () => {
    expect(statements).toBeLessThanOrEqual(7);
    expect(inference.map(({ runs }) => runs)).toEqual(inference.length === 0 ? [] : [1]);
  });

  it('costs as many statements and runs for one row as for a hundred', async () => {
    const costOf = async (first: number) => {
      const before = await counterOf(server, 'supplygraph_sql_statements_total');
      const answer = await server.ask(query, { first });
      expect(answer.data.productVariants.nodes).toHaveLength(first);
      const runs = answer.extensions.inference.reduce((sum, entry) => sum + entry.runs, 0);
      return { statements: (await counterOf(server, 'supplygraph_sql_statements_total')) - before, runs };
    };
    expect(await costOf(100)).toEqual(await costOf(1));
  });
});

type Quantile = { readonly level: number; readonly value: number };
type Variant = {
  readonly unitsSold: number;
  readonly price: unknown;
  readonly available: number;
  readonly inventoryLevels: readonly { readonly available: number }[];
  readonly forecast: {
    readonly points: readonly {
      readonly periodStart: string;
      readonly mean: number;
      readonly p10: number;
      readonly p50: number;
      readonly p90: number;
      readonly quantiles: readonly Quantile[];
    }[];
    readonly members: readonly { readonly weight: number }[];
    readonly accuracy: unknown;
  };
  readonly reorderProposal: {
    readonly quantity: number;
    readonly reorderPoint: number;
    readonly orderUpTo: number;
    readonly safetyStock: number;
    readonly serviceLevel: number;
    readonly formula: string;
    readonly inputs: Readonly<Record<'onHand' | 'incoming' | 'unavailable' | 'inventoryPosition', number>>;
    readonly demandDuringLeadTime: Readonly<Record<'mean' | 'p50' | 'p90' | 'p95', number>>;
    readonly supplierOffer: { readonly packSize: number; readonly minimumOrderQuantity: number };
  };
};
