import { type BacktestingService, makeBacktestingService } from './backtesting/service.ts';
import { type CatalogueService, makeCatalogueService } from './catalogue/service.ts';
import type { Clock } from './clock.ts';
import { makeActionDoors, makeComplaintActions } from './complaints/actions/complaintActions.ts';
import { type ComplaintPolicy, defaultPolicy } from './complaints/actions/policy.ts';
import { type ComplaintsService, makeComplaintsService } from './complaints/service.ts';
import type { Database } from './database/database.ts';
import { type HierarchyService, makeHierarchyService } from './forecasting/hierarchy/hierarchyService.ts';
import { makeOverrideService, type OverrideService } from './forecasting/overrides/overrideService.ts';
import {
  type ForecastEngines,
  type ForecastingService,
  makeForecastingService,
} from './forecasting/service.ts';
import type { ModelCard } from './inference/modelCard.ts';
import type { TriageVersions } from './inference/triageVersions.ts';
import { type InventoryService, makeInventoryService } from './inventory/service.ts';
import { defaultRetryRule } from './jobs/queue.ts';
import { type JobsService, makeJobsService } from './jobs/service.ts';
import { type ModelsService, makeModelsService } from './models/service.ts';
import { makeNightlyService, type NightlyService } from './nightly/service.ts';
import type { ResponseEngine } from './pricing/engines.ts';
import { makePriceExplorationService, type PriceExplorationService } from './pricing/exploration/service.ts';
import { makeLevelEngine } from './pricing/level/levelEngine.ts';
import type { PriceOptimiser } from './pricing/optimiser/priceOptimiser.ts';
import type { DemandPlanner } from './pricing/planned/demandPlanner.ts';
import { defaultPricePolicy, type PricePolicy } from './pricing/proposals/policy.ts';
import { makePriceHandler } from './pricing/proposals/priceHandler.ts';
import { makePriceRefreshService, type PriceRefreshService } from './pricing/proposals/refreshService.ts';
import { makePriceProposalsService, type PriceProposalsService } from './pricing/proposals/service.ts';
import {
  makePriceHistoriesService,
  type PriceHistoriesService,
} from './pricing/records/histories/priceHistories.ts';
import { makePriceRecordsService, type PriceRecordsService } from './pricing/records/service.ts';
import { makePricingService, type PricingService } from './pricing/service.ts';
import { makePurchasingService, type PurchasingService } from './purchasing/service.ts';
import { makeRecommendationsService, type RecommendationsService } from './recommendations/service.ts';
import { proposalOrders } from './replenishment/proposalOrders.ts';
import type { Replenisher } from './replenishment/replenishmentTask.ts';
import { makeReplenishmentService, type ReplenishmentService } from './replenishment/service.ts';
import {
  makeSimulationService,
  type SimulationService,
} from './replenishment/simulation/simulationService.ts';
import { makeSalesService, type SalesService } from './sales/service.ts';
import { makeSignalsService, type SignalsService } from './signals/service.ts';
import { makeTriageService, type TriageService } from './triage/service.ts';
import type { TextReader } from './triage/textReader.ts';

/** Every domain's use cases, made once at boot. */
export type Services = {
  readonly catalogue: CatalogueService;
  readonly priceRecords: PriceRecordsService;
  readonly priceHistories: PriceHistoriesService;
  readonly priceExploration: PriceExplorationService;
  readonly inventory: InventoryService;
  readonly purchasing: PurchasingService;
  readonly sales: SalesService;
  readonly signals: SignalsService;
  readonly complaints: ComplaintsService;
  readonly recommendations: RecommendationsService;
  readonly forecasting: ForecastingService;
  readonly hierarchy: HierarchyService;
  readonly overrides: OverrideService;
  readonly replenishment: ReplenishmentService;
  readonly simulation: SimulationService;
  readonly pricing: PricingService;
  readonly priceProposals: PriceProposalsService;
  readonly priceRefresh: PriceRefreshService;
  readonly jobs: JobsService;
  readonly nightly: NightlyService;
  readonly backtesting: BacktestingService;
  readonly triage: TriageService;
  readonly models: ModelsService;
};

