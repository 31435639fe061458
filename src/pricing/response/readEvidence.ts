import type { ResponseWarning } from '../demandResponse.ts';
import type { PriceItem } from '../priceItem.ts';
import type { ItemEvidence } from './itemEvidence.ts';
import type { SeenRange } from './logLinearMember.ts';
import type { Estimate } from './multipleRegression.ts';

/** Error that no amount of data takes out of an elasticity: demand is not quite what is assumed of it. */
const modelError = 0.05;
/** A standard error from few moves of the price is itself doubtful: n moves make it √(1 + 8 ÷ n) as large. */
const doubtfulMoves = 8;
/** What an item's own sales must allow for its elasticity to count as identified. */
const identified = { rows: 8, prices: 2, moves: 4, priceDeviation: 0.004, standardError: 1 } as const;
const fewRows = 20;
const oftenOut = 0.25;
/** Standard errors by which prices must follow demand to be warned of. */
const clearly = 2.5;

/** An item's own estimate with what its standard error does not know of. */
export function doubtEstimate({ controlled, effectiveMoves }: ItemEvidence): Estimate {
  const { value, standardError } = controlled;
  const wider = standardError * Math.sqrt(1 + doubtfulMoves / Math.max(1, effectiveMoves));
  return { value, standardError: Math.hypot(wider, modelError) };
}

/** Whether an item's own sales say what its elasticity is. */
export function isIdentified({ history }: PriceItem, evidence: ItemEvidence): boolean {
  const prices = new Set(history.filter(({ inStock }) => inStock).map(({ price }) => price));
  return (
    evidence.rows >= identified.rows &&
    prices.size >= identified.prices &&
    evidence.effectiveMoves >= identified.moves &&
    evidence.freePriceDeviation >= identified.priceDeviation &&
    doubtEstimate(evidence).standardError <= identified.standardError
  );
}

/** What there is to doubt in an item's evidence. */
export function listWarnings(
  item: PriceItem,
  evidence: ItemEvidence,
  competitorsReact: boolean,
): readonly ResponseWarning[] {
  const { following, rows } = evidence;
  const outOfStock = item.history.filter(({ inStock }) => !inStock).length / item.history.length;
  const doubts: readonly (readonly [ResponseWarning, boolean])[] = [
    ['PRICE_HARDLY_MOVED', !isIdentified(item, evidence)],
    ['PRICE_FOLLOWS_DEMAND', following.value > clearly * following.standardError],
    ['FEW_OBSERVATIONS', rows < fewRows],
    ['OFTEN_OUT_OF_STOCK', outOfStock > oftenOut],
    ['COMPETITORS_REACT', competitorsReact],
  ];
  return doubts.flatMap(([warning, holds]) => (holds ? [warning] : []));
}

/** Lowest and highest log price that was paid, relative to the current one. */
export function readSeenRange({ history, currentPrice }: PriceItem): SeenRange {
  let [lowest, highest] = [0, 0];
  for (const { price } of history) {
    const x = Math.log(price / currentPrice);
    lowest = Math.min(lowest, x);
    highest = Math.max(highest, x);
  }
  return { lowest, highest };
}
