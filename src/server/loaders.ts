import { type BacktestingLoaders, makeBacktestingLoaders } from '../backtesting/loaders.ts';
import { type CatalogueLoaders, makeCatalogueLoaders } from '../catalogue/loaders.ts';
import { type ComplaintsLoaders, makeComplaintsLoaders } from '../complaints/loaders.ts';
import { type HierarchyLoaders, makeHierarchyLoaders } from '../forecasting/hierarchy/hierarchyLoaders.ts';
import { type ForecastingLoaders, makeForecastingLoaders } from '../forecasting/loaders.ts';
import { makeOverrideLoaders, type OverrideLoaders } from '../forecasting/overrides/overrideLoaders.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { type InventoryLoaders, makeInventoryLoaders } from '../inventory/loaders.ts';
import { type JobsLoaders, makeJobsLoaders } from '../jobs/loaders.ts';
import { makePriceExplorationLoaders, type PriceExplorationLoaders } from '../pricing/exploration/loaders.ts';
import { makePriceProposalsLoaders, type PriceProposalsLoaders } from '../pricing/proposals/loaders.ts';
import { makePriceRecordsLoaders, type PriceRecordsLoaders } from '../pricing/records/loaders.ts';
import { makePurchasingLoaders, type PurchasingLoaders } from '../purchasing/loaders.ts';
import { makeRecommendationsLoaders, type RecommendationsLoaders } from '../recommendations/loaders.ts';
import { makeReplenishmentLoaders, type ReplenishmentLoaders } from '../replenishment/loaders.ts';
import { makeSalesLoaders, type SalesLoaders } from '../sales/loaders.ts';
import type { Services } from '../services.ts';
import { makeSignalsLoaders, type SignalsLoaders } from '../signals/loaders.ts';
import { makeTriageLoaders, type TriageLoaders } from '../triage/loaders.ts';

/** Every domain's loaders, fresh for each request. */
export type Loaders = {
  readonly catalogue: CatalogueLoaders;
  readonly priceRecords: PriceRecordsLoaders;
  readonly priceExploration: PriceExplorationLoaders;
  readonly priceProposals: PriceProposalsLoaders;
  readonly inventory: InventoryLoaders;
  readonly purchasing: PurchasingLoaders;
  readonly sales: SalesLoaders;
  readonly signals: SignalsLoaders;
  readonly complaints: ComplaintsLoaders;
  readonly recommendations: RecommendationsLoaders;
  readonly forecasting: ForecastingLoaders;
  readonly hierarchy: HierarchyLoaders;
  readonly overrides: OverrideLoaders;
  readonly replenishment: ReplenishmentLoaders;
  readonly jobs: JobsLoaders;
  readonly backtesting: BacktestingLoaders;
  readonly triage: TriageLoaders;
};

/** Makes the loaders of one request; model runs they cause are added to `modelRuns`. */
export function makeLoaders(services: Services, modelRuns: ModelRun[]): Loaders {
  const inventory = makeInventoryLoaders(services.inventory);
  const purchasing = makePurchasingLoaders(services.purchasing);
  const forecasting = makeForecastingLoaders(services.forecasting, (run) => modelRuns.push(run));
  return {
    catalogue: makeCatalogueLoaders(services.catalogue),
    priceRecords: makePriceRecordsLoaders(services.priceRecords),
    priceExploration: makePriceExplorationLoaders(services.priceExploration),
    priceProposals: makePriceProposalsLoaders(services.priceProposals),
    inventory,
    purchasing,
    sales: makeSalesLoaders(services.sales),
    signals: makeSignalsLoaders(services.signals),
    complaints: makeComplaintsLoaders(services.complaints),
    recommendations: makeRecommendationsLoaders(services.recommendations),
    forecasting,
    hierarchy: makeHierarchyLoaders(services.hierarchy, (ids, frequency) =>
      Promise.all(ids.map((id) => forecasting.forecastByVariant.load(id, frequency))),
    ),
    overrides: makeOverrideLoaders(services.overrides),
    replenishment: makeReplenishmentLoaders(services.replenishment, async (variantId) => {
      const [offers, levels, forecast] = await Promise.all([
        purchasing.offersByVariant.load(variantId),
        inventory.levelsByVariant.load(variantId),
        forecasting.forecastByVariant.load(variantId, 'DAILY'),
      ]);
      return services.replenishment.toSituation(offers, levels, forecast);
    }),
    jobs: makeJobsLoaders(services.jobs),
    backtesting: makeBacktestingLoaders(services.backtesting),
    triage: makeTriageLoaders(services.triage, (run) => modelRuns.push(run)),
  };
}
