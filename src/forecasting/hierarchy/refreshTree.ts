import type { DemandLevel } from '../../sales/service.ts';
import { scaleRow } from '../overrides/applyOverrides.ts';
import { storedLevels } from '../storedLevels.ts';
import { maximumLagDays } from './alignStarts.ts';
import type { CopulaCorrelations } from './calibrateCorrelations.ts';
import type { HierarchyParts } from './hierarchyService.ts';
import { SAMPLE_COUNT } from './jointSamples.ts';
import type { ReconciledDemand } from './reconcileDemand.ts';
import { runningTotals } from './sumForecasts.ts';
import {
  calibrationOf,
  type LevelForecast,
  type LevelForecasts,
  planTree,
  type TreeMember,
  type TreePlan,
  typicalQuantiles,
} from './treePlan.ts';
import * as repository from './treeRepository.ts';
import { shareAmongWarehouses } from './warehouseShares.ts';

type OnProgress = (done: number, total: number) => void;

const batchSize = 256;
/** Days of sales that the levels' own forecasts see, as for variants. */
const historyDays = 512;

/**
 * Reconciles the daily forecasts of the whole catalogue and stores them as the tree that queries read; yields the number
 * of its variants. The variants' quantiles pass through in batches, so memory holds their means alone. Nobody sees the
 * tree before it is finished; sales reported meanwhile make it stale at once.
 */
export async function refreshTree(parts: HierarchyParts, onProgress: OnProgress): Promise<number> {
  const { sql } = parts.database;
  const treeId = await repository.startTree(sql, parts.engines.model, parts.clock());
  const members = await readMembers(parts);
  const levels = await forecastLevels(parts);
  const plan = planTree(members, levels);
  if (plan === null) {
    await repository.deleteTree(sql, treeId);
    return 0;
  }
  const reconciled = await parts.engines.runTask(
    { kind: 'reconcileDemand', hierarchy: plan.hierarchy },
    { hasDeadline: false },
  );
  const correlations = await parts.engines.runTask(
    { kind: 'calibrateCorrelations', request: calibrationOf(plan, levels, storedLevels) },
    { hasDeadline: false },
  );
  const sums = await sampleMembers(parts, { plan, reconciled, correlations, treeId, onProgress });
  const nodes = await finishNodes(parts, { plan, reconciled, levels, sums });
  await sql.transaction((tx) =>
    repository.finishTree(tx, { id: treeId, startsOn: plan.startsOn, horizon: plan.horizon }, nodes),
  );
  return plan.members.length;
}

async function readMembers({ database, forecasting }: HierarchyParts): Promise<TreeMember[]> {
  const variants = await repository.listHierarchyVariants(database.sql);
  const members: TreeMember[] = [];
  for (let from = 0; from < variants.length; from += batchSize) {
    const batch = variants.slice(from, from + batchSize);
    const ids = batch.map(({ id }) => id);
    const rows = await forecasting.forecastBase(ids);
    const shares = shareAmongWarehouses(ids, await repository.listWarehouseUnits(database.sql, ids));
    for (const [index, { id, category }] of batch.entries()) {
      const row = rows[index];
      if (row?.startsOn == null) continue;
      const typical = typicalQuantiles(row.forecast);
      const { mean } = row.forecast;
      members.push({ id, category, startsOn: row.startsOn, mean, typical, shares: shares[index] ?? {} });
    }
  }
  return members;
}

async function forecastLevels({ sales, forecasting }: HierarchyParts): Promise<LevelForecasts> {
  const forecastLevel = async (level: DemandLevel): Promise<LevelForecast[]> => {
    const histories = await sales.listLevelDemandHistories(level, { limitDays: historyDays, maximumLagDays });
    const found: LevelForecast[] = [];
    for (let from = 0; from < histories.length; from += batchSize) {
      const batch = histories.slice(from, from + batchSize);
      const series = batch.map((history) => history.series);
      const rows = await forecasting.forecastDemand(series, 'DAILY', () => undefined);
      found.push(...batch.map(({ key }, index) => ({ key, row: rows[index] ?? null })));
    }
    return found;
  };
  return {
    total: await forecastLevel('TOTAL'),
    categories: await forecastLevel('CATEGORY'),
    warehouses: await forecastLevel('WAREHOUSE'),
  };
}

