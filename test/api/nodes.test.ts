import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { nodeTypes, toGlobalId } from '../../src/globalId.ts';
import { executors, startTestServer, type TestServer } from '../support/testServer.ts';

describe.each(executors)('objects by id under the %s executor', (executor) => {
  let server: TestServer;
  const ids: string[] = [];

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
    const { data, errors } = await server.ask(`{
      categories(first: 1) { nodes { id } }
      competitorPrices(first: 1) { nodes { id } }
      inventoryLevels(first: 1) { nodes { id } }
      inventoryMovements(first: 1) { nodes { id } }
      models { id }
      priceChanges(first: 1) { nodes { id } }
      dearest: productVariants(first: 1, orderBy: { field: PRICE, direction: DESC }) { nodes { id price { amount } } }
      products(first: 1) { nodes { id } }
      productVariants(first: 1) { nodes { id supplierOffers { id } forecast(horizon: 1) { points { periodStart } } } }
      purchaseOrders(first: 1) { nodes { id } }
      suppliers(first: 1) { nodes { id } }
      warehouses(first: 1) { nodes { id } }
    }`);
    expect(errors).toBeUndefined();
    const level = data.inventoryLevels.nodes[0].id;
    const levels = await server.ask(
      'query ($id: ID!) { node(id: $id) { ... on InventoryLevel { variant { id } warehouse { id } } } }',
      { id: level },
    );
    const made = await server.ask(
      `mutation ($line: InventoryReserveLineInput!, $override: ForecastOverrideLineInput!, $dearest: [ID!],
        $ceiling: Float) {
        forecastOverrideSet(input: { overrides: [$override], reason: "Fair", author: "Ada" }) { overrides { id } }
        inventoryReserve(input: { lines: [$line] }) { reservation { id } userErrors { message } }
        reorderProposalsGenerate(input: {}) { proposals { id } userErrors { message } }
        backtestRun(input: { horizon: 7, origins: 1 }) { job { id backtest { id } } }
        nightlyPlanRun(input: {}) { job { id } }
        priceExplorationPlan(input: { frequency: WEEKLY, horizon: 4, seed: 1, actor: "Ada", reason: "Fair", items: [{
          id: "mug", unitCost: 5, currentPrice: 10, history: [{ date: "2026-01-05", units: 3, price: 10 }] }] }) { run { id } }
        priceRecommendationsRefresh(input: { variantIds: $dearest, constraints: { ceiling: $ceiling } }) { job { id } }
        priceListCreate(input: { name: "All", currencyCode: "EUR" }) { priceList { id } }
        complaintSubmit(input: { text: "It is broken.", channel: EMAIL }) { complaint { id } }
      }`,
      {
        ceiling: 0.95 * Number(data.dearest.nodes[0].price.amount),
        dearest: data.dearest.nodes.map(({ id }: { id: string }) => id),
        line: {
          variantId: levels.data.node.variant.id,
          warehouseId: levels.data.node.warehouse.id,
          quantity: 1,
        },
        override: {
          variantId: data.productVariants.nodes[0].id,
          from: data.productVariants.nodes[0].forecast.points[0].periodStart,
          to: data.productVariants.nodes[0].forecast.points[0].periodStart,
          units: 1,
        },
      },
    );
    expect(made.errors).toBeUndefined();
    const priceListId = made.data.priceListCreate.priceList.id;
    await server.ask(
      `mutation ($list: ID!, $variant: ID!) { priceListEntriesSet(input: { priceListId: $list, currencyCode: "EUR",
        entries: [{ variantId: $variant, price: "1" }] }) { userErrors { code } } }`,
      { list: priceListId, variant: data.productVariants.nodes[0].id },
    );
    const entries = await server.ask('{ priceListEntries(first: 1) { nodes { id } } }');
    // Its plan would take the place of the proposals above.
    const plan = await server.ask('mutation ($id: ID!) { jobCancel(input: { id: $id }) { job { id } } }', {
      id: made.data.nightlyPlanRun.job.id,
    });
    expect(plan.errors).toBeUndefined();
    const { id: complaintId } = made.data.complaintSubmit.complaint;
    await server.ask(
      `mutation ($id: ID!) { complaintOverrideTriage(input: { complaintId: $id, intent: "review", severity: LOW, author: "Ada",
        reason: "Read it" }) { userErrors { code } } }`,
      { id: complaintId },
    );
    // An open proposal gives way to a triage that comes late; one that was rejected stays.
    const reject = async () => {
      const found = await server.ask(
        'query ($id: ID!) { complaint(id: $id) { recommendations { id status } } }',
        { id: complaintId },
      );
      const rejected = await server.ask(
        'mutation ($id: ID!) { recommendationReject(input: { recommendationId: $id, actor: "Ada", reason: "No" }) { recommendation { id } } }',
        { id: found.data.complaint.recommendations[0].id },
      );
      return rejected.data.recommendationReject.recommendation?.id;
    };
    const recommendationId = await vi.waitUntil(reject, { timeout: 20_000, interval: 250 });
    const triage = await server.ask(
      'mutation ($ids: [ID!]) { complaintsTriage(input: { complaintIds: $ids }) { job { id } } }',
      { ids: [complaintId] },
    );
    const { job } = made.data.backtestRun;
    const series = 'query ($id: ID!) { backtest(id: $id) { series(first: 1) { nodes { id } } } }';
    const findSeries = async () =>
      (await server.ask(series, { id: job.backtest.id })).data.backtest.series.nodes[0]?.id;
    const seriesId = await vi.waitUntil(findSeries, { timeout: 50_000, interval: 250 });
    const findPrice = async () =>
      (await server.ask('{ priceRecommendations(first: 1) { nodes { id } } }')).data.priceRecommendations
        .nodes[0]?.id;
    ids.push(
      await vi.waitUntil(findPrice, { timeout: 50_000, interval: 250 }),
      made.data.priceRecommendationsRefresh.job.id,
      data.priceChanges.nodes[0].id,
      priceListId,
      entries.data.priceListEntries.nodes[0].id,
      data.competitorPrices.nodes[0].id,
      job.backtest.id,
      job.id,
      seriesId,
      made.data.nightlyPlanRun.job.id,
      made.data.priceExplorationPlan.run.id,
      data.categories.nodes[0].id,
      complaintId,
      recommendationId,
      triage.data.complaintsTriage.job.id,
      made.data.forecastOverrideSet.overrides[0].id,
      level,
      data.inventoryMovements.nodes[0].id,
      made.data.inventoryReserve.reservation.id,
      data.models[0].id,
      data.products.nodes[0].id,
      data.productVariants.nodes[0].id,
      data.purchaseOrders.nodes[0].id,
      made.data.reorderProposalsGenerate.proposals[0].id,
      data.suppliers.nodes[0].id,
      data.productVariants.nodes[0].supplierOffers[0].id,
      data.warehouses.nodes[0].id,
    );
  }, 180_000);

  afterAll(() => server.close());

  it('come back with the id and type they were asked for, every type of node', async () => {
    const { data } = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { __typename id } }', { ids });
    expect(data.nodes.map(({ id }: { id: string }) => id)).toEqual(ids);
    expect(data.nodes.map(({ __typename: name }: { __typename: string }) => name).sort()).toEqual(
      [...nodeTypes].sort(),
    );
  });

  it('come back one by one through node', async () => {
    for (const id of ids) {
      const { data, errors } = await server.ask('query ($id: ID!) { node(id: $id) { id } }', { id });
      expect(errors).toBeUndefined();
      expect(data).toEqual({ node: { id } });
    }
  });

  it('are null where the id is unknown, malformed or written another way', async () => {
    const unknown = [
      ...nodeTypes.map((type) => toGlobalId(type, 2_000_000_000)),
      toGlobalId('Model', 'nothing'),
      toGlobalId('Product', '01'),
      toGlobalId('Product', 0),
      'garbage',
      '',
      '5',
    ];
    const { data, errors } = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: unknown,
    });
    expect(errors).toBeUndefined();
    expect(data.nodes).toEqual(unknown.map(() => null));
  });

  it('come in the order asked for, unknown and repeated ids among them', async () => {
    const asked = [ids[6], 'garbage', ids[0], ids[6]];
    const { data } = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: asked });
    expect(data.nodes).toEqual([{ id: ids[6] }, null, { id: ids[0] }, { id: ids[6] }]);
  });

  it('are refused beyond 100 at once', async () => {
    const { errors } = await server.ask('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', {
      ids: Array.from({ length: 101 }).fill('x'),
    });
    expect(errors).toMatchObject([
      {
        message: 'ids must have at most 100 entries, got 101.',
        extensions: { code: 'BAD_USER_INPUT', field: ['ids'] },
      },
    ]);
  });

  it('are refused where another type is asked for', async () => {
    const id = toGlobalId('Warehouse', 1);
    const { errors } = await server.ask('query ($id: ID!) { product(id: $id) { id } }', { id });
    expect(errors).toMatchObject([
      {
        message: `id must be the id of a Product, got '${id}'.`,
        extensions: { code: 'BAD_USER_INPUT', field: ['id'] },
      },
    ]);
  });
});
