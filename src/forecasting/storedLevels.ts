import { STANDARD_LEVELS } from './member.ts';

/** Levels of forecasts of the store's own sales: the tails are what replenishment rests on. */
export const storedLevels: readonly number[] = [0.05, ...STANDARD_LEVELS, 0.95];
