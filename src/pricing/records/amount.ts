import { parseTenThousandths } from '../../exactMoney.ts';

/** The rule of `isPrice`, for people. */
export const priceRule = 'above 0 and below 10,000,000,000, with at most four decimals';

/** Whether a decimal is a price that the store can hold: above 0, ten digits before the point, four behind it. */
export function isPrice(amount: string): boolean {
  const value = parseTenThousandths(amount);
  return value !== null && value > 0n && value < 100_000_000_000_000n;
}

/** Whether a decimal is an amount that the store can hold and not below 0: ten digits before the point, four behind it. */
export function isAmount(amount: string): boolean {
  return isPrice(amount) || parseTenThousandths(amount) === 0n;
}

/** Whether two decimals are the same amount, however many zeros they end in. */
export function isSameAmount(a: string, b: string): boolean {
  return parseTenThousandths(a) === parseTenThousandths(b);
}

/** Whether the decimal `a` is less than `b`. */
export function isBelow(a: string, b: string): boolean {
  return (parseTenThousandths(a) ?? 0n) < (parseTenThousandths(b) ?? 0n);
}