/** What the domains stand on. */
export type ServiceParts = {
  readonly database: Database;
  readonly engines: ForecastEngines;
  readonly replenisher: Replenisher;
  readonly priceResponder: ResponseEngine;
  readonly demandPlanner: DemandPlanner;
  readonly priceOptimiser: PriceOptimiser;
  readonly triageVersions: TriageVersions;
  readonly textReader: TextReader;
  /** Cards of the models that came with the program. */
  readonly models: readonly ModelCard[];
  readonly clock: Clock;
  /** What of the default policy about complaints is otherwise. */
  readonly complaintPolicy?: Partial<ComplaintPolicy>;
  /** What of the default policy about prices is otherwise. */
  readonly pricePolicy?: Partial<PricePolicy>;
  /** Seconds after which a part of a job counts as lost; absent = 300. */
  readonly jobTimeoutSeconds?: number;
};

/** Wires the domains together. */
export function makeServices({
  database,
  engines,
  replenisher,
  priceResponder,
  demandPlanner,
  priceOptimiser,
  triageVersions,
  textReader,
  models,
  clock,
  complaintPolicy,
  pricePolicy,
  jobTimeoutSeconds,
}: ServiceParts): Services {
  const catalogue = makeCatalogueService(database);
  const sales = makeSalesService({ database, clock });
  const signals = makeSignalsService({ database });
  const inventory = makeInventoryService({ database, clock });
  const priceRecords = makePriceRecordsService({ database, clock });
  const purchasing = makePurchasingService({
    database,
    clock,
    inventory,
    proposals: proposalOrders,
    costs: priceRecords,
  });
  const forecasting = makeForecastingService({ database, sales, signals, engines, clock });
  const pricing = makePricingService({
    engines: { responder: priceResponder, levels: makeLevelEngine(forecasting) },
    optimiser: priceOptimiser,
    planner: demandPlanner,
  });
  const replenishment = makeReplenishmentService({
    database,
    inventory,
    purchasing,
    forecasting,
    replenisher,
    clock,
  });
  const simulation = makeSimulationService({ database, sales, forecasting, replenishment });
  const hierarchy = makeHierarchyService({ database, sales, forecasting, engines, clock });
  const retryRule = { ...defaultRetryRule, ...(jobTimeoutSeconds && { timeoutSeconds: jobTimeoutSeconds }) };
  const jobs = makeJobsService({ database, clock, retryRule });
  const currentModel = triageVersions.current;
  const triage = makeTriageService({ currentModel, reader: textReader, catalogue, clock });
  const policy = { ...defaultPolicy, ...complaintPolicy };
  const handlers = {
    COMPLAINT: makeComplaintActions(policy, { inventory, purchasing }),
    PRICE: makePriceHandler(priceRecords),
  };
  const recommendations = makeRecommendationsService({ database, handlers, clock });
  const complaints = makeComplaintsService({
    database,
    signals,
    jobs,
    triager: triage,
    ...makeActionDoors(policy, recommendations),
    clock,
  });
  const priceHistories = makePriceHistoriesService({ database, sales, signals, costs: priceRecords, clock });
  const priceProposals = makePriceProposalsService({
    database,
    recommendations,
    prices: priceRecords,
    clock,
  });
  return {
    catalogue,
    priceRecords,
    priceExploration: makePriceExplorationService({ database, pricing, clock }),
    priceHistories,
    inventory,
    purchasing,
    sales,
    signals,
    complaints,
    recommendations,
    forecasting,
    hierarchy,
    overrides: makeOverrideService({ database, forecasting, clock }),
    replenishment,
    simulation,
    pricing,
    priceProposals,
    priceRefresh: makePriceRefreshService({
      database,
      jobs,
      recommendations,
      pricing,
      prices: priceRecords,
      histories: priceHistories,
      policy: { ...defaultPricePolicy, ...pricePolicy },
      countAlerts: async () => (await priceProposals.listAlerts()).length,
      clock,
    }),
    jobs,
    nightly: makeNightlyService({ database, jobs, complaints, forecasting, hierarchy, replenishment }),
    backtesting: makeBacktestingService({ database, jobs, forecasting, clock }),
    triage,
    models: makeModelsService({ database, cards: models, triageVersions, clock }),
  };
}
