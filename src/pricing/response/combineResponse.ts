import {
  type DemandResponse,
  RESPONSE_LEVELS,
  type ResponseEffect,
  type ResponseMember,
} from '../demandResponse.ts';
import type { PriceStep } from './findPriceSteps.ts';
import { predictLogLinear } from './logLinearMember.ts';
import type { Estimate } from './multipleRegression.ts';
import { toRatios } from './ratioDistribution.ts';
import type { ItemReading } from './responseTask.ts';

const width = RESPONSE_LEVELS.length;
const median = RESPONSE_LEVELS.indexOf(0.5);
/** Normal score of the ends of a 95 % interval. */
const score = 1.959964;

/** What the network says of one item. */
export interface NetworkReading {
  /** `[1 + G, 7]` row-major quantiles of the mean elasticity up to each candidate; the first row is at the current price. */
  readonly elasticities: Float64Array;
  /** `[7]`, log of the factor of promotions on demand. */
  readonly promotionLift: Float64Array;
  /** `[7]`, log of demand per period over the next periods ÷ its recent level. */
  readonly level: Float64Array;
}

/**
 * The network's share beside the shrunken log-linear model, by quantile averaging. On shops drawn as those it learned from it
 * would have all the weight (`training/shops/weighMembers.ts`); on others, drawn by `bench/pricing` with other seeds than the
 * frozen ones, elasticities are nearest with a half and intervals hold best with more.
 */
export const NETWORK_WEIGHT = 0.7;

/** Of its weight what the network, whose response is smooth, keeps where demand has steps. */
const STEPPED_SHARE = 0.4;

/** Combines the members' answers over a grid of log (price ÷ current price); without a network the log-linear model answers. */
export function combineResponse(
  reading: ItemReading,
  network: NetworkReading | null,
  logRatios: Float64Array,
  networkWeight: number = NETWORK_WEIGHT,
): DemandResponse {
  const { steps, slope } = reading.stepped;
  const share = network === null ? 0 : slope === null ? networkWeight : networkWeight * STEPPED_SHARE;
  const plain = slope ?? reading.shrunken;
  const quantiles = predictLogLinear(plain, logRatios, reading.seen, steps);
  if (network !== null)
    for (const [g, x] of logRatios.entries())
      for (let k = 0; k < width; k += 1) {
        // Below the current price a larger elasticity makes a smaller ratio.
        const from = x < 0 ? width - 1 - k : k;
        const elasticity = network.elasticities[(g + 1) * width + from] ?? 0;
        const own = quantiles[g * width + k] ?? 0;
        quantiles[g * width + k] = share * elasticity * x + (1 - share) * own;
      }
  return {
    elasticity: { ...combineElasticity(plain, network, share), isIdentified: reading.isIdentified },
    ...toRatios(quantiles),
    members: listMembers(share),
    effects: [...listAllEffects(reading, network, share), ...steps.map(nameStep)],
    warnings: reading.warnings,
  };
}

function combineElasticity(
  { value, standardError }: Estimate,
  network: NetworkReading | null,
  share: number,
) {
  const mix = (quantile: number, own: number) =>
    share * (network?.elasticities[quantile] ?? 0) + (1 - share) * own;
  return {
    value: mix(median, value),
    low: mix(0, value - score * standardError),
    high: mix(width - 1, value + score * standardError),
  };
}

/** The effect of crossing a price, named by the log of the price ÷ current price in per cent. */
function nameStep({ at, fall, standardError }: PriceStep): ResponseEffect {
  const change = 100 * Math.expm1(at);
  const sign = change < 0 ? '−' : '+';
  return { name: `price_step_at_${sign}${Math.abs(change).toFixed(1)}%`, coefficient: fall, standardError };
}

function listMembers(share: number): readonly ResponseMember[] {
  const plain = { name: 'shrunken_log_linear', weight: 1 - share };
  return share === 0 ? [plain] : [{ name: 'pricing_network', weight: share }, plain];
}

/** What the sales show, the promotion's effect averaged over the members, and how the network expects the level to move. */
function listAllEffects(
  { promotion, effects }: ItemReading,
  network: NetworkReading | null,
  share: number,
): readonly ResponseEffect[] {
  const others = effects.filter(({ name }) => name !== 'promotion');
  const level = network === null ? [] : [{ name: 'level_change', ...toEstimate(network.level) }];
  if (!Number.isFinite(promotion.standardError)) return [...others, ...level];
  const taught = network === null ? { coefficient: 0, standardError: 0 } : toEstimate(network.promotionLift);
  const mixed = {
    name: 'promotion',
    coefficient: share * taught.coefficient + (1 - share) * promotion.value,
    standardError: share * taught.standardError + (1 - share) * promotion.standardError,
  };
  return [mixed, ...others, ...level];
}

/** Median and standard error of a distribution that is taken for normal. */
function toEstimate(quantiles: Float64Array): Omit<ResponseEffect, 'name'> {
  const [low, middle, high] = [quantiles[0] ?? 0, quantiles[median] ?? 0, quantiles[width - 1] ?? 0];
  return { coefficient: middle, standardError: (high - low) / (2 * score) };
}
