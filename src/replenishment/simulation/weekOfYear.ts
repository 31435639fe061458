const msPerDay = 86_400_000;

/** ISO 8601 number, 1 to 53, of the week that begins on a Monday; of another day, that of the Monday-like week from it on. */
export function weekOfYear(firstDay: number): number {
  const thursday = new Date(firstDay + 3 * msPerDay);
  const firstOfYear = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  return 1 + Math.floor((thursday.getTime() - firstOfYear) / (7 * msPerDay));
}
