import { createHash } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import { badInput } from '../errors.ts';
import type { DemandForecast, ForecastingService, OnModelRun } from '../forecasting/service.ts';
import type { ReplenishmentPlanInput } from '../generated/graphql.ts';
import type { InventoryService } from '../inventory/service.ts';
import { done, type Outcome } from '../mutationOutcome.ts';
import type { PurchasingService } from '../purchasing/service.ts';
import type { ReorderItem, ReorderParts, ReorderRule } from './calculateReorder.ts';
import { checkPlanInput } from './checkPlanInput.ts';
import {
  checkDecision,
  checkGenerate,
  type DecideInput,
  type DecisionCode,
  type GenerateCode,
  type GenerateInput,
} from './checkProposalInput.ts';
import { type ItemPlan, type PlanItem, pathPeriods } from './planItem.ts';
import type { Replenisher } from './replenishmentTask.ts';
import * as repository from './repository.ts';

export type ReplenishmentService = ReturnType<typeof makeReplenishmentService>;

type Offer = Awaited<ReturnType<PurchasingService['listOffersOfVariants']>>[number][number];
type Level = Awaited<ReturnType<InventoryService['listLevelsOfVariants']>>[number][number];
type Forecast = NonNullable<Awaited<ReturnType<ForecastingService['forecastVariants']>>[number]>;

/** What is known of a variant when its order is computed; `offer` is null where no supplier offers it. */
export type ReorderSituation = {
  readonly offer: Offer | null;
  readonly levels: readonly Level[];
  readonly forecast: Forecast;
};
/** An order with the offer it goes to; null where terms are assumed. */
export type OfferedReorder = ReorderParts & { readonly offer: Offer | null };
/** What `reorderProposalsGenerate` did. */
export type Generated = { readonly proposalIds: readonly number[]; readonly consideredCount: number };

/** Levels of `protectionDemand`. */
export const planLevels: readonly number[] = [0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.99];
const batchSize = 256;
/** Terms of a variant that no supplier offers; the answer says that they are assumed. */
const assumedTerms = {
  leadTimeDaysMean: 14,
  leadTimeDaysDeviation: 0,
  minimumOrderQuantity: 1,
  packSize: 1,
} as const;

/** Makes the use cases of replenishment: what to order now, and the life of stored proposals. */
export function makeReplenishmentService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly inventory: Pick<InventoryService, 'listLevelsOfVariants'>;
  readonly purchasing: Pick<PurchasingService, 'listOffersOfVariants'>;
  readonly forecasting: Pick<ForecastingService, 'forecastVariants' | 'forecastPlanDemand'>;
  readonly replenisher: Pick<Replenisher, 'calculateReorders' | 'planItems'>;
  readonly clock: Clock;
}) {
  const { inventory, purchasing, forecasting, replenisher, clock } = parts;
  const { sql } = parts.database;

  /** Orders of several variants, in order; null where the situation is. */
  const calculateReorders = async (
    situations: readonly (ReorderSituation | null)[],
    rule: ReorderRule,
  ): Promise<(OfferedReorder | null)[]> => {
    checkRule(rule);
    const known = situations.filter((situation) => situation !== null);
    const orders = await replenisher.calculateReorders(known.map(toReorderItem), rule);
    const bySituation = new Map(known.map((situation, index) => [situation, orders[index]]));
    return situations.map((situation) => {
      const order = situation === null ? undefined : bySituation.get(situation);
      return situation === null || order === undefined ? null : { ...order, offer: situation.offer };
    });
  };

  const proposeBatch = async (
    variantIds: readonly number[],
    rule: ReorderRule,
  ): Promise<repository.NewProposal[]> => {
    const [levels, offers, forecasts, warehouses] = await Promise.all([
      inventory.listLevelsOfVariants(variantIds),
      purchasing.listOffersOfVariants(variantIds),
      forecasting.forecastVariants(variantIds, 'DAILY', () => undefined),
      repository.listBusiestWarehouses(sql, variantIds),
    ]);
    const situations = variantIds.map((_, index) =>
      toSituation(offers[index], levels[index], forecasts[index]),
    );
    const orders = await calculateReorders(situations, rule);
    return variantIds.flatMap((variantId, index) => {
      const [order, warehouseId, model] = [orders[index], warehouses.get(variantId), forecasts[index]?.model];
      if (!order?.offer || order.quantity === 0 || warehouseId === undefined || model === undefined)
        return [];
      return [toProposal(order, order.offer.id, { variantId, warehouseId, model, createdAt: clock() })];
    });
  };

  return {
    toSituation,
    calculateReorders,
    /** Plans orders for the items of a request; throws BAD_USER_INPUT for the first rule it breaks. */
    async planItems(input: ReplenishmentPlanInput, onRun: OnModelRun): Promise<readonly ItemPlan[]> {
      const target = checkPlanInput(input);
      const { reviewPeriods, leadTimePeriods, items, frequency, budget = null } = input;
      const horizon = Math.max(
        ...items.map((item) =>
          pathPeriods(input, { leadTimeDeviationPeriods: item.leadTimeDeviationPeriods ?? 0 }),
        ),
      );
      const forecasts = await forecasting.forecastPlanDemand({ items, frequency, horizon }, onRun);
      const planItems = items.map((item, index) => toPlanItem(item, forecasts[index]));
      const rule = { reviewPeriods, leadTimePeriods, target, levels: planLevels };
      return replenisher.planItems(planItems, { rule, budget });
    },
    /** One page of stored proposals, by id. */
    listProposals: (filter: repository.ProposalFilter, page: PageArguments) =>
      repository.listProposals(sql, filter, page),
    /** Stored proposals in key order, null where unknown. */
    findProposals: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listProposalsById(sql, ids), (row) => row.id),
    /** Computes and stores proposals, replacing the undecided ones of the variants considered. */
    async generateProposals(
      input: GenerateInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<Generated, GenerateCode>> {
      const refusal = checkGenerate(input);
      if (refusal !== null) return refusal;
      const { variantIds, ...rule } = input;
      const considered: number[] = [];
      const proposals: repository.NewProposal[] = [];
      for (;;) {
        const window = { among: variantIds, afterId: considered.at(-1) ?? 0, limit: batchSize };
        const ids = await repository.listReorderableVariantIds(sql, window);
        if (ids.length === 0) break;
        proposals.push(...(await proposeBatch(ids, rule)));
        considered.push(...ids);
      }
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        await repository.deleteOpenProposals(tx, considered);
        const proposalIds = await repository.insertProposals(tx, proposals);
        return done({ proposalIds, consideredCount: considered.length });
      });
    },
    /** Accepts or rejects proposals, all or none. */
    decideProposals(
      input: DecideInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<readonly number[], DecisionCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const ids = [...new Set(input.proposalIds)].sort((a, b) => a - b);
        const refusal = checkDecision(input, await repository.lockProposals(tx, ids));
        if (refusal !== null) return refusal;
        const status = input.decision === 'ACCEPT' ? 'ACCEPTED' : 'REJECTED';
        await repository.decideProposals(tx, ids, {
          status,
          actor: input.actor,
          reason: input.reason,
          now: clock(),
        });
        return done(ids);
      });
    },
  };
}

