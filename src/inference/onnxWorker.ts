/** The script of an inference thread: makes every model's session once, then runs batches. */

import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { workerData } from 'node:worker_threads';
import { InferenceSession, Tensor as OnnxTensor } from 'onnxruntime-node';
import { DomainError } from '../errors.ts';
import { type Handled, serveWorker } from '../workers/workerEntry.ts';
import { checkSession } from './checkSession.ts';
import type { ModelCard, TensorDtype } from './modelCard.ts';
import { hashError, type RegisteredModel } from './modelRegistry.ts';
import { copyRows, DATA_TYPES, gatherRows, type RowRange, type Tensor, type Tensors } from './tensor.ts';
import { trimTile } from './trimTile.ts';

/** One batch for one model. */
export type OnnxRequest = { readonly model: string; readonly feeds: Tensors };

/** The outputs in card order, and the milliseconds that `session.run` took, over all tiles. */
export type OnnxResponse = { readonly outputs: Tensors; readonly durationMs: number };

/**
 * Rows that the session gets at a time: what the layers of a model of a few million parameters leave behind for them
 * fits the processor's cache. 256 rows of 200 values take 0.27 ms each at once and 0.21 ms in tiles.
 */
const tileRows = 32;

type LoadedModel = { readonly card: ModelCard; readonly session: InferenceSession };

// The runtime hands its registered models to the pool, and the pool clones them here.
const registered = workerData as readonly RegisteredModel[];
const models = new Map<string, LoadedModel>();
for (const model of registered) models.set(model.card.name, await loadModel(model));
serveWorker(runBatch);

/** Hashes the very bytes the session is made of: a thread started later may find another file. */
async function loadModel({ card, path }: RegisteredModel): Promise<LoadedModel> {
  const content = await readFile(path);
  const sha256 = createHash('sha256').update(content).digest('hex');
  if (sha256 !== card.sha256) throw hashError(card, sha256);
  const session = await openSession(card, content);
  checkSession(card, session.inputMetadata, session.outputMetadata);
  return { card, session };
}

async function openSession(card: ModelCard, content: Uint8Array): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(content, {
      executionProviders: ['cpu'],
      graphOptimizationLevel: 'all',
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
    });
  } catch (cause) {
    const message = `Model '${card.name}': ${card.file} must be a complete ONNX file, and it cannot be read.`;
    throw new DomainError('MODEL_UNAVAILABLE', message, { cause });
  }
}

async function runBatch({ model, feeds }: OnnxRequest): Promise<Handled<OnnxResponse>> {
  const loaded = models.get(model);
  if (loaded === undefined) throw new Error(`Model '${model}' must be loaded before it runs, and it is not.`);
  const { card, session } = loaded;
  const rows = feeds[card.inputs[0]?.name ?? '']?.dims[0] ?? 0;
  const size = Math.ceil(rows / Math.ceil(rows / tileRows));
  const tiles: RowRange[] = [];
  let durationMs = 0;
  for (let from = 0; from < rows; from += size) {
    const tile = { from, rows: Math.min(size, rows - from) };
    const onnxFeeds = toOnnx(card, feeds, tile);
    const begin = performance.now();
    const results = await session.run(onnxFeeds);
    durationMs += performance.now() - begin;
    const tensors = card.outputs.map(({ name, dtype }) => [
      name,
      fromOnnx(dtype, name, results[name], tile.rows),
    ]);
    tiles.push({ tensors: Object.fromEntries(tensors), from: 0, rows: tile.rows });
  }
  const [first] = tiles;
  const outputs = tiles.length === 1 && first !== undefined ? first.tensors : gatherRows(tiles, 'own');
  // An output never lies in shared memory: onnxruntime or `gatherRows` allocated it.
  const transfer = Object.values(outputs).map(({ data }) => data.buffer as ArrayBuffer);
  return { response: { outputs, durationMs }, transfer };
}

function toOnnx(
  { inputs }: ModelCard,
  feeds: Tensors,
  tile: { readonly from: number; readonly rows: number },
): Record<string, OnnxTensor> {
  const rows = inputs.map(({ name }) => {
    const tensor = feeds[name];
    if (tensor === undefined) throw new Error(`Input '${name}' must be given, and it is not.`);
    return [name, copyRows(tensor, tile.from, tile.rows)];
  });
  const trimmed = trimTile(inputs, Object.fromEntries(rows));
  const onnxFeeds: Record<string, OnnxTensor> = {};
  for (const { name, dtype } of inputs) {
    const tensor = trimmed[name];
    if (tensor !== undefined) onnxFeeds[name] = new OnnxTensor(dtype, tensor.data, tensor.dims);
  }
  return onnxFeeds;
}

function fromOnnx(dtype: TensorDtype, name: string, tensor: OnnxTensor | undefined, rows: number): Tensor {
  const data = tensor?.data;
  if (tensor === undefined || !(data instanceof DATA_TYPES[dtype]))
    throw new Error(`Output '${name}' must be ${dtype}, and it is not.`);
  if (tensor.dims[0] !== rows)
    throw new Error(
      `Output '${name}' must have ${rows} rows, one for each input row, got ${tensor.dims[0]}.`,
    );
  return { data, dims: tensor.dims };
}
