import type { RecommendationRow } from '../../recommendations/service.ts';
import type { SalesSinceRow } from './outcomeRepository.ts';
import { type PredictedSales, predictSales } from './predictedSales.ts';
import { factsOf } from './storedProposal.ts';

/** What came of a recommended price: units sold since it was set beside what was predicted of as many periods. */
export type PriceOutcome = PredictedSales &
  Pick<SalesSinceRow, 'firstDay' | 'periods' | 'units' | 'wasOutOfStock'> & {
    readonly lastDay: string;
    /** Few sales with an empty shelf say nothing about the price. */
    readonly isOutside: boolean;
  };

/** Compares sales with what a recommendation predicted; null before a period is over. */
export function toOutcome(
  recommendation: Pick<RecommendationRow, 'facts'>,
  sold: SalesSinceRow,
): PriceOutcome | null {
  const { recommended, horizon } = factsOf(recommendation);
  const { firstDay, lastDay, periods, units, wasOutOfStock } = sold;
  if (lastDay === null) return null;
  const predicted = predictSales({ ...recommended, horizon }, periods);
  const isOutside = units > predicted.high || (units < predicted.low && !wasOutOfStock);
  return { ...predicted, firstDay, lastDay, periods, units, wasOutOfStock, isOutside };
}

/** By how much of what was expected sales differ; what sells against no expectation comes first. */
export function deviationOf({ units, expectedUnits }: PriceOutcome): number {
  return expectedUnits > 0 ? Math.abs(units / expectedUnits - 1) : Infinity;
}
