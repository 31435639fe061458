import { DomainError } from '../errors.ts';
import type { Inference, RunOptions } from './inferenceRuntime.ts';
import type { ModelCard } from './modelCard.ts';
import type { Tensors } from './tensor.ts';

/** Candidate prices of one row; an item with more takes several rows. */
const ROW_PRICES = 64;
const LEVELS = [0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975] as const;

/** One item: what is known of it, and candidate prices. */
export type PricingQuery = {
  /** Numbers as the card names them. */
  readonly features: Float32Array;
  /** `[G]`, log of candidate price ÷ current price. */
  readonly logPriceRatios: Float64Array;
};

/** What the network says of one item; quantiles at the levels 0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975, ascending. */
export type PricingPrediction = {
  /** `[1 + G, 7]` row-major, mean elasticity between the current price and each candidate; the first row at the current price. */
  readonly elasticities: Float64Array;
  /** `[7]`, log of the factor of promotions on demand. */
  readonly promotionLift: Float64Array;
  /** `[7]`, log of units per period over the next periods ÷ recent level. */
  readonly level: Float64Array;
};

/** The pricing network behind numbers in and numbers out. */
export type PricingNetwork = {
  readonly card: ModelCard;
  /**
   * Answers for any number of items, in order; up to `maxBatchRows` rows are one model run.
   *
   * @throws DomainError MODEL_UNAVAILABLE or MODEL_TIMEOUT
   */
  predict(queries: readonly PricingQuery[], options?: RunOptions): Promise<readonly PricingPrediction[]>;
};

/**
 * Makes the handle of the model `pricing`; undefined when the models folder has none.
 *
 * @throws DomainError MODEL_UNAVAILABLE when the card speaks of other levels or sizes
 */
export function makePricingNetwork(inference: Inference): PricingNetwork | undefined {
  const card = inference.models().find(({ name }) => name === 'pricing');
  if (card === undefined) return undefined;
  const featureCount = checkContract(card);
  return {
    card,
    async predict(queries, options = {}) {
      if (queries.length === 0) return [];
      const rows = queries.flatMap((query, item) => cutRows(query, item));
      const features = new Float32Array(rows.length * featureCount);
      const ratios = new Float32Array(rows.length * ROW_PRICES);
      for (const [row, { item, part }] of rows.entries()) {
        features.set(queries[item]?.features ?? [], row * featureCount);
        // The first place of every row stays 0: the current price.
        ratios.set(part, row * ROW_PRICES + 1);
      }
      const feeds = {
        features: { data: features, dims: [rows.length, featureCount] },
        log_price_ratios: { data: ratios, dims: [rows.length, ROW_PRICES] },
      };
      const outputs = await inference.run(card.name, feeds, rows.length, options);
      return readAnswers(queries, rows, outputs);
    },
  };
}

type Row = { readonly item: number; readonly from: number; readonly part: Float64Array };

function cutRows({ logPriceRatios }: PricingQuery, item: number): readonly Row[] {
  const size = ROW_PRICES - 1;
  const count = Math.max(1, Math.ceil(logPriceRatios.length / size));
  return Array.from({ length: count }, (_, k) => ({
    item,
    from: k * size,
    part: logPriceRatios.subarray(k * size, (k + 1) * size),
  }));
}

function checkContract({ raw }: ModelCard): number {
  const contract = { quantileLevels: LEVELS, rowPrices: ROW_PRICES };
  for (const [field, value] of Object.entries(contract)) {
    const [wanted, got] = [JSON.stringify(value), JSON.stringify(raw[field])];
    if (wanted === got) continue;
    const message = `pricing/card.json: '${field}' must be ${wanted}, got ${got ?? 'nothing'}.`;
    throw new DomainError('MODEL_UNAVAILABLE', message);
  }
  return Number(raw.featureCount);
}

function readAnswers(
  queries: readonly PricingQuery[],
  rows: readonly Row[],
  outputs: Tensors,
): readonly PricingPrediction[] {
  const width = LEVELS.length;
  const elasticities = numbersOf(outputs, 'elasticities');
  const [lifts, levels] = [numbersOf(outputs, 'promotion_lift'), numbersOf(outputs, 'level')];
  const answers = queries.map(({ logPriceRatios }) => ({
    elasticities: new Float64Array((1 + logPriceRatios.length) * width),
    promotionLift: new Float64Array(width),
    level: new Float64Array(width),
  }));
  for (const [row, { item, from, part }] of rows.entries()) {
    const answer = answers[item];
    if (answer === undefined) continue;
    const start = row * ROW_PRICES * width;
    answer.elasticities.set(elasticities.subarray(start, start + width));
    answer.elasticities.set(
      elasticities.subarray(start + width, start + (1 + part.length) * width),
      (1 + from) * width,
    );
    answer.promotionLift.set(lifts.subarray(row * width, (row + 1) * width));
    answer.level.set(levels.subarray(row * width, (row + 1) * width));
  }
  return answers;
}

function numbersOf(outputs: Tensors, name: string): Float32Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Output '${name}' must be float32, and it is not.`);
  for (const value of data) {
    if (Number.isFinite(value)) continue;
    throw new DomainError(
      'MODEL_UNAVAILABLE',
      `Model 'pricing': every number in '${name}' must be finite, got ${value}.`,
    );
  }
  return data;
}
