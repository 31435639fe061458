/** The length of the season that a frequency suggests and the data can show. */

/** Frequencies as the API names them. */
export type SeasonFrequency = 'HOURLY' | 'DAILY' | 'WEEKLY' | 'MONTHLY' | 'QUARTERLY' | 'YEARLY';

const SEASON_LENGTHS: Readonly<Record<SeasonFrequency, number>> = {
  HOURLY: 24,
  DAILY: 7,
  WEEKLY: 52,
  MONTHLY: 12,
  QUARTERLY: 4,
  YEARLY: 1,
};

/**
 * Periods in one season: hours in a day 24, days in a week 7, weeks in a year 52, months 12, quarters 4,
 * years 1. A history with fewer than two seasons of values cannot show a yearly season of weeks, so WEEKLY is
 * then 1; the shorter seasons stay, since members that need two seasons fall back by themselves.
 */
export function findSeasonLength(frequency: SeasonFrequency, valueCount: number): number {
  const length = SEASON_LENGTHS[frequency];
  return frequency === 'WEEKLY' && valueCount < 2 * length ? 1 : length;
}
