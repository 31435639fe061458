/**
 * Round values that divide a range: multiples of 1, 2 or 5 times a power of ten, about `count` of them, the first at
 * or below `low` and the last at or above `high`.
 */
export function makeTicks(low: number, high: number, count = 5): number[] {
  const span = high > low ? high - low : Math.max(1, Math.abs(high));
  const rough = span / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => factor * power >= rough) ?? 10);
  const first = Math.floor(low / step + 1e-9);
  const last = Math.max(first + 1, Math.ceil(high / step - 1e-9));
  return Array.from({ length: last - first + 1 }, (_, index) => toExact((first + index) * step));
}

/** Writes a tick's value for people: thousands apart, no digits that the step does not need. */
export function formatTick(value: number): string {
  return toExact(value).toLocaleString('en-US', { maximumFractionDigits: 6 });
}

/** 0.30000000000000004 → 0.3 */
function toExact(value: number): number {
  return Number(value.toPrecision(12));
}
