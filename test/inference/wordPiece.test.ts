import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { preprocessText } from '../../src/inference/preprocessText.ts';
import { makeWordPiece, splitWords } from '../../src/inference/wordPiece.ts';
import { projectFile } from '../../src/projectRoot.ts';

type Case = { readonly text: string; readonly preprocessed: string; readonly words: string };
const { cases } = JSON.parse(readFileSync(projectFile('test/triage/preprocessCases.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};
const vocabulary = '[PAD] [UNK] [CLS] [SEP] [MASK] want , wan ##ed 東 a'.split(' ');

describe('preprocessText', () => {
  it.each(cases)('does what training does: $text', ({ text, preprocessed, words }) => {
    expect(preprocessText(text)).toBe(preprocessed);
    expect(splitWords(preprocessed).join(' ')).toBe(words);
  });

  it('leaves no digit of three hundred card numbers', () => {
    const masked = preprocessText('4111 1111 1111 1111 '.repeat(300));
    expect(new Set(masked.split(' '))).toEqual(new Set(['cardnumber']));
  });

  it.each(['<script>', '<!--', '<a ', 'a@', '1 ', '&', '{{order', 'www.', '1-1-', '<style '])(
    'takes one pass over ten thousand characters of %s',
    (part) => {
      const text = part.repeat(Math.ceil(10_000 / part.length));
      expect(typeof preprocessText(text)).toBe('string');
    },
  );
});

describe('makeWordPiece', () => {
  const pieces = makeWordPiece(vocabulary);

  it('takes the longest piece first', () => {
    expect(pieces.encode('wanted, wan', 128)).toEqual([2, 5, 8, 6, 7, 3]);
  });

  it('says unknown to a word without pieces and to one above a hundred characters', () => {
    expect(pieces.encode(`xyz ${'a'.repeat(101)} 東`, 128)).toEqual([2, 1, 1, 9, 3]);
  });

  it('cuts to the maximum with the end token last', () => {
    expect(pieces.encode('a '.repeat(500), 16)).toEqual([2, ...Array.from({ length: 14 }, () => 10), 3]);
  });

  it('refuses a vocabulary without its special tokens', () => {
    expect(() => makeWordPiece(['a'])).toThrow('The vocabulary must have the token [UNK], and it has not.');
  });
});
