import { setImmediate } from 'node:timers/promises';
import { badInputField, DomainError } from '../errors.ts';
import type { OnModelRun } from '../forecasting/service.ts';
import type { PlannedDemandInput, PriceOptimizeInput } from '../generated/graphql.ts';
import { type NamedCoupling, readCouplings } from './checkCouplings.ts';
import { checkPriceInput, checkPriceItem } from './checkPriceInput.ts';
import type { DemandLevel, DemandResponse } from './demandResponse.ts';
import type { LevelEngine, ResponseEngine } from './engines.ts';
import { listMarkdownPeriods } from './markdownPeriods.ts';
import type { PriceCase } from './optimiser/choosePrice.ts';
import type { PricingAnswer } from './optimiser/choosePrices.ts';
import {
  isContradiction,
  makePriceGrid,
  type PriceContradiction,
  type PriceGrid,
} from './optimiser/priceGrid.ts';
import type { PriceOptimiser } from './optimiser/priceOptimiser.ts';
import { checkPlannedInput } from './planned/checkPlannedInput.ts';
import type { DemandPlanner } from './planned/demandPlanner.ts';
import { toPlannedItem } from './planned/toPlannedItem.ts';
import { makePriceAdvice, type PriceAdvice } from './priceAdvice.ts';
import type { PriceItem, PriceRequest } from './priceItem.ts';
import { makeDayReader, toPriceItem } from './toPriceItem.ts';

export type { PriceContradiction } from './optimiser/priceGrid.ts';
export type { PriceAdvice } from './priceAdvice.ts';

export type PricingService = ReturnType<typeof makePricingService>;

/** What estimates and forecasts demand. */
export interface PricingEngines {
  readonly responder: ResponseEngine;
  readonly levels: LevelEngine;
}

/** A request whose prices have as many decimals as its currency's smallest coin; two where it is null. */
export interface PriceAdviceRequest extends PriceRequest {
  readonly currencyCode: string | null;
}

/** Recommended prices, with the gap of those that are coupled; null where none are. */
export interface PriceAdvices {
  readonly items: readonly PriceAdvice[];
  readonly couplingGap: number | null;
}

/** Items handled between two turns of the event loop: about two milliseconds. */
const itemsPerTurn = 50;

/** Makes the use cases of pricing. */
export function makePricingService(parts: {
  readonly engines: PricingEngines;
  readonly optimiser: Pick<PriceOptimiser, 'choosePrices'>;
  readonly planner: Pick<DemandPlanner, 'model' | 'planDemand'>;
}) {
  const { engines, optimiser, planner } = parts;

  /** Recommends prices of items with their grids, in order. */
  const advise = async (
    { items, frequency, horizon, objective }: PriceRequest,
    grids: readonly PriceGrid[],
    { couplings, onRun }: { readonly couplings: readonly NamedCoupling[]; readonly onRun: OnModelRun },
  ): Promise<PriceAdvices> => {
    const { responder, levels } = engines;
    if (items.length === 0) return { items: [], couplingGap: null };
    const prices = grids.map((grid) => grid.prices);
    const [responses, demand] = await Promise.all([
      responder.estimate(items, prices, frequency, onRun),
      levels.forecast(items, frequency, horizon, onRun),
    ]);
    const cases = items.map((item, index) =>
      toCase(
        item,
        { grid: grids[index], response: responses[index], level: demand[index] },
        { frequency, horizon },
      ),
    );
    const answer = await optimiser.choosePrices({ items: cases, objective, couplings });
    if (answer.kind !== 'chosen') throw couplingError(answer, couplings);
    const advice = items.map((item, index) => {
      const [response, grid, level] = [responses[index], grids[index], demand[index]];
      const decision = answer.decisions[index];
      if (response === undefined || grid === undefined || level === undefined || decision === undefined)
        throw new Error('Every item must have been decided, and one has not.');
      return makePriceAdvice(item, response, {
        grid,
        decision,
        level,
        periodStarts: listPeriods(item, frequency),
      });
    });
    return { items: advice, couplingGap: answer.gap };
  };

  return {
    /** The model of how demand answers to price. */
    model: () => engines.responder.model,
    /** Recommends prices of items, in order; where an item's constraints contradict each other, how. */
    async recommendPrices(
      request: PriceAdviceRequest,
      onRun: OnModelRun = () => undefined,
    ): Promise<(PriceAdvice | PriceContradiction)[]> {
      const made = await makeGrids(request);
      const kept = made.flatMap((grid, index) => {
        const item = request.items[index];
        return item === undefined || isContradiction(grid) ? [] : [{ item, grid }];
      });
      const items = kept.map(({ item }) => item);
      const { items: advice } = await advise(
        { ...request, items },
        kept.map(({ grid }) => grid),
        { couplings: [], onRun },
      );
      const byGrid = new Map(kept.map(({ grid }, index) => [grid, advice[index]]));
      return made.map((grid) => {
        const answer = isContradiction(grid) ? grid : byGrid.get(grid);
        if (answer === undefined) throw new Error('Every item must have been decided, and one has not.');
        return answer;
      });
    },
    /** Expects demand under planned prices, in input order; throws BAD_USER_INPUT for the first rule it breaks. */
    async planDemand(input: PlannedDemandInput) {
      const dayOf = makeDayReader();
      checkPlannedInput(input, dayOf);
      const planned = await mapInTurns(input.items, (item) => toPlannedItem(item, dayOf));
      const demand = await planner.planDemand(planned);
      const items = input.items.map(({ id, plan }, index) => ({
        id,
        periods: plan.map(({ date }, period) => ({
          date,
          ...(demand[index]?.[period] ?? { units: 0, low: 0, high: 0 }),
        })),
      }));
      return { items, model: planner.model };
    },
    /** Recommends prices for the items of a request; throws BAD_USER_INPUT for the first rule it breaks. */
    async optimizePrices(input: PriceOptimizeInput, onRun: OnModelRun): Promise<PriceAdvices> {
      const request = await readRequest(input);
      const couplings = readCouplings(input);
      const grids = (await makeGrids(request)).map((grid, index) => {
        if (isContradiction(grid)) throw badInputField(`items.${index}.${grid.field}`, grid.rule, grid.got);
        return grid;
      });
      return advise(request, grids, { couplings, onRun });
    },
  };
}

