import type { CardTensor } from './modelCard.ts';
import type { Tensor, Tensors } from './tensor.ts';

const maskName = 'attention_mask';

/**
 * Cuts the columns off that no row of a tile uses: rows of texts are padded to the longest of the whole call, and a
 * model takes as long over padding as over words. Inputs whose second axis is as free as that of `attention_mask`
 * (1 = used) are cut with it; a model without such a mask keeps its feeds.
 */
export function trimTile(inputs: readonly CardTensor[], feeds: Tensors): Tensors {
  const mask = feeds[maskName];
  const axis = inputs.find(({ name }) => name === maskName)?.shape[1];
  if (mask === undefined || typeof axis !== 'string') return feeds;
  const width = usedColumns(mask);
  const trimmed = inputs.flatMap(({ name, shape }) => {
    const tensor = feeds[name];
    if (tensor === undefined) return [];
    return [[name, shape.length === 2 && shape[1] === axis ? cutColumns(tensor, width) : tensor]];
  });
  return Object.fromEntries(trimmed);
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
    for (let column = 0; column < width; column += 1)
      cut[row * width + column] = data[row * columns + column] ?? 0;
  return { data: cut, dims: [rows, width] };
}
