import { DomainError } from '../errors.ts';
import { CardReader } from './cardReader.ts';
import type { JsonObject } from './json.ts';

/** Element types a card may name. */
export const TENSOR_DTYPES = ['float32', 'float64', 'int32', 'int64', 'uint8', 'bool'] as const;
/** Element type of a tensor. */
export type TensorDtype = (typeof TENSOR_DTYPES)[number];

/** One input or output of a model. */
export type CardTensor = {
  readonly name: string;
  readonly dtype: TensorDtype;
  /** A name where the size is free; the first is always the batch, e.g. `['B', 512]`. */
  readonly shape: readonly (number | string)[];
  readonly unit: string;
  readonly description: string;
};

/** One measured figure beside its baseline. */
export type CardMetric = {
  readonly dataset: string;
  /** How many series it was measured on, or which. */
  readonly series: number | string;
  readonly metric: string;
  readonly value: number;
  readonly baseline: { readonly name: string; readonly value: number };
  /** Shell command that prints the figure. */
  readonly command: string;
};

/** A model's card: what it takes and gives, what it learnt from and how well it does. */
export type ModelCard = {
  /** Also the name of the model's folder. */
  readonly name: string;
  readonly version: string;
  readonly task: string;
  readonly description: string;
  /** ONNX file inside the model's folder. */
  readonly file: string;
  /** Of the ONNX file, lower-case hexadecimal. */
  readonly sha256: string;
  /** Number of trained parameters. */
  readonly parameters: number;
  readonly inputs: readonly CardTensor[];
  readonly outputs: readonly CardTensor[];
  readonly training: { readonly data: readonly { readonly name: string; readonly licence: string }[] };
  readonly metrics: readonly CardMetric[];
  /** Known limits, one sentence each. */
  readonly limits: readonly string[];
  readonly licence: string;
  /** The whole card as it lies on disk, with the keys only this model has. */
  readonly raw: JsonObject;
};

/**
 * Reads a card and checks every field.
 *
 * @param text the JSON text
 * @param fileName names the card in messages, e.g. `demand/card.json`
 * @throws DomainError MODEL_UNAVAILABLE with one sentence per problem
 */
export function parseModelCard(text: string, fileName: string): ModelCard {
  const raw = parseObject(text, fileName);
  const problems: string[] = [];
  const read = new CardReader(raw, (field, rule, got) => {
    const found = got === undefined ? 'nothing' : JSON.stringify(got);
    problems.push(`${fileName}: '${field}' must be ${rule}, got ${found}.`);
  });
  const card = {
    name: read.text('name'),
    version: read.text('version'),
    task: read.text('task'),
    description: read.text('description'),
    file: read.matching('file', /^[\w.-]+\.onnx$/, 'the name of an ONNX file beside the card'),
    sha256: read.matching('sha256', /^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'),
    parameters: read.number('parameters'),
    inputs: read.objects('inputs', 1).map((at) => readTensor(read, at)),
    outputs: read.objects('outputs', 1).map((at) => readTensor(read, at)),
    training: {
      data: read
        .objects('training.data', 1)
        .map((at) => ({ name: read.text(`${at}.name`), licence: read.text(`${at}.licence`) })),
    },
    metrics: read.objects('metrics', 0).map((at) => readMetric(read, at)),
    limits: read.texts('limits'),
    licence: read.text('licence'),
    raw,
  };
  if (problems.length > 0) throw new DomainError('MODEL_UNAVAILABLE', problems.join(' '));
  return card;
}

function readTensor(read: CardReader, at: string): CardTensor {
  return {
    name: read.text(`${at}.name`),
    dtype: read.choice(`${at}.dtype`, TENSOR_DTYPES),
    shape: read.shape(`${at}.shape`),
    unit: read.text(`${at}.unit`),
    description: read.text(`${at}.description`),
  };
}

function readMetric(read: CardReader, at: string): CardMetric {
  return {
    dataset: read.text(`${at}.dataset`),
    series: read.numberOrText(`${at}.series`),
    metric: read.text(`${at}.metric`),
    value: read.number(`${at}.value`),
    baseline: {
      name: read.text(`${at}.baseline.name`),
      value: read.number(`${at}.baseline.value`),
    },
    command: read.text(`${at}.command`),
  };
}

function parseObject(text: string, fileName: string): JsonObject {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw new DomainError('MODEL_UNAVAILABLE', `${fileName}: the card must be valid JSON, and it is not.`, {
      cause,
    });
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed))
    throw new DomainError('MODEL_UNAVAILABLE', `${fileName}: the card must be a JSON object, and it is not.`);
  // JSON.parse yields nothing but JSON values.
  return parsed as JsonObject;
}
