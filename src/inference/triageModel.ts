import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { DomainError } from '../errors.ts';
import type { Ngrams } from './hashNgrams.ts';
import type { Inference, RunOptions } from './inferenceRuntime.ts';
import type { ModelCard } from './modelCard.ts';
import type { Tensor, Tensors } from './tensor.ts';
import {
  openTextPreparer,
  type TextPreparation,
  type TextPreparer,
  type TriageText,
} from './textPreparer.ts';
import { readTriageContract, type TriageContract } from './triageCard.ts';

/** What the model says about one text; all probabilities are calibrated. */
export type TriagePrediction = {
  /** One probability a label of `contract.labels.intent`. */
  readonly intent: Float32Array;
  /** Probability that the text is about what the intents cover. */
  readonly inScope: number;
  readonly category: Float32Array;
  /** Probability that the text is a complaint. */
  readonly complaint: number;
  readonly sentiment: Float32Array;
  readonly severity: Float32Array;
  /** Of unit length; texts about the same have a product near 1. */
  readonly embedding: Float32Array;
};

/** The triage model behind texts in and probabilities out. */
export type TriageModel = {
  readonly card: ModelCard;
  readonly contract: TriageContract;
  /** How its texts are prepared, for who does that on another thread. */
  readonly preparation: TextPreparation;
  /** Preprocesses and tokenises raw texts, in order, on this thread; other requests are served meanwhile. */
  prepare(texts: readonly string[]): Promise<readonly TriageText[]>;
  /**
   * Reads texts, in order. Up to `maxBatchRows` texts are one model run, shared with other callers.
   *
   * @throws DomainError MODEL_UNAVAILABLE or MODEL_TIMEOUT
   */
  predict(texts: readonly TriageText[], options?: RunOptions): Promise<readonly TriagePrediction[]>;
};

/** The model's name, which is also that of its folder. */
export const triageName = 'triage';
/** Milliseconds of tokenising after which other requests are served. */
const longestStepMs = 5;
/** Columns by which the rows of n-grams of a call grow. */
const ngramStep = 256;

/**
 * Makes the handle of the model `triage`; undefined when the models folder has none.
 *
 * @throws DomainError MODEL_UNAVAILABLE when the card breaks the contract or the vocabulary is another one
 */
export async function makeTriageModel(
  inference: Inference,
  modelsFolder: string,
): Promise<TriageModel | undefined> {
  if (!inference.models().some(({ name }) => name === triageName)) return undefined;
  return openTriageModel(inference, join(modelsFolder, triageName));
}

/**
 * Makes the handle of the model `triage`, which must be loaded and whose files lie in a folder.
 *
 * @throws DomainError MODEL_UNAVAILABLE as `makeTriageModel` does
 */
export async function openTriageModel(inference: Inference, folder: string): Promise<TriageModel> {
  const card = inference.models().find(({ name }) => name === triageName);
  if (card === undefined) throw new Error(`Model '${triageName}' must be loaded, and it is not.`);
  const contract = readTriageContract(card);
  const { maximumTokens, vocabulary } = contract;
  const path = join(folder, vocabulary.file);
  const hasNgrams = card.inputs.some(({ name }) => name === 'ngrams');
  const preparation = { path, sha256: vocabulary.sha256, maximumTokens, hasNgrams };
  const prepare = await openTextPreparer(preparation);
  return {
    card,
    contract,
    preparation,
    prepare: (texts) => prepareTexts(texts, prepare),
    async predict(texts, options = {}) {
      if (texts.length === 0) return [];
      // Texts of one length stand together: a tile of rows is as long as its longest.
      const order = [...texts.entries()].sort(([, a], [, b]) => b.ids.length - a.ids.length);
      const feeds = makeFeeds(order.map(([, text]) => text));
      const outputs = await inference.run(card.name, feeds, texts.length, options);
      const answers = new Array<TriagePrediction>(texts.length);
      for (const [place, [row]] of order.entries()) answers[row] = readRow(outputs, place);
      return answers;
    },
  };
}

async function prepareTexts(texts: readonly string[], prepare: TextPreparer): Promise<readonly TriageText[]> {
  const prepared: TriageText[] = [];
  let since = performance.now();
  for (const text of texts) {
    prepared.push(prepare(text));
    if (performance.now() - since < longestStepMs) continue;
    await setImmediate();
    since = performance.now();
  }
  return prepared;
}

/** Lays texts out as the card's inputs [B, longest], padded with 0. */
function makeFeeds(texts: readonly TriageText[]): Tensors {
  const ids = texts.map((text) => text.ids);
  const longest = Math.max(...ids.map((row) => row.length));
  const mask = { data: new BigInt64Array(ids.length * longest), dims: [ids.length, longest] };
  for (const [index, row] of ids.entries()) mask.data.fill(1n, index * longest, index * longest + row.length);
  const tokens = { input_ids: layOutIds(ids, longest), attention_mask: mask };
  const ngrams = texts.flatMap((text) => text.ngrams ?? []);
  return ngrams.length === 0 ? tokens : { ...tokens, ...layOutNgrams(ngrams) };
}

/** Widths in steps, so that texts of about one length can share a run; a tile is cut to its longest row. */
function layOutNgrams(rows: readonly Ngrams[]): Tensors {
  const most = Math.max(1, ...rows.map(({ ids }) => ids.length));
  const width = ngramStep * Math.ceil(most / ngramStep);
  const dims = [rows.length, width];
  const ids = new Int32Array(rows.length * width);
  const weights = new Float32Array(rows.length * width);
  for (const [index, row] of rows.entries()) {
    ids.set(row.ids, index * width);
    weights.set(row.weights, index * width);
  }
  return { ngrams: { data: ids, dims }, ngram_weights: { data: weights, dims } };
}

function layOutIds(rows: readonly (readonly number[])[], width: number): Tensor {
  const data = new BigInt64Array(rows.length * width);
  for (const [index, row] of rows.entries())
    for (const [column, id] of row.entries()) data[index * width + column] = BigInt(id);
  return { data, dims: [rows.length, width] };
}

function readRow(outputs: Tensors, row: number): TriagePrediction {
  return {
    intent: readNumbers(outputs, 'intent', row),
    inScope: readNumbers(outputs, 'in_scope', row)[0] ?? 0,
    category: readNumbers(outputs, 'category', row),
    complaint: readNumbers(outputs, 'complaint', row)[0] ?? 0,
    sentiment: readNumbers(outputs, 'sentiment', row),
    severity: readNumbers(outputs, 'severity', row),
    embedding: readNumbers(outputs, 'embedding', row),
  };
}

function readNumbers(outputs: Tensors, name: string, row: number): Float32Array {
  const tensor = outputs[name];
  if (!(tensor?.data instanceof Float32Array))
    throw new Error(`Output '${name}' must be float32, and it is not.`);
  const size = tensor.dims[1] ?? 1;
  const numbers = tensor.data.slice(row * size, (row + 1) * size);
  if (numbers.every(Number.isFinite)) return numbers;
  const message = `Model 'triage': every number in '${name}' must be finite, and one is not.`;
  throw new DomainError('MODEL_UNAVAILABLE', message);
}
