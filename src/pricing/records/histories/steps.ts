/** Values and the days (since 1970-01-01) from which they are known, oldest first; of one day the last counts. */
export type Steps = { readonly days: readonly number[]; readonly values: readonly number[] };

/**
 * The value known on each of `days`, which ascend: that of the last step up to it, if that is at most `maximumAgeDays` old;
 * NaN otherwise.
 */
export function sampleSteps(
  steps: Steps,
  days: readonly number[],
  maximumAgeDays = Number.POSITIVE_INFINITY,
): Float64Array {
  let next = 0;
  return Float64Array.from(days, (day) => {
    while (next < steps.days.length && (steps.days[next] ?? 0) <= day) next += 1;
    const since = steps.days[next - 1];
    return since !== undefined && day - since <= maximumAgeDays
      ? (steps.values[next - 1] ?? Number.NaN)
      : Number.NaN;
  });
}

/** Reads comma-separated numbers. */
export function readNumbers(list: string): number[] {
  return list.split(',').map(Number);
}
