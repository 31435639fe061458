import type { Database } from '../../database/database.ts';
import { badInput } from '../../errors.ts';
import type { ForecastingService } from '../../forecasting/service.ts';
import type { SalesService } from '../../sales/service.ts';
import type { ReplenishmentService } from '../service.ts';
import { type ComparisonResult, comparePolicies } from './comparePolicies.ts';
import { makePlanPolicy } from './planPolicy.ts';
import { makeEmpiricalPolicy, makeNormalPolicy, seasonalMeanPolicy } from './referencePolicies.ts';
import { listBestSellers } from './simulationRepository.ts';
import type { RecordedDemand, WalkRule } from './walkForward.ts';
import { warmUpPeriods } from './warmUp.ts';
import { toWeeklyRecords } from './weeklyRecords.ts';

/** What a simulation of weekly orders asks for. */
export interface SimulationSettings extends Pick<WalkRule, 'holdingCost' | 'shortageCost'> {
  /** Weeks at the end of the history that are replayed. */
  readonly weeks: number;
  /** Weeks from order to arrival, less than `weeks`. */
  readonly leadTimeWeeks: number;
}

export type SimulationService = ReturnType<typeof makeSimulationService>;

/** Levels of the curves of stock against fill rate. */
export const curveLevels: readonly number[] = [0.7, 0.8, 0.9, 0.95, 0.98, 0.999];
/** Weeks of a history that policies should have before the first order. */
const shortestPast = 26;
const longestHistory = 160;

/** Makes the use cases of policy simulation: orders replayed on held-back weeks of the store's history or a file's. */
export function makeSimulationService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly sales: Pick<SalesService, 'listDemandHistories'>;
  readonly forecasting: Pick<ForecastingService, 'smoothDemand'>;
  readonly replenishment: Pick<ReplenishmentService, 'planItems'>;
}) {
  const planWith = (target: Parameters<typeof makePlanPolicy>[1]) =>
    makePlanPolicy((input) => parts.replenishment.planItems(input, () => undefined), target, 'WEEKLY');
  const { smoothDemand } = parts.forecasting;
  return {
    /** Weekly demand of the `limit` variants that sold most lately, by SKU, with their categories as groups. */
    async listRecords(limit: number): Promise<RecordedDemand> {
      const variants = await listBestSellers(parts.database.sql, limit);
      const histories = await parts.sales.listDemandHistories(
        variants.map(({ id }) => id),
        7 * longestHistory,
      );
      const items = variants.map(({ sku, category }) => ({
        id: sku,
        groups: category === null ? [] : [`category:${category}`],
      }));
      return toWeeklyRecords(histories, items, longestHistory);
    },
    /**
     * Replays the last weeks under the platform's policy and three others, and draws stock against fill rate for
     * normal-theory safety stock, for the platform's at the costs with p/(p+h) = level, and for the platform's asked to
     * reach the level as fill rate for every item.
     *
     * @throws DomainError BAD_USER_INPUT when the history is too short
     */
    compare(
      recorded: RecordedDemand,
      settings: SimulationSettings,
      onReplay: (done: number, total: number) => void,
    ): Promise<ComparisonResult> {
      const { weeks, leadTimeWeeks, holdingCost, shortageCost } = settings;
      const needed = weeks + warmUpPeriods + shortestPast;
      if (recorded.periods < needed)
        throw badInput(
          `The history must have ${needed} weeks: ${weeks} replayed, ${warmUpPeriods} to warm up and ${shortestPast} before; got ${recorded.periods}.`,
        );
      const rule: WalkRule = {
        origin: recorded.periods - weeks,
        periods: weeks,
        orders: weeks - leadTimeWeeks,
        leadTimePeriods: leadTimeWeeks,
        unscored: leadTimeWeeks,
        holdingCost,
        shortageCost,
        sight: 'own',
      };
      const own = planWith({ holdingCost, shortageCost });
      const normal = makeNormalPolicy(smoothDemand);
      return comparePolicies(
        {
          recorded,
          rule,
          policies: [seasonalMeanPolicy, normal, makeEmpiricalPolicy(), own],
          curves: [
            { name: normal.name, policyAt: (level) => makeNormalPolicy(smoothDemand, level) },
            {
              name: own.name,
              policyAt: (level) =>
                planWith({ holdingCost, shortageCost: (holdingCost * level) / (1 - level) }),
            },
            {
              name: `${own.name}, this fill rate for each item`,
              policyAt: (serviceLevel) => planWith({ serviceLevel }),
            },
          ],
          levels: curveLevels,
        },
        onReplay,
      );
    },
  };
}
