import type { CardTensor } from './modelCard.ts';
import { copyInto, type Tensor, type Tensors } from './tensor.ts';

/** Inputs that are 0 in the columns that a row does not use. */
const maskNames = ['attention_mask', 'ngram_weights'];

/**
 * Cuts the columns off that no row of a tile uses: rows of texts are padded to the longest of the whole call, and a
 * model takes as long over padding as over words. Inputs whose second axis is as free as that of a mask (0 = unused)
 * are cut with it; a model without masks keeps its feeds.
 */
export function trimTile(inputs: readonly CardTensor[], feeds: Tensors): Tensors {
  let trimmed = feeds;
  for (const maskName of maskNames) {
    const mask = trimmed[maskName];
    const axis = inputs.find(({ name }) => name === maskName)?.shape[1];
    if (mask !== undefined && typeof axis === 'string')
      trimmed = cutAxis(inputs, trimmed, { axis, width: usedColumns(mask) });
  }
  return trimmed;
}

function cutAxis(
  inputs: readonly CardTensor[],
  feeds: Tensors,
  cut: { readonly axis: string; readonly width: number },
): Tensors {
  const tensors = inputs.flatMap(({ name, shape }) => {
    const tensor = feeds[name];
    if (tensor === undefined) return [];
    return [[name, shape.length === 2 && shape[1] === cut.axis ? cutColumns(tensor, cut.width) : tensor]];
  });
  return Object.fromEntries(tensors);
}

/** At least one, so that a tile of nothing but padding stays a tensor. */
function usedColumns({ data, dims }: Tensor): number {
  const [rows = 0, columns = 0] = dims;
  for (let column = columns - 1; column > 0; column -= 1)
    for (let row = 0; row < rows; row += 1) if (Number(data[row * columns + column]) !== 0) return column + 1;
  return 1;
}

function cutColumns({ data, dims }: Tensor, width: number): Tensor {
  const [rows = 0, columns = 0] = dims;
  if (width === columns) return { data, dims };
  const cut = data.slice(0, rows * width);
  for (let row = 0; row < rows; row += 1)
    copyInto(cut, data.subarray(row * columns, row * columns + width), row * width);
  return { data: cut, dims: [rows, width] };
}
