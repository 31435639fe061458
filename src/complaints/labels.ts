import type { ComplaintSentiment, ComplaintSeverity } from '../generated/graphql.ts';

/** Severities from the least to the greatest; the store keeps their place, counted from 1, and 0 for none. */
export const severities: readonly ComplaintSeverity[] = ['LOW', 'MEDIUM', 'HIGH', 'CRITICAL'];
/** Sentiments from the worst to the best; kept as severities are. */
export const sentiments: readonly ComplaintSentiment[] = [
  'VERY_NEGATIVE',
  'NEGATIVE',
  'NEUTRAL',
  'POSITIVE',
  'VERY_POSITIVE',
];

/** Place of a label in its list, counted from 1; 0 where it is none. Case does not count. */
export function placeOf(list: readonly string[], label: string | null | undefined): number {
  return list.indexOf((label ?? '').toUpperCase()) + 1;
}

/** The label at a place counted from 1; null for 0. */
export function labelAt<Label>(list: readonly Label[], place: number | null): Label | null {
  return place === null ? null : (list[place - 1] ?? null);
}
