/** Money as whole ten-thousandths of the currency's main unit, as the store keeps it: numeric(…, 4). */

const decimalPattern = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Reads a decimal; null where it is none or has more than four significant decimals. */
export function parseTenThousandths(text: string): bigint | null {
  const [, sign, whole, decimals = ''] = decimalPattern.exec(text) ?? [];
  if (whole === undefined || /[1-9]/.test(decimals.slice(4))) return null;
  const size = BigInt(whole + decimals.slice(0, 4).padEnd(4, '0'));
  return sign === '-' ? -size : size;
}

/** Writes ten-thousandths as a decimal with two to four decimals, e.g. '12.50'. */
export function formatTenThousandths(amount: bigint): string {
  return trimDecimals(writeTenThousandths(amount));
}

/** Sum of two decimals of the store, with all four decimals. */
export function addAmounts(a: string, b: string): string {
  return writeTenThousandths((parseTenThousandths(a) ?? 0n) + (parseTenThousandths(b) ?? 0n));
}

function writeTenThousandths(amount: bigint): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${digits.slice(-4)}`;
}

/** Writes a decimal of the store, which has four decimals, with two to four: '12.5000' is '12.50'. */
export function trimDecimals(amount: string): string {
  if (amount.endsWith('00')) return amount.slice(0, -2);
  return amount.endsWith('0') ? amount.slice(0, -1) : amount;
}
