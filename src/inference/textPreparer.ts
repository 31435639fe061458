import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { DomainError } from '../errors.ts';
import { hashNgrams, type Ngrams } from './hashNgrams.ts';
import { preprocessText } from './preprocessText.ts';
import { makeWordPiece } from './wordPiece.ts';

/** A text as the model reads it. */
export type TriageText = {
  /** Preprocessed: lower case, personal data as placeholder words. */
  readonly clean: string;
  /** Numbers of its tokens, `[CLS]` and `[SEP]` among them, at most `contract.maximumTokens`. */
  readonly ids: readonly number[];
  /** What the ensemble's linear member reads; null where the model has none. */
  readonly ngrams: Ngrams | null;
};

/** How a model wants its texts prepared; plain data, so that another thread can do it. */
export type TextPreparation = {
  /** The vocabulary, one token a line. */
  readonly path: string;
  readonly sha256: string;
  readonly maximumTokens: number;
  /** Whether the model has a linear member. */
  readonly hasNgrams: boolean;
};

/** Preprocesses and tokenises one raw text. */
export type TextPreparer = (text: string) => TriageText;

/**
 * Reads the vocabulary and makes what prepares texts with it.
 *
 * @throws DomainError MODEL_UNAVAILABLE when it cannot be read or is not the card's
 */
export async function openTextPreparer({
  path,
  sha256,
  maximumTokens,
  hasNgrams,
}: TextPreparation): Promise<TextPreparer> {
  const content = await readFile(path).catch((cause: unknown) => {
    const message = `Model 'triage' must have a readable file ${basename(path)}, and it has none.`;
    throw new DomainError('MODEL_UNAVAILABLE', message, { cause });
  });
  const got = createHash('sha256').update(content).digest('hex');
  if (got !== sha256) {
    const message = `Model 'triage': ${basename(path)} must have the card's sha256 ${sha256}, got ${got}.`;
    throw new DomainError('MODEL_UNAVAILABLE', message);
  }
  const pieces = makeWordPiece(content.toString('utf8').replace(/\n+$/, '').split('\n'));
  return (text) => {
    const clean = preprocessText(text);
    const ngrams = hasNgrams ? hashNgrams(clean) : null;
    return { clean, ids: pieces.encode(clean, maximumTokens), ngrams };
  };
}
