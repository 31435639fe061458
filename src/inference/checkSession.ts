import { DomainError } from '../errors.ts';
import type { CardTensor, ModelCard } from './modelCard.ts';

/** A session's own account of an input or output; sizes are names where they are free. */
export type SessionTensor = {
  readonly name: string;
  readonly isTensor: boolean;
  readonly type?: string;
  readonly shape?: readonly (number | string)[];
};

/**
 * Compares a session's inputs and outputs with the card: names, element types, ranks and sizes. A size the
 * card gives as a number may be free in the file; a size the card calls free must be free in the file.
 *
 * @throws DomainError MODEL_UNAVAILABLE with one sentence per difference
 */
export function checkSession(
  card: ModelCard,
  inputs: readonly SessionTensor[],
  outputs: readonly SessionTensor[],
): void {
  const problems = [
    ...compareSide(card, 'input', card.inputs, inputs),
    ...compareSide(card, 'output', card.outputs, outputs),
  ];
  if (problems.length > 0) throw new DomainError('MODEL_UNAVAILABLE', problems.join(' '));
}

function compareSide(
  card: ModelCard,
  side: 'input' | 'output',
  described: readonly CardTensor[],
  actual: readonly SessionTensor[],
): string[] {
  const where = `Model '${card.name}': the card's ${side}s`;
  const wanted = described.map((tensor) => tensor.name).sort();
  const got = actual.map((tensor) => tensor.name).sort();
  if (wanted.join() !== got.join())
    return [`${where} must be those of ${card.file}, ${got.join(', ')}, got ${wanted.join(', ')}.`];
  return described.flatMap((tensor) => {
    const other = actual.find(({ name }) => name === tensor.name);
    if (other === undefined || isSame(tensor, other)) return [];
    const file = `${other.type ?? 'no tensor'} [${other.shape?.join(', ') ?? ''}]`;
    const text = `${tensor.dtype} [${tensor.shape.join(', ')}]`;
    return [`${where} must agree with ${card.file}, where '${tensor.name}' is ${file}, got ${text}.`];
  });
}

function isSame(tensor: CardTensor, other: SessionTensor): boolean {
  const { shape } = other;
  if (!other.isTensor || other.type !== tensor.dtype || shape?.length !== tensor.shape.length) return false;
  return tensor.shape.every((size, axis) => size === shape[axis] || typeof shape[axis] === 'string');
}