/** Samples of the total (index 0), the categories and the warehouses behind each other, in the order of the plan. */
type SampledSums = readonly Float64Array[];

/** Stores the members' reconciled means and adds their samples up, batch by batch. */
async function sampleMembers(
  { database, forecasting, engines }: HierarchyParts,
  run: {
    readonly plan: TreePlan;
    readonly reconciled: ReconciledDemand;
    readonly correlations: CopulaCorrelations;
    readonly treeId: number;
    readonly onProgress: OnProgress;
  },
): Promise<SampledSums> {
  const { plan, reconciled, treeId, onProgress } = run;
  const size = plan.horizon * SAMPLE_COUNT;
  const sums = Array.from(
    { length: 1 + plan.categoryKeys.length + plan.warehouseKeys.length },
    () => new Float64Array(size),
  );
  for (let from = 0; from < plan.members.length; from += batchSize) {
    const to = Math.min(plan.members.length, from + batchSize);
    const rows = await forecasting.forecastBase(plan.members.slice(from, to).map(({ id }) => id));
    const batch = packBatch(run, { from, to, rows });
    const samples = await engines.runTask(
      { kind: 'sumSamples', request: batch.request },
      { hasDeadline: false },
    );
    for (const [local, sum] of batch.sums.entries()) {
      const target = sums[sum] ?? new Float64Array();
      for (let i = 0; i < size; i += 1) target[i] = (target[i] ?? 0) + (samples[local * size + i] ?? 0);
    }
    await repository.insertTreeVariants(
      database.sql,
      treeId,
      plan.members.slice(from, to).map(({ id }, index) => ({
        variantId: id,
        mean: [...meansAt(reconciled.variantMeans, from + index, plan.horizon)],
        warehouseShares: sharesAt(plan, reconciled, from + index),
      })),
    );
    onProgress(to, plan.members.length);
  }
  return sums;
}

/** The sampling request of members `from` … `to` − 1, and which sums its local ones are. */
function packBatch(
  {
    plan,
    reconciled,
    correlations,
  }: {
    readonly plan: TreePlan;
    readonly reconciled: ReconciledDemand;
    readonly correlations: CopulaCorrelations;
  },
  batch: {
    readonly from: number;
    readonly to: number;
    readonly rows: Awaited<ReturnType<HierarchyParts['forecasting']['forecastBase']>>;
  },
) {
  const { from, to, rows } = batch;
  const { horizon, hierarchy } = plan;
  const members = plan.members.slice(from, to);
  const levels = rows.find((row) => row !== null)?.forecast.levels ?? [];
  const quantiles = new Float64Array(members.length * horizon * levels.length);
  for (const [index, { offset }] of members.entries())
    quantiles.set(
      rows[index]?.forecast.quantiles.subarray(offset * levels.length, (offset + horizon) * levels.length) ??
        [],
      index * horizon * levels.length,
    );
  const categories = [...new Set(hierarchy.categoryOf.subarray(from, to))];
  const firstWarehouse = 1 + plan.categoryKeys.length;
  const sums = [0, ...categories.map((c) => 1 + c), ...plan.warehouseKeys.map((_, g) => firstWarehouse + g)];
  const local = new Map(sums.map((sum, index) => [sum, index]));
  const parts = members.map((_, index) => {
    const variant = from + index;
    const [first, end] = [hierarchy.cellOffsets[variant] ?? 0, hierarchy.cellOffsets[variant + 1] ?? 0];
    const cells = Array.from({ length: end - first }, (__, cell) => ({
      sum: firstWarehouse + (hierarchy.cellWarehouses[first + cell] ?? 0),
      share: reconciled.cellShares[first + cell] ?? 0,
    }));
    return [{ sum: 0, share: 1 }, { sum: 1 + (hierarchy.categoryOf[variant] ?? 0), share: 1 }, ...cells];
  });
  return {
    sums,
    request: {
      horizon,
      levels,
      quantiles,
      means: reconciled.variantMeans.slice(from * horizon, to * horizon),
      seeds: Uint32Array.from(members, ({ id }) => id),
      clusters: Int32Array.from(members, ({ category }) => category),
      within: Float64Array.from(
        members,
        (_, index) => correlations.within[hierarchy.categoryOf[from + index] ?? 0] ?? 0,
      ),
      overall: correlations.overall,
      partOffsets: Uint32Array.from([0, ...runningTotals(parts.map(({ length }) => length))]),
      partSums: Uint32Array.from(parts.flat(), ({ sum }) => local.get(sum) ?? 0),
      partShares: Float64Array.from(parts.flat(), ({ share }) => share),
      sumCount: sums.length,
    },
  };
}

