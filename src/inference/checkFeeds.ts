import type { CardTensor, ModelCard } from './modelCard.ts';
import { DATA_TYPES, type Tensor, type Tensors } from './tensor.ts';

/**
 * Checks a call's feeds against the card before they may join a batch with others' rows: names, element
 * types, shapes, number of elements. Only this project's typed handles make feeds, so a mistake is a bug.
 *
 * @throws Error with one sentence about the first difference
 */
export function checkFeeds(card: ModelCard, feeds: Tensors, rows: number): void {
  if (!Number.isInteger(rows) || rows < 1)
    throw new Error(`Model '${card.name}' must be given a whole number of rows from 1, got ${rows}.`);
  const got = Object.keys(feeds);
  const names = card.inputs.map((input) => input.name);
  if (got.length !== names.length || names.some((name) => !Object.hasOwn(feeds, name)))
    throw new Error(
      `Model '${card.name}' must be given the inputs ${names.join(', ')}, got ${got.join(', ') || 'none'}.`,
    );
  for (const input of card.inputs) {
    const tensor = feeds[input.name];
    if (tensor === undefined || isFeedOf(input, tensor, rows)) continue;
    const wanted = `${input.dtype} [${[rows, ...input.shape.slice(1)].join(', ')}]`;
    const { data, dims } = tensor;
    const found = `${data.length} elements of ${data.constructor.name} [${dims.join(', ')}]`;
    throw new Error(`Input '${input.name}' of model '${card.name}' must be ${wanted}, got ${found}.`);
  }
}

function isFeedOf(input: CardTensor, { data, dims }: Tensor, rows: number): boolean {
  if (!(data instanceof DATA_TYPES[input.dtype])) return false;
  if (dims.length !== input.shape.length || dims[0] !== rows) return false;
  if (
    dims.some((size, axis) => axis > 0 && typeof input.shape[axis] === 'number' && size !== input.shape[axis])
  )
    return false;
  return data.length === dims.reduce((product, size) => product * size, 1);
}