function couplingError(
  answer: Exclude<PricingAnswer, { kind: 'chosen' }>,
  couplings: readonly NamedCoupling[],
): DomainError {
  if (answer.kind === 'late')
    return new DomainError(
      'MODEL_TIMEOUT',
      'Prices that keep the couplings must be found in time, and none were.',
    );
  const names = answer.couplings.map((index) => couplings[index]?.name ?? '').join(' and ');
  const rule = "such that prices within its items' own constraints can keep it";
  return badInputField(`couplings.${answer.couplings[0] ?? 0}`, rule, `impossible bounds for ${names}`);
}

async function readRequest(input: PriceOptimizeInput): Promise<PriceAdviceRequest> {
  const { frequency, horizon, objective } = input;
  const currencyCode = checkPriceInput(input);
  const dayOf = makeDayReader();
  const items = await mapInTurns(input.items, (item, index) => {
    checkPriceItem(item, { path: `items.${index}`, frequency, dayOf });
    return toPriceItem(item, dayOf);
  });
  return { frequency, horizon, objective: objective ?? 'MARGIN', items, currencyCode };
}

function makeGrids({ items, objective, currencyCode }: PriceAdviceRequest) {
  const terms = { objective, currencyDecimals: currencyCode === null ? null : decimalsOf(currencyCode) };
  return mapInTurns(items, (item) => makePriceGrid(item, terms));
}

/** Decimals of a currency's smallest coin by ISO 4217, e.g. 2 of EUR, 0 of JPY; 2 of an unknown one. */
function decimalsOf(currencyCode: string): number {
  return (
    new Intl.NumberFormat('en', { style: 'currency', currency: currencyCode }).resolvedOptions()
      .maximumFractionDigits ?? 2
  );
}

/** Maps a list without holding the event loop for longer than a few items take. */
async function mapInTurns<Item, Result>(
  items: readonly Item[],
  toResult: (item: Item, index: number) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (const [index, item] of items.entries()) {
    if (index > 0 && index % itemsPerTurn === 0) await setImmediate();
    results.push(toResult(item, index));
  }
  return results;
}

function toCase(
  item: PriceItem,
  found: {
    readonly grid: PriceGrid | undefined;
    readonly response: DemandResponse | undefined;
    readonly level: DemandLevel | undefined;
  },
  { frequency, horizon }: Pick<PriceRequest, 'frequency' | 'horizon'>,
): PriceCase {
  const { grid, response, level } = found;
  if (grid === undefined || response === undefined || level === undefined)
    throw new Error('Every item must have a grid, a response and a level, and one has not.');
  const { currentPrice, unitCost, constraints, markdown } = item;
  const { ratios, ratioQuantiles, elasticity } = response;
  const known = {
    grid,
    prices: grid.prices,
    currentPrice,
    unitCost,
    stockLimit: constraints.stockLimit,
    isIdentified: elasticity.isIdentified,
    response: { ratios, ratioQuantiles },
    level,
  };
  if (markdown === undefined) return known;
  const { stock, salvageValue } = markdown;
  const limit = Number.isNaN(constraints.stockLimit) ? stock : Math.min(stock, constraints.stockLimit);
  const periods = listPeriods(item, frequency).length;
  return {
    ...known,
    stockLimit: limit,
    markdown: { stock: limit, periods, salvageValue, levelPeriods: horizon },
  };
}

/** First days of the periods of an item's markdown; none without one. */
function listPeriods({ history, markdown }: PriceItem, frequency: PriceRequest['frequency']): string[] {
  const lastDay = history.at(-1)?.day ?? 0;
  return markdown === undefined ? [] : listMarkdownPeriods(lastDay, markdown.endDay, frequency);
}
