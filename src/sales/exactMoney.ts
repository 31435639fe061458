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
  const digits = (amount < 0n ? -amount : amount).toString().padStart(5, '0');
  const decimals = digits.slice(-4).replace(/0{1,2}$/, '');
  return `${amount < 0n ? '-' : ''}${digits.slice(0, -4)}.${decimals}`;
}
