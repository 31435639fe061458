import type { Context, NodeRow } from '../context.ts';
import { badInput } from '../errors.ts';
import type { JobKind, RecommendationKind, Resolvers } from '../generated/graphql.ts';
import { type NodeType, parseGlobalId, toRowId } from '../globalId.ts';

const maximumIds = 100;

type FindNode = (context: Context, id: number) => Promise<object | null>;

/** How each type of node is found by its row id. */
const finders: Readonly<Record<Exclude<NodeType, 'Model'>, FindNode>> = {
  Category: ({ loaders }, id) => loaders.catalogue.categoryById.load(id),
  Product: ({ loaders }, id) => loaders.catalogue.productById.load(id),
  ProductVariant: ({ loaders }, id) => loaders.catalogue.variantById.load(id),
  CompetitorPrice: ({ loaders }, id) => loaders.priceRecords.competitorPriceById.load(id),
  PriceExplorationRun: ({ loaders }, id) => loaders.priceExploration.runById.load(id),
  PriceList: ({ loaders }, id) => loaders.priceRecords.priceListById.load(id),
  PriceListEntry: ({ loaders }, id) => loaders.priceRecords.priceListEntryById.load(id),
  ForecastOverride: ({ loaders }, id) => loaders.overrides.overrideById.load(id),
  InventoryLevel: ({ loaders }, id) => loaders.inventory.levelById.load(id),
  InventoryMovement: ({ loaders }, id) => loaders.inventory.movementById.load(id),
  InventoryReservation: ({ loaders }, id) => loaders.inventory.reservationById.load(id),
  Warehouse: ({ loaders }, id) => loaders.inventory.warehouseById.load(id),
  Supplier: ({ loaders }, id) => loaders.purchasing.supplierById.load(id),
  SupplierOffer: ({ loaders }, id) => loaders.purchasing.offerById.load(id),
  PurchaseOrder: ({ loaders }, id) => loaders.purchasing.purchaseOrderById.load(id),
  ReorderProposal: ({ loaders }, id) => loaders.replenishment.proposalById.load(id),
  Backtest: ({ loaders }, id) => loaders.backtesting.backtestById.load(id),
  BacktestSeries: ({ loaders }, id) => loaders.backtesting.seriesById.load(id),
  Complaint: ({ loaders }, id) => loaders.complaints.complaintById.load(id),
  ComplaintRecommendation: (context, id) => findRecommendation(context, id, 'COMPLAINT'),
  PriceRecommendation: (context, id) => findRecommendation(context, id, 'PRICE'),
  PriceRecommendationJob: (context, id) => findJob(context, id, 'PRICE_RECOMMENDATIONS'),
  VariantPrice: ({ loaders }, id) => loaders.priceRecords.priceById.load(id),
  ComplaintTriageJob: (context, id) => findJob(context, id, 'COMPLAINT_TRIAGE'),
  BacktestJob: (context, id) => findJob(context, id, 'BACKTEST'),
  NightlyPlanJob: (context, id) => findJob(context, id, 'NIGHTLY_PLAN'),
};

/** Relay's Object Identification: any object by its id; an unknown id gives null. */
export const nodeResolvers: Pick<Resolvers, 'Node' | 'Query' | 'UserError' | 'ReorderPlan'> = {
  Query: {
    node: (_, { id }, context) => findNode(context, id),
    nodes: (_, { ids }, context) => {
      if (ids.length > maximumIds)
        throw badInput(`ids must have at most ${maximumIds} entries, got ${ids.length}.`, ['ids']);
      return Promise.all(ids.map((id) => findNode(context, id)));
    },
  },
  Node: { __resolveType: (node) => node.__typename },
};

async function findNode(context: Context, globalId: string): Promise<NodeRow | null> {
  const parsed = parseGlobalId(globalId);
  if (parsed === null) return null;
  if (parsed.type === 'Model') return findModel(context, parsed.key);
  const id = toRowId(parsed.key);
  if (id === null) return null;
  const row = await finders[parsed.type](context, id);
  return row === null ? null : { ...row, __typename: parsed.type };
}

async function findJob({ loaders }: Context, id: number, kind: JobKind): Promise<object | null> {
  const job = await loaders.jobs.jobById.load(id);
  return job?.kind === kind ? job : null;
}

async function findRecommendation({ loaders }: Context, id: number, kind: RecommendationKind) {
  const recommendation = await loaders.recommendations.recommendationById.load(id);
  return recommendation?.kind === kind ? recommendation : null;
}

function findModel({ services }: Context, name: string): NodeRow | null {
  const card = services.models.listCards().find((model) => model.name === name);
  return card === undefined ? null : { ...card, __typename: 'Model' };
}
