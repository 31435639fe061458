/** The calendar day of a moment, UTC, 'YYYY-MM-DD'. */
export function toDay(moment: Date): string {
  return moment.toISOString().slice(0, 10);
}
