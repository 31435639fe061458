import type { MemberWeight } from '../ensemble.ts';
import type { QuantileForecast } from '../member.ts';

/** Weeks since its first sale from which a variant is forecast from its own history alone. */
export const COLD_WEEKS = 12;
/** Name of the similar variants among the members of a forecast. */
const similarMember = 'similar_variants';

/** Own weeks at which the ensemble on the own history weighs as much as the similar variants. */
const MEMBER_SHRINKAGE_WEEKS = 6;

/** A forecast with the members behind it. */
type Weighed = { readonly forecast: QuantileForecast; readonly members: readonly MemberWeight[] };

/**
 * Averages the quantiles of the similar variants' forecast and of the ensemble on the own `weeks`, which weighs
 * n/(n + 6); the similar ones alone where there is no own forecast. Levels and horizons are the same.
 */
export function mixColdStart(
  similar: QuantileForecast,
  own: Weighed | null,
  weeks: number,
): Weighed & { readonly similarWeight: number } {
  const share = own === null ? 0 : weeks / (weeks + MEMBER_SHRINKAGE_WEEKS);
  const mix = (a: Float64Array, b: Float64Array | undefined) =>
    b === undefined ? a : a.map((value, i) => (1 - share) * value + share * (b[i] ?? 0));
  return {
    similarWeight: 1 - share,
    forecast: {
      ...similar,
      quantiles: mix(similar.quantiles, own?.forecast.quantiles),
      mean: mix(similar.mean, own?.forecast.mean),
    },
    members: [
      ...(own?.members ?? []).map(({ name, weight }) => ({ name, weight: share * weight })),
      { name: similarMember, weight: 1 - share },
    ],
  };
}