/** The nodes to store: reconciled means, and the quantiles of the sampled sums, moved to them. */
async function finishNodes(
  { engines }: HierarchyParts,
  run: {
    readonly plan: TreePlan;
    readonly reconciled: ReconciledDemand;
    readonly levels: LevelForecasts;
    readonly sums: SampledSums;
  },
): Promise<repository.NewTreeNode[]> {
  const { plan, reconciled, levels, sums } = run;
  const { horizon } = plan;
  const places = [
    { level: 'TOTAL' as const, key: 0, means: reconciled.totalMeans, index: 0, own: levels.total },
    ...plan.categoryKeys.map((key, index) => ({
      level: 'CATEGORY' as const,
      key,
      means: reconciled.categoryMeans,
      index,
      own: levels.categories,
    })),
    ...plan.warehouseKeys.map((key, index) => ({
      level: 'WAREHOUSE' as const,
      key,
      means: reconciled.warehouseMeans,
      index,
      own: levels.warehouses,
    })),
  ];
  const nodes: repository.NewTreeNode[] = [];
  for (const [place, { level, key, means, index, own }] of places.entries()) {
    const samples = sums[place] ?? new Float64Array();
    const mean = meansAt(means, index, horizon);
    const quantiles = await engines.runTask({ kind: 'readSampleQuantiles', samples, levels: storedLevels });
    for (let period = 0; period < horizon; period += 1)
      scaleRow(quantiles.subarray(period * storedLevels.length, (period + 1) * storedLevels.length), {
        from: meanOf(samples.subarray(period * SAMPLE_COUNT, (period + 1) * SAMPLE_COUNT)),
        to: mean[period] ?? 0,
      });
    const row = own.find((candidate) => candidate.key === key)?.row ?? null;
    nodes.push({
      level,
      key,
      levels: storedLevels,
      quantiles: [...quantiles],
      mean: [...mean],
      members: row?.members ?? [{ name: 'bottom_up', weight: 1 }],
      accuracy: row?.accuracy ?? null,
    });
  }
  return nodes;
}

function meansAt(means: Float64Array, index: number, horizon: number): Float64Array {
  return means.subarray(index * horizon, (index + 1) * horizon);
}

function sharesAt(
  { hierarchy, warehouseKeys }: TreePlan,
  { cellShares }: ReconciledDemand,
  variant: number,
): repository.WarehouseShares {
  const [from, to] = [hierarchy.cellOffsets[variant] ?? 0, hierarchy.cellOffsets[variant + 1] ?? 0];
  return Object.fromEntries(
    Array.from({ length: to - from }, (_, cell) => [
      warehouseKeys[hierarchy.cellWarehouses[from + cell] ?? 0] ?? 0,
      cellShares[from + cell] ?? 0,
    ]),
  );
}

function meanOf(samples: Float64Array): number {
  return samples.reduce((sum, value) => sum + value, 0) / samples.length;
}
