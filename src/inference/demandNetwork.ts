import { setImmediate } from 'node:timers/promises';
import { DomainError } from '../errors.ts';
import {
  CONTEXT_LENGTH,
  checkDemandSeries,
  DEMAND_COVARIATES,
  DEMAND_LEVELS,
  type DemandSeries,
  HORIZON_LENGTH,
  makeDemandFeeds,
} from './demandFeeds.ts';
import type { Inference, RunOptions } from './inferenceRuntime.ts';
import type { ModelCard } from './modelCard.ts';
import type { Tensors } from './tensor.ts';

const LEVELS = DEMAND_LEVELS.length;

/** What the network says about one series. */
export type DemandPrediction = {
  /** `[horizon × 9]` row-major, units per period; each row ascends; below 0 only when history is. */
  readonly quantiles: Float64Array;
  /** The nine levels, 0.1 … 0.9. */
  readonly levels: readonly number[];
  /** `[horizon]`, chance that a period has no demand, 0–1. */
  readonly zeroProbability: Float64Array;
  /**
   * `[n]`, units per period: demand had stock been there. Meaningful where the series was out of stock;
   * NaN before the last 512 periods.
   */
  readonly undisturbed: Float64Array;
};

/** The demand network behind numbers in and numbers out. */
export type DemandNetwork = {
  readonly card: ModelCard;
  /**
   * Forecasts `horizon` (1–64) periods of any number of series, in order. Up to `maxBatchRows` series are one
   * model run, shared with other callers; of more, as many runs are under way as there are threads, and each
   * run has the whole deadline.
   *
   * @throws DomainError BAD_USER_INPUT, MODEL_UNAVAILABLE or MODEL_TIMEOUT
   */
  predict(
    series: readonly DemandSeries[],
    horizon: number,
    options?: RunOptions,
  ): Promise<readonly DemandPrediction[]>;
};

/**
 * Makes the handle of the model `demand`; undefined when the models folder has none.
 *
 * @throws DomainError MODEL_UNAVAILABLE when the card speaks of other lengths, levels or covariates
 */
export function makeDemandNetwork(inference: Inference): DemandNetwork | undefined {
  const card = inference.models().find(({ name }) => name === 'demand');
  if (card === undefined) return undefined;
  checkContract(card);
  return {
    card,
    async predict(series, horizon, options = {}) {
      checkDemandSeries(series, horizon);
      const size = inference.maxBatchRows;
      const chunks = Math.ceil(series.length / size);
      const order = orderByLength(series);
      const answers = new Array<DemandPrediction>(series.length);
      let next = 0;
      const workOff = async () => {
        while (next < chunks) {
          const chunk = next;
          next += 1;
          // Laying out one chunk takes milliseconds; requests are served between chunks.
          if (chunk > 0) await setImmediate();
          const part = order.slice(chunk * size, (chunk + 1) * size);
          const feeds = makeDemandFeeds(part.map(({ one }) => one));
          const outputs = await inference.run(card.name, feeds, part.length, options);
          for (const [row, { one, place }] of part.entries())
            answers[place] = readRow(one, row, horizon, outputs);
        }
      };
      const lanes = Array.from({ length: Math.min(inference.threads, chunks) }, () =>
        workOff().catch((error: unknown) => {
          next = chunks;
          throw error;
        }),
      );
      await Promise.all(lanes);
      return answers;
    },
  };
}

/**
 * The series with their places, longest first: the network encodes as many periods of every row as the longest
 * beside it has, so rows of one length should stand together.
 */
function orderByLength(
  series: readonly DemandSeries[],
): readonly { readonly one: DemandSeries; readonly place: number }[] {
  const usedBy = ({ values }: DemandSeries) => Math.min(values.length, CONTEXT_LENGTH);
  return series.map((one, place) => ({ one, place })).sort((a, b) => usedBy(b.one) - usedBy(a.one));
}

function checkContract({ raw }: ModelCard): void {
  const contract = {
    contextLength: CONTEXT_LENGTH,
    horizonLength: HORIZON_LENGTH,
    quantileLevels: DEMAND_LEVELS,
    covariates: DEMAND_COVARIATES,
  };
  for (const [field, value] of Object.entries(contract)) {
    const [wanted, got] = [JSON.stringify(value), JSON.stringify(raw[field])];
    if (wanted === got) continue;
    const message = `demand/card.json: '${field}' must be ${wanted}, got ${got ?? 'nothing'}.`;
    throw new DomainError('MODEL_UNAVAILABLE', message);
  }
}

function readRow(series: DemandSeries, row: number, horizon: number, outputs: Tensors): DemandPrediction {
  const n = series.values.length;
  const used = Math.min(n, CONTEXT_LENGTH);
  const least = hasNegative(series.values) ? Number.NEGATIVE_INFINITY : 0;
  const quantiles = readNumbers(outputs, 'quantiles', row * HORIZON_LENGTH * LEVELS, horizon * LEVELS, least);
  const zeroProbability = readNumbers(outputs, 'zero_probability', row * HORIZON_LENGTH, horizon, 0);
  const undisturbed = new Float64Array(n).fill(Number.NaN);
  const past = readNumbers(outputs, 'undisturbed', (row + 1) * CONTEXT_LENGTH - used, used, least);
  undisturbed.set(past, n - used);
  return { quantiles, levels: DEMAND_LEVELS, zeroProbability, undisturbed };
}

function hasNegative(values: Float64Array | readonly number[]): boolean {
  for (const value of values) if (value < 0) return true;
  return false;
}

function readNumbers(
  outputs: Tensors,
  name: string,
  from: number,
  count: number,
  least: number,
): Float64Array {
  const data = outputs[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`Output '${name}' must be float32, and it is not.`);
  const numbers = new Float64Array(count);
  for (let i = 0; i < count; i += 1) {
    const value = data[from + i] ?? Number.NaN;
    if (!Number.isFinite(value)) throw notFinite(name, value);
    numbers[i] = Math.max(value, least);
  }
  return numbers;
}

function notFinite(output: string, value: number): DomainError {
  const message = `Model 'demand': every number in '${output}' must be finite, got ${value}.`;
  return new DomainError('MODEL_UNAVAILABLE', message);
}
