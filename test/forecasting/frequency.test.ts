import { expect, it } from 'vitest';
import { addPeriods } from '../../src/forecasting/frequency.ts';

it('adds days and weeks across months and leap years', () => {
  expect(addPeriods('2024-02-28', 'DAILY', 1)).toBe('2024-02-29');
  expect(addPeriods('2023-12-25', 'WEEKLY', 2)).toBe('2024-01-08');
});

it('adds months, quarters and years, keeping to the last day of a shorter month', () => {
  expect(addPeriods('2024-01-31', 'MONTHLY', 1)).toBe('2024-02-29');
  expect(addPeriods('2024-11-30', 'QUARTERLY', 1)).toBe('2025-02-28');
  expect(addPeriods('2024-02-29', 'YEARLY', 1)).toBe('2025-02-28');
});

it('goes back as well as forward', () => {
  expect(addPeriods('2024-03-01', 'DAILY', -1)).toBe('2024-02-29');
  expect(addPeriods('2024-03-31', 'MONTHLY', -1)).toBe('2024-02-29');
});

it('yields the day that an hour falls on', () => {
  expect(addPeriods('2024-03-01', 'HOURLY', 25)).toBe('2024-03-02');
});
