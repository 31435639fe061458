import { describe, expect, it } from 'vitest';
import type { CardTensor } from '../../src/inference/modelCard.ts';
import { trimTile } from '../../src/inference/trimTile.ts';

const input = (name: string, shape: readonly (number | string)[]): CardTensor => ({
  name,
  dtype: 'int64',
  shape,
  unit: '1',
  description: name,
});
const tokens = [input('input_ids', ['B', 'T']), input('attention_mask', ['B', 'T']), input('kind', ['B'])];

describe('trimTile', () => {
  it('cuts what is padding in every row, and leaves the other inputs', () => {
    const dims = [2, 4];
    const kind = { data: BigInt64Array.of(5n, 6n), dims: [2] };
    const trimmed = trimTile(tokens, {
      input_ids: { data: BigInt64Array.of(2n, 3n, 0n, 0n, 2n, 9n, 3n, 0n), dims },
      attention_mask: { data: BigInt64Array.of(1n, 1n, 0n, 0n, 1n, 1n, 1n, 0n), dims },
      kind,
    });
    expect(trimmed).toEqual({
      input_ids: { data: BigInt64Array.of(2n, 3n, 0n, 2n, 9n, 3n), dims: [2, 3] },
      attention_mask: { data: BigInt64Array.of(1n, 1n, 0n, 1n, 1n, 1n), dims: [2, 3] },
      kind,
    });
  });

  it('keeps one column of a tile that is all padding', () => {
    const padding = { data: new BigInt64Array(4), dims: [2, 2] };
    expect(
      trimTile(tokens.slice(0, 2), { input_ids: padding, attention_mask: padding }).input_ids?.dims,
    ).toEqual([2, 1]);
  });

  it('cuts each axis by the mask that goes with it', () => {
    const both = [...tokens.slice(0, 2), input('ngrams', ['B', 'N']), input('ngram_weights', ['B', 'N'])];
    const trimmed = trimTile(both, {
      input_ids: { data: BigInt64Array.of(2n, 3n), dims: [1, 2] },
      attention_mask: { data: BigInt64Array.of(1n, 1n), dims: [1, 2] },
      ngrams: { data: BigInt64Array.of(7n, 8n, 9n, 0n), dims: [1, 4] },
      ngram_weights: { data: Float32Array.of(1, 2, 1, 0), dims: [1, 4] },
    });
    expect(trimmed.input_ids?.dims).toEqual([1, 2]);
    expect(trimmed.ngrams).toEqual({ data: BigInt64Array.of(7n, 8n, 9n), dims: [1, 3] });
    expect(trimmed.ngram_weights).toEqual({ data: Float32Array.of(1, 2, 1), dims: [1, 3] });
  });

  it('leaves a model without such a mask alone', () => {
    const feeds = { values: { data: BigInt64Array.of(1n, 0n), dims: [1, 2] } };
    expect(trimTile([input('values', ['B', 2])], feeds)).toBe(feeds);
  });
});
