import {
  clearGainRate,
  findBaseline,
  listAcceptable,
  type PriceCase,
  type PriceOptions,
} from './choosePrice.ts';
import type { CoupledOptions, PriceCoupling } from './priceCoupling.ts';
import type { PriceValues } from './priceValues.ts';
import { solveCoupling } from './solveCoupling.ts';

/** An item with what its prices bring. */
export interface ValuedCase {
  readonly item: PriceCase;
  readonly values: PriceValues;
  readonly options: PriceOptions;
}

/** The choice of the coupled items, or which couplings no prices can keep, or that none was found in time. */
export type CouplingOutcome =
  | { readonly kind: 'chosen'; readonly indexes: ReadonlyMap<number, number>; readonly gap: number }
  | { readonly kind: 'impossible'; readonly couplings: readonly number[] }
  | { readonly kind: 'late' };

/**
 * Chooses the prices of all items that a coupling names, together: the highest total of expected results less what makes a gain
 * clear, among prices that each item may get alone; where the couplings cannot be kept so, caution is left aside.
 */
export async function chooseCoupled(
  items: readonly ValuedCase[],
  couplings: readonly PriceCoupling[],
): Promise<CouplingOutcome> {
  for (const isBold of [false, true]) {
    const coupled = listCoupled(items, couplings, isBold);
    const choice = await solveCoupling(
      coupled.map(({ options }) => options),
      couplings,
    );
    if (choice === 'late') return { kind: 'late' };
    if (choice === null) continue;
    const indexes = new Map(
      coupled.map(({ options, indexes: own }, at) => [options.item, own[choice.entries[at] ?? 0] ?? 0]),
    );
    return { kind: 'chosen', indexes, gap: choice.gap };
  }
  return { kind: 'impossible', couplings: await findImpossible(items, couplings) };
}

/** Couplings that cannot be kept even alone; all of them where each can. */
async function findImpossible(
  items: readonly ValuedCase[],
  couplings: readonly PriceCoupling[],
): Promise<number[]> {
  const impossible: number[] = [];
  for (const [index, coupling] of couplings.entries()) {
    const options = listCoupled(items, [coupling], true).map((each) => each.options);
    if ((await solveCoupling(options, [coupling])) === null) impossible.push(index);
  }
  return impossible.length > 0 ? impossible : couplings.map((_, index) => index);
}

/** Options of the items that couplings name, with the indexes of their prices among the candidates. */
function listCoupled(
  items: readonly ValuedCase[],
  couplings: readonly PriceCoupling[],
  isBold: boolean,
): { readonly options: CoupledOptions; readonly indexes: readonly number[] }[] {
  const all = couplings.flatMap((coupling) => [...coupling.items, ...coupling.priceOrder]);
  const named = [...new Set(all)].sort((a, b) => a - b);
  return named.flatMap((index) => {
    const valued = items[index];
    if (valued === undefined) return [];
    const { item, values, options } = valued;
    const acceptable = listAcceptable(item, options, { isBold });
    const indexes = [...acceptable.keys()].filter((g) => acceptable[g] === 1);
    const baseline = findBaseline(item);
    const clear = clearGainRate * Math.abs(options.expected[baseline] ?? 0);
    return [
      {
        indexes,
        options: {
          item: index,
          currentPrice: item.currentPrice,
          unitCost: item.unitCost,
          prices: indexes.map((g) => item.prices[g] ?? 0),
          units: indexes.map((g) => values.units[g] ?? 0),
          worth: indexes.map((g) => (options.expected[g] ?? 0) - (g === baseline ? 0 : clear)),
        },
      },
    ];
  });
}
