const dayMilliseconds = 86_400_000;

/** Day (UTC, 'YYYY-MM-DD') on which the slowest of these lead times ends, whole days rounded up. */
export function expectedDay(orderedAt: Date, leadTimeDays: readonly number[]): string {
  const days = Math.ceil(Math.max(0, ...leadTimeDays));
  return new Date(orderedAt.getTime() + days * dayMilliseconds).toISOString().slice(0, 10);
}
