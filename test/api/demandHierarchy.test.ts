import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runForecast } from '../../src/cli/forecastCommand.ts';
import { type RunningServer, startServer } from '../../src/startServer.ts';
import { ask, makeDemoStore } from '../support/testServer.ts';

const quiet = {
  NODE_ENV: 'test',
  SUPPLYGRAPH_PORT: '0',
  SUPPLYGRAPH_LOG_LEVEL: 'silent',
  SUPPLYGRAPH_DEMO: 'false',
};
/** One request, so that each variant is forecast once: between requests a computed forecast differs in its tenth digit. */
const everything = `{
  totalDemandForecast(horizon: 64) { ...Shown }
  categories(first: 100) { nodes { id forecast(horizon: 64) { ...Shown } } }
  warehouses(first: 100) { nodes { id forecast(horizon: 64) { ...Shown } } }
  products(first: 100) { totalCount nodes { ...Sold } }
  others: products(last: 100) { nodes { ...Sold } }
}
fragment Sold on Product {
  id
  category { id }
  forecast(horizon: 64) { ...Shown }
  variants(first: 100) { nodes { id forecast(horizon: 64) { ...Shown } } }
}
fragment Shown on Forecast { reconciliation horizon points { periodStart mean p10 p50 p90 } }`;

type Point = {
  readonly periodStart: string;
  readonly mean: number;
  readonly p10: number;
  readonly p50: number;
  readonly p90: number;
};
type Shown = {
  readonly reconciliation: string;
  readonly horizon: number;
  readonly points: readonly Point[];
} | null;
type Node = { readonly id: string; readonly forecast: Shown };
type Product = {
  readonly id: string;
  readonly category: { readonly id: string };
  readonly forecast: Shown;
  readonly variants: { readonly nodes: readonly { readonly id: string; readonly forecast: Shown }[] };
};

const sumOf = (forecasts: readonly Shown[], period: number) =>
  forecasts.reduce((sum, forecast) => sum + (forecast?.points[period]?.mean ?? 0), 0);

async function readAll(url: string) {
  const { data, errors } = await ask(url, { query: everything });
  expect(errors).toBeUndefined();
  const products: readonly Product[] = [...data.products.nodes, ...data.others.nodes];
  const byId = new Map(products.map((product) => [product.id, product]));
  expect(byId.size).toBe(data.products.totalCount);
  return {
    total: data.totalDemandForecast as NonNullable<Shown>, // the query's shape
    categories: data.categories.nodes as readonly Node[],
    warehouses: data.warehouses.nodes as readonly Node[],
    products: [...byId.values()],
  };
}

function expectCoherent({
  total,
  categories,
  warehouses,
  products,
}: Awaited<ReturnType<typeof readAll>>): void {
  const all = products.flatMap((product) => product.variants.nodes.map(({ forecast }) => forecast));
  for (let period = 0; period < 64; period += 1) {
    const mean = total.points[period]?.mean ?? -1;
    expect(mean).toBeGreaterThan(0);
    expect(Math.abs(sumOf(all, period) - mean)).toBeLessThan(1e-6);
    expect(
      Math.abs(
        sumOf(
          categories.map(({ forecast }) => forecast),
          period,
        ) - mean,
      ),
    ).toBeLessThan(1e-6);
    expect(
      Math.abs(
        sumOf(
          warehouses.map(({ forecast }) => forecast),
          period,
        ) - mean,
      ),
    ).toBeLessThan(1e-6);
    for (const category of categories) {
      const own = products.filter((product) => product.category.id === category.id);
      const below = own.flatMap((product) => product.variants.nodes.map(({ forecast }) => forecast));
      expect(Math.abs(sumOf(below, period) - sumOf([category.forecast], period))).toBeLessThan(1e-6);
    }
    for (const product of products)
      expect(
        Math.abs(
          sumOf(
            product.variants.nodes.map(({ forecast }) => forecast),
            period,
          ) - sumOf([product.forecast], period),
        ),
      ).toBeLessThan(1e-6);
  }
}

/** Forecasts computed twice come from batches of the network put together otherwise: float32, 1e-7 of a sum of hundreds. */
const digitsOfTwoRuns = 4;

describe.each(['computed', 'stored'] as const)('forecasts of the whole shop, %s', (kind) => {
  let server: RunningServer;
  let remove: () => Promise<void>;

  beforeAll(async () => {
    const store = await makeDemoStore();
    remove = store.remove;
    if (kind === 'stored') await runForecast([], { ...quiet, ...store.env });
    server = await startServer({ ...quiet, ...store.env, SUPPLYGRAPH_MAX_COST: '10000000' });
  }, 180_000);
  afterAll(async () => {
    await server.close();
    await remove();
  });

  it('add up: variants to products, categories and the total, warehouses to the total', async () => {
    const read = await readAll(server.url);
    expect(read.total.reconciliation).toBe(kind === 'stored' ? 'MIN_TRACE' : 'BOTTOM_UP');
    expect(read.total.horizon).toBe(64);
    const [variant] = read.products.flatMap((product) => product.variants.nodes);
    expect(variant?.forecast?.reconciliation).toBe(kind === 'stored' ? 'MIN_TRACE' : 'NONE');
    expectCoherent(read);
    for (const { p10, p50, p90 } of read.total.points)
      expect([p10, p50, p90]).toEqual([p10, p50, p90].sort((a, b) => a - b));
    // Errors of many variants partly cancel: the total is relatively surer than its parts.
    const widthOf = ({ p10, p90, mean }: Point) => (p90 - p10) / mean;
    const [first] = read.total.points;
    expect(first === undefined ? 9 : widthOf(first)).toBeLessThan(0.8);
  }, 120_000);

  it('add up under overrides too', async () => {
    const before = await readAll(server.url);
    const from = before.total.points[3]?.periodStart;
    const overridden = before.products.flatMap((product) => product.variants.nodes).slice(0, 3);
    const { data } = await ask(server.url, {
      query: `mutation ($input: ForecastOverrideSetInput!) {
        forecastOverrideSet(input: $input) { userErrors { message } }
      }`,
      variables: {
        input: {
          overrides: overridden.map(({ id }, index) => ({
            variantId: id,
            from,
            to: from,
            units: 100 * (index + 1),
          })),
          reason: 'Fair',
          author: 'Ada',
        },
      },
    });
    expect(data.forecastOverrideSet.userErrors).toEqual([]);
    const after = await readAll(server.url);
    expectCoherent(after);
    const change = (after.total.points[3]?.mean ?? 0) - (before.total.points[3]?.mean ?? 0);
    expect(change).toBeCloseTo(
      600 -
        sumOf(
          overridden.map(({ forecast }) => forecast),
          3,
        ),
      digitsOfTwoRuns,
    );
    const shown = await ask(server.url, {
      query:
        '{ totalDemandForecast(horizon: 5) { overrides { author } points { mean statistical override } } }',
    });
    const { overrides, points } = shown.data.totalDemandForecast;
    expect(overrides).toHaveLength(3);
    expect(points[3].statistical).toBeCloseTo(before.total.points[3]?.mean ?? 0, digitsOfTwoRuns);
    expect(points[3].override).toBe(points[3].mean);
    expect(points[2].override).toBeNull();
  }, 120_000);
});
