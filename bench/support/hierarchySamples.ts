/** Joint samples of a hierarchy's sums, as the nightly run makes them. */

import type { CopulaCorrelations } from '../../src/forecasting/hierarchy/calibrateCorrelations.ts';
import { sumSamples } from '../../src/forecasting/hierarchy/jointSamples.ts';
import type { ReconciledDemand } from '../../src/forecasting/hierarchy/reconcileDemand.ts';
import type { TreePlan } from '../../src/forecasting/hierarchy/treePlan.ts';
import type { BenchMember } from './hierarchyData.ts';

/** Samples `[N × H × SAMPLE_COUNT]` of the total, the categories and the warehouses of a plan. */
export function sampleLevels(
  plan: TreePlan,
  reconciled: ReconciledDemand,
  {
    members,
    correlations,
  }: { readonly members: readonly BenchMember[]; readonly correlations: CopulaCorrelations },
) {
  const { overall, within } = correlations;
  const { hierarchy } = plan;
  const levels = members[0]?.forecast.levels ?? [];
  const common = {
    horizon: plan.horizon,
    levels,
    quantiles: Float64Array.from(members.flatMap(({ forecast }) => [...forecast.quantiles])),
    means: reconciled.variantMeans,
    seeds: Uint32Array.from(members, ({ id }) => id),
    clusters: Int32Array.from(members, ({ category }) => category),
    within: Float64Array.from(hierarchy.categoryOf, (category) => within[category] ?? 0),
    overall,
  };
  const single = {
    partOffsets: Uint32Array.from({ length: members.length + 1 }, (_, index) => index),
    partShares: new Float64Array(members.length).fill(1),
  };
  return {
    total: sumSamples({ ...common, ...single, partSums: new Uint32Array(members.length), sumCount: 1 }),
    categories: sumSamples({
      ...common,
      ...single,
      partSums: Uint32Array.from(hierarchy.categoryOf),
      sumCount: plan.categoryKeys.length,
    }),
    warehouses: sumSamples({
      ...common,
      partOffsets: hierarchy.cellOffsets,
      partSums: hierarchy.cellWarehouses,
      partShares: reconciled.cellShares,
      sumCount: plan.warehouseKeys.length,
    }),
  };
}
