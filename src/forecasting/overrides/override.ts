/** What a planner expects of some days: `units` of all of them together, or a `factor` on the statistical forecast. */
export type Override = {
  readonly id: number;
  /** First and last day, 'YYYY-MM-DD'. */
  readonly startsOn: string;
  readonly endsOn: string;
  /** Exactly one of the two is given. */
  readonly units: number | null;
  readonly factor: number | null;
};