/** Puts together what is known of a variant; null where it has no forecast. */
function toSituation(
  offers: readonly Offer[] | undefined,
  levels: readonly Level[] | undefined,
  forecast: Forecast | null | undefined,
): ReorderSituation | null {
  if (forecast === null || forecast === undefined) return null;
  return { offer: offers?.[0] ?? null, levels: levels ?? [], forecast };
}

function checkRule({ serviceLevel, reviewDays }: ReorderRule): void {
  if (!(serviceLevel > 0 && serviceLevel < 1))
    throw badInput(`serviceLevel must be above 0 and below 1, got ${serviceLevel}.`, ['serviceLevel']);
  if (reviewDays < 1 || reviewDays > 30)
    throw badInput(`reviewDays must be 1 to 30 days, got ${reviewDays}.`, ['reviewDays']);
}

function toReorderItem({ offer, levels, forecast }: ReorderSituation): ReorderItem {
  const { leadTimeDaysMean, leadTimeDaysDeviation, minimumOrderQuantity, packSize } = offer ?? assumedTerms;
  const sum = (quantityOf: (level: Level) => number) =>
    levels.reduce((total, level) => total + quantityOf(level), 0);
  return {
    forecast: forecast.forecast,
    onHand: sum(({ onHand }) => onHand),
    incoming: sum(({ incoming }) => incoming),
    unavailable: sum(({ committed, reserved, damaged }) => committed + reserved + damaged),
    leadTimeDaysMean,
    leadTimeDaysDeviation,
    minimumOrderQuantity,
    packSize,
    areTermsAssumed: offer === null,
    similarVariantsWeight: forecast.coldStart?.weight ?? 0,
  };
}

function toPlanItem(
  item: ReplenishmentPlanInput['items'][number],
  forecast: DemandForecast | undefined,
): PlanItem {
  const { history, onHand, incoming } = item;
  const { minimumOrderQuantity, packSize, leadTimeDeviationPeriods, shelfLifePeriods, unitCost } = item;
  return {
    onHand,
    incoming,
    isWhole: [...history, ...incoming, onHand].every((units) => units == null || Number.isInteger(units)),
    forecast: forecast ?? { horizon: 0, levels: [], quantiles: new Float64Array() },
    ...(forecast === undefined ? {} : { correlation: forecast.correlation }),
    ...(minimumOrderQuantity == null ? {} : { minimumOrderQuantity }),
    ...(packSize == null ? {} : { packSize }),
    ...(leadTimeDeviationPeriods == null ? {} : { leadTimeDeviationPeriods }),
    ...(shelfLifePeriods == null ? {} : { shelfLifePeriods }),
    ...(unitCost == null ? {} : { unitCost }),
  };
}

function toProposal(
  { offer: _, ...order }: OfferedReorder,
  supplierOfferId: number,
  context: {
    readonly variantId: number;
    readonly warehouseId: number;
    readonly model: Forecast['model'];
    readonly createdAt: Date;
  },
): repository.NewProposal {
  const { model, ...place } = context;
  const inputHash = createHash('sha256').update(JSON.stringify(order.inputs)).digest('hex');
  return {
    ...order,
    ...place,
    supplierOfferId,
    inputHash,
    modelName: model.name,
    modelVersion: model.version,
  };
}
