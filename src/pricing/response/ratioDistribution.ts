import { RESPONSE_LEVELS } from '../demandResponse.ts';

/** Share of the distribution that each of `RESPONSE_LEVELS` stands for: half of the way to its neighbours. */
const LEVEL_SHARES: readonly number[] = RESPONSE_LEVELS.map((level, k) => {
  const from = k === 0 ? 0 : ((RESPONSE_LEVELS[k - 1] ?? 0) + level) / 2;
  const to = k === RESPONSE_LEVELS.length - 1 ? 1 : (level + (RESPONSE_LEVELS[k + 1] ?? 1)) / 2;
  return to - from;
});

/** Factors beyond e^±3 on demand are taken for artefacts. */
const largestLog = 3;

/**
 * Makes a response from the log ratios' quantiles, `[G × RESPONSE_LEVELS]` row-major and ascending in each row: the same
 * quantiles of the ratio itself, and its mean.
 */
export function toRatios(logQuantiles: Float64Array): {
  readonly ratios: Float64Array;
  readonly ratioQuantiles: Float64Array;
} {
  const width = RESPONSE_LEVELS.length;
  const ratioQuantiles = logQuantiles.map((log) =>
    Math.exp(Math.max(-3 * largestLog, Math.min(largestLog, log))),
  );
  const ratios = new Float64Array(logQuantiles.length / width);
  for (let g = 0; g < ratios.length; g += 1) {
    let mean = 0;
    for (let k = 0; k < width; k += 1) mean += (LEVEL_SHARES[k] ?? 0) * (ratioQuantiles[g * width + k] ?? 0);
    ratios[g] = mean;
  }
  return { ratios, ratioQuantiles };
}
