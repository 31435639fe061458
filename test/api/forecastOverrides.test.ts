import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

const setOverrides = `
  mutation ($input: ForecastOverrideSetInput!, $key: String!) {
    forecastOverrideSet(input: $input) @idempotent(key: $key) {
      overrides {
        id from to units factor reason author status statisticalUnits finalUnits actualUnits
        variant { sku } removal { author }
      }
      userErrors { code field message }
    }
  }`;
const readForecast = `
  query ($id: ID!) {
    node(id: $id) {
      ... on ProductVariant {
        forecast(horizon: 14) {
          points { periodStart mean statistical override p10 p50 p90 }
          overrides { id reason }
        }
        reorderProposal { demandDuringLeadTime { mean } }
      }
    }
  }`;

describe.each(executors)('overrides of forecasts under the %s executor', (executor) => {
  let server: TestServer;
  let variantId: string;
  let days: readonly string[];

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
    const { data } = await server.ask(`{
      productVariants(first: 1, orderBy: { field: BEST_SELLING, direction: DESC }) {
        nodes { id forecast { points { periodStart } } }
      }
    }`);
    variantId = data.productVariants.nodes[0].id;
    days = data.productVariants.nodes[0].forecast.points.map((point: Point) => point.periodStart);
  });
  afterAll(() => server.close());

  it('are set, shown beside the statistical forecast, ordered for, and taken back', async () => {
    const before = (await server.ask(readForecast, { id: variantId })).data.node;
    const input = {
      overrides: [{ variantId, from: days[0], to: days[6], factor: 4 }],
      reason: 'Television advertisement',
      author: 'Ada',
    };
    const made = await server.ask(setOverrides, { input, key: `set-${executor}` });
    expect(made.errors).toBeUndefined();
    const { overrides, userErrors } = made.data.forecastOverrideSet;
    expect(userErrors).toEqual([]);
    expect(overrides).toHaveLength(1);
    expect(overrides[0]).toMatchObject({
      from: days[0],
      to: days[6],
      units: null,
      factor: 4,
      status: 'ACTIVE',
      actualUnits: null,
      removal: null,
    });
    expect(overrides[0].finalUnits).toBeCloseTo(4 * overrides[0].statisticalUnits, 6);
    expect((await server.ask(setOverrides, { input, key: `set-${executor}` })).data).toEqual(made.data);

    const after = (await server.ask(readForecast, { id: variantId })).data.node;
    const points: readonly Point[] = after.forecast.points;
    for (const [index, point] of points.entries()) {
      const old: Point = before.forecast.points[index];
      const factor = index < 7 ? 4 : 1;
      expect(point.statistical).toBeCloseTo(old.mean, 6);
      expect(point.mean).toBeCloseTo(factor * old.mean, 6);
      expect(point.override).toBe(index < 7 ? point.mean : null);
      expect(point.p90).toBeCloseTo(factor * old.p90, 6);
    }
    expect(after.forecast.overrides).toEqual([{ id: overrides[0].id, reason: 'Television advertisement' }]);
    expect(after.reorderProposal.demandDuringLeadTime.mean).toBeGreaterThan(
      1.3 * before.reorderProposal.demandDuringLeadTime.mean,
    );

    const removed = await server.ask(
      `mutation ($ids: [ID!]!) {
        forecastOverrideRemove(input: { overrideIds: $ids, reason: "Postponed", author: "Bo" }) {
          overrides { id status removal { reason author createdAt } } userErrors { message }
        }
      }`,
      { ids: [overrides[0].id] },
    );
    expect(removed.data.forecastOverrideRemove).toMatchObject({
      overrides: [{ id: overrides[0].id, status: 'REMOVED', removal: { reason: 'Postponed', author: 'Bo' } }],
      userErrors: [],
    });
    const restored = (await server.ask(readForecast, { id: variantId })).data.node;
    for (const [index, point] of restored.forecast.points.entries())
      expect(point.mean).toBeCloseTo(before.forecast.points[index].mean, 6);
    expect(restored.forecast.overrides).toEqual([]);
  });

  it('are listed with those taken back, and compared with what was sold', async () => {
    const { data, errors } = await server.ask(
      `query ($ids: [ID!]!) {
        forecastOverrides(first: 5, filter: { variantIds: $ids, statuses: [REMOVED] }) {
          totalCount nodes { author removal { author } }
        }
        forecastValueAdded(author: "Ada") { overrideCount valueAdded }
      }`,
      { ids: [variantId] },
    );
    expect(errors).toBeUndefined();
    expect(data).toEqual({
      forecastOverrides: { totalCount: 1, nodes: [{ author: 'Ada', removal: { author: 'Bo' } }] },
      forecastValueAdded: { overrideCount: 0, valueAdded: null },
    });
  });

  it('are refused as user errors with the path into the input', async () => {
    const overrides = [{ variantId, from: '2020-01-01', to: '2020-01-02', factor: 2 }];
    const input = { overrides, reason: 'Too late', author: 'Ada' };
    const { data } = await server.ask(setOverrides, { input, key: `late-${executor}` });
    expect(data.forecastOverrideSet).toMatchObject({
      overrides: null,
      userErrors: [{ code: 'PERIOD_PASSED', field: ['input', 'overrides', '0', 'from'] }],
    });
  });
});

type Point = {
  readonly periodStart: string;
  readonly mean: number;
  readonly statistical: number;
  readonly override: number | null;
  readonly p90: number;
};
