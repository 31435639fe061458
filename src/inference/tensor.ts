import type { TensorDtype } from './modelCard.ts';

/** Elements of a tensor; `bool` is kept as bytes of 0 and 1. */
export type TensorData = Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;

/** A row-major tensor whose first dimension is the batch, e.g. `{ data: Float32Array, dims: [B, 512] }`. */
export type Tensor = { readonly data: TensorData; readonly dims: readonly number[] };

/** Tensors by input or output name; all have the same number of rows. */
export type Tensors = Readonly<Record<string, Tensor>>;

/** `count` rows of `tensors`, beginning with row `from`. */
export type RowRange = { readonly tensors: Tensors; readonly from: number; readonly rows: number };

/** Array type that holds a dtype's elements. */
export const DATA_TYPES = {
  float32: Float32Array,
  float64: Float64Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  bool: Uint8Array,
} as const satisfies Record<TensorDtype, unknown>;

/** Text that is equal for tensors whose rows can stand in one batch: names, element types, row shapes. */
export function rowSignature(tensors: Tensors): string {
  return Object.keys(tensors)
    .sort()
    .map((name) => `${name}:${tensors[name]?.data.constructor.name}:${tensors[name]?.dims.slice(1)}`)
    .join(';');
}

/**
 * Copies row ranges of equal signature under each other, in order.
 *
 * @param memory `shared` puts the copy into memory that a worker thread reads without another copy
 */
export function gatherRows(ranges: readonly RowRange[], memory: 'own' | 'shared'): Tensors {
  const rows = ranges.reduce((sum, range) => sum + range.rows, 0);
  const names = Object.keys(ranges[0]?.tensors ?? {});
  return Object.fromEntries(names.map((name) => [name, gatherTensor(name, ranges, rows, memory)]));
}

/** `rows` rows from row `from` on, in memory of their own: onnxruntime does not read shared memory. */
export function copyRows({ data, dims }: Tensor, from: number, rows: number): Tensor {
  const rowSize = dims.slice(1).reduce((product, size) => product * size, 1);
  return { data: data.slice(from * rowSize, (from + rows) * rowSize), dims: [rows, ...dims.slice(1)] };
}

function gatherTensor(
  name: string,
  ranges: readonly RowRange[],
  rows: number,
  memory: 'own' | 'shared',
): Tensor {
  const first = tensorOf(ranges[0], name);
  const rowSize = first.dims.slice(1).reduce((product, size) => product * size, 1);
  const data = makeData(first.data, rows * rowSize, memory);
  let at = 0;
  for (const range of ranges) {
    const end = (range.from + range.rows) * rowSize;
    copyInto(data, tensorOf(range, name).data.subarray(range.from * rowSize, end), at);
    at += range.rows * rowSize;
  }
  return { data, dims: [rows, ...first.dims.slice(1)] };
}

function tensorOf(range: RowRange | undefined, name: string): Tensor {
  const tensor = range?.tensors[name];
  if (tensor === undefined) throw new Error(`Every row range of a batch must have the tensor '${name}'.`);
  return tensor;
}

function makeData(like: TensorData, length: number, memory: 'own' | 'shared'): TensorData {
  const bytes = length * like.BYTES_PER_ELEMENT;
  const buffer = memory === 'shared' ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes);
  if (like instanceof Float32Array) return new Float32Array(buffer);
  if (like instanceof Float64Array) return new Float64Array(buffer);
  if (like instanceof Int32Array) return new Int32Array(buffer);
  if (like instanceof BigInt64Array) return new BigInt64Array(buffer);
  return new Uint8Array(buffer);
}

/** Copies elements to place `at` of a tensor of the same kind. */
export function copyInto(target: TensorData, source: TensorData, at: number): void {
  if (target instanceof BigInt64Array && source instanceof BigInt64Array) target.set(source, at);
  else if (!(target instanceof BigInt64Array || source instanceof BigInt64Array)) target.set(source, at);
  else throw new Error('Rows of 64-bit integers cannot stand in one batch with other numbers.');
}
