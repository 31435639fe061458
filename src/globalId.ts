import { badInput } from './errors.ts';

/** Types that `node(id:)` can yield; part of every id. */
export const nodeTypes = [
  'Backtest',
  'BacktestJob',
  'BacktestSeries',
  'Category',
  'CompetitorPrice',
  'Complaint',
  'ComplaintRecommendation',
  'ComplaintTriageJob',
  'ForecastOverride',
  'InventoryLevel',
  'InventoryMovement',
  'InventoryReservation',
  'Model',
  'NightlyPlanJob',
  'PriceExplorationRun',
  'PriceRecommendation',
  'PriceRecommendationJob',
  'PriceList',
  'PriceListEntry',
  'Product',
  'ProductVariant',
  'PurchaseOrder',
  'ReorderProposal',
  'Supplier',
  'SupplierOffer',
  'VariantPrice',
  'Warehouse',
] as const;
export type NodeType = (typeof nodeTypes)[number];

/** Makes the opaque, globally unique id of a row, as Relay's Object Identification asks for. */
export function toGlobalId(type: NodeType, id: number | string): string {
  return Buffer.from(`${type}:${id}`).toString('base64url');
}

/** Reads any id; null where it is none of ours. */
export function parseGlobalId(globalId: string): { readonly type: NodeType; readonly key: string } | null {
  const text = Buffer.from(globalId, 'base64url').toString('utf8');
  const colon = text.indexOf(':');
  const type = nodeTypes.find((candidate) => candidate === text.slice(0, colon));
  const key = text.slice(colon + 1);
  if (type === undefined || toGlobalId(type, key) !== globalId) return null;
  return { type, key };
}

/** Reads the id of a row of one type; throws BAD_USER_INPUT naming the argument where it is another thing's. */
export function fromGlobalId(type: NodeType, globalId: string, field: readonly string[]): number {
  const parsed = parseGlobalId(globalId);
  const id = parsed?.type === type ? toRowId(parsed.key) : null;
  if (id === null)
    throw badInput(`${field.join('.')} must be the id of a ${type}, got '${globalId.slice(0, 60)}'.`, field);
  return id;
}

/** Reads the key of an id as a row id, 1 to 2³¹ − 1 in its one way of writing; null where it is none. */
export function toRowId(key: string): number | null {
  const id = /^[1-9]\d{0,9}$/.test(key) ? Number(key) : 0;
  return id >= 1 && id <= 2_147_483_647 ? id : null;
}
