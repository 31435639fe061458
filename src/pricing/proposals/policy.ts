import { parseTenThousandths } from '../../exactMoney.ts';

/** What a shop allows to be done about prices. */
export type PricePolicy = {
  /** Per cent of the current price above which a step, up or down, takes a second person to carry it out. */
  readonly secondPersonAbovePercent: number;
};

/** What holds where a shop says nothing. */
export const defaultPricePolicy: PricePolicy = { secondPersonAbovePercent: 10 };

/** Whether a step between two prices, decimals of the store, needs a second person; reckoned exactly. */
export function needsSecondPerson(
  { currentPrice, recommendedPrice }: { readonly currentPrice: string; readonly recommendedPrice: string },
  { secondPersonAbovePercent }: PricePolicy,
): boolean {
  const current = parseTenThousandths(currentPrice) ?? 0n;
  const step = (parseTenThousandths(recommendedPrice) ?? 0n) - current;
  return (step < 0n ? -step : step) * 100n > current * BigInt(secondPersonAbovePercent);
}
