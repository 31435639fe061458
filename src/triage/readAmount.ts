const currencies: Readonly<Record<string, string>> = {
  $: 'USD',
  usd: 'USD',
  dollar: 'USD',
  buck: 'USD',
  cent: 'USD',
  '€': 'EUR',
  eur: 'EUR',
  euro: 'EUR',
  '£': 'GBP',
  gbp: 'GBP',
  pound: 'GBP',
  '¥': 'JPY',
  jpy: 'JPY',
  '₹': 'INR',
  inr: 'INR',
  rupee: 'INR',
};

/** Reads an amount as `1200.50 USD`; `$` and `dollars` are taken for those of the USA. Null for an unknown currency. */
export function readAmount(digits: string, currency: string): string | null {
  const word = currency.toLowerCase();
  const code = currencies[word] ?? currencies[word.replace(/s$/, '')];
  const value = toDecimal(digits);
  if (code === undefined || value === null) return null;
  return `${word.startsWith('cent') ? (Number(value) / 100).toFixed(2) : value} ${code}`;
}

/** The last mark divides decimals where one or two digits follow it, or where it is alone and not three do. */
function toDecimal(digits: string): string | null {
  const trimmed = digits.replace(/[.,]+$/, '');
  const parts = trimmed.split(/[.,]/);
  if (parts.some((part) => part === '')) return null;
  const last = parts.at(-1) ?? '';
  const hasDecimals = parts.length > 1 && last.length !== 3;
  const whole = (hasDecimals ? parts.slice(0, -1) : parts).join('').replace(/^0+(?=\d)/, '');
  return hasDecimals ? `${whole}.${last}` : whole;
}
