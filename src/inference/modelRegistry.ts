import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { DomainError } from '../errors.ts';
import { type ModelCard, parseModelCard } from './modelCard.ts';

/** A model whose card and file agree. */
export type RegisteredModel = {
  readonly card: ModelCard;
  /** Path of the ONNX file. */
  readonly path: string;
};

/**
 * Reads every `<folder>/<name>/card.json` and compares the ONNX file's hash with it; sorted by name.
 * The session's inputs and outputs are compared by the worker that makes it (`checkSession`).
 *
 * @throws DomainError MODEL_UNAVAILABLE that names the model and what differs
 */
export async function readModels(folder: string): Promise<RegisteredModel[]> {
  let entries: { name: string; isDirectory(): boolean }[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (cause) {
    throw new DomainError(
      'MODEL_UNAVAILABLE',
      'The models folder must be a readable folder, and it is not.',
      {
        cause,
      },
    );
  }
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'));
  return Promise.all(
    names
      .map((entry) => entry.name)
      .sort()
      .map((name) => readModel(join(folder, name), name)),
  );
}

/** Makes the error of an ONNX file that is not the one its card describes. */
export function hashError(card: ModelCard, sha256: string): DomainError {
  const rule = `${card.file} must have the card's sha256 ${card.sha256}`;
  const message = `Model '${card.name}': ${rule}, got ${sha256}.`;
  return new DomainError('MODEL_UNAVAILABLE', message);
}

/**
 * Reads the card of the model `name` in a folder of its own.
 *
 * @throws DomainError MODEL_UNAVAILABLE with what is wrong with it
 */
export async function readCard(folder: string, name: string): Promise<ModelCard> {
  const text = await readFile(join(folder, 'card.json'), 'utf8').catch((cause: unknown) => {
    throw missingFile(name, 'card.json', cause);
  });
  const card = parseModelCard(text, `${name}/card.json`);
  if (card.name === name) return card;
  throw new DomainError(
    'MODEL_UNAVAILABLE',
    `${name}/card.json: 'name' must be the folder's name '${name}', got '${card.name}'.`,
  );
}

/**
 * Reads the model `name` in a folder of its own and compares the ONNX file's hash with the card.
 *
 * @throws DomainError MODEL_UNAVAILABLE with what differs
 */
export async function readModel(folder: string, name: string): Promise<RegisteredModel> {
  const card = await readCard(folder, name);
  const path = join(folder, card.file);
  const sha256 = await hashFile(path).catch((cause: unknown) => {
    throw missingFile(name, card.file, cause);
  });
  if (sha256 !== card.sha256) throw hashError(card, sha256);
  return { card, path };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

function missingFile(name: string, file: string, cause: unknown): DomainError {
  const message = `Model '${name}' must have a readable file ${file}, and it has none.`;
  return new DomainError('MODEL_UNAVAILABLE', message, { cause });
}
