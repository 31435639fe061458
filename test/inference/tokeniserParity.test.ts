import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { preprocessText } from '../../src/inference/preprocessText.ts';
import { makeWordPiece } from '../../src/inference/wordPiece.ts';
import { projectFile } from '../../src/projectRoot.ts';

/** Written by `training/supplygraph_training/triage/tokeniser_cases.py`. */
type Cases = {
  readonly vocabulary: readonly string[];
  readonly texts: readonly string[];
  readonly hashes: readonly string[];
};

const packed = readFileSync(projectFile('test/triage/tokeniserCases.json.gz'));
const cases = JSON.parse(gunzipSync(packed).toString('utf8')) as Cases; // the generator's form

describe('the tokeniser beside the one of training', () => {
  const pieces = makeWordPiece(cases.vocabulary);

  it('has ten thousand texts, among them emoji, CJK, combining marks, control characters and very long ones', () => {
    expect(cases.texts).toHaveLength(10_000);
    const count = (matches: (text: string) => boolean) => cases.texts.filter(matches).length;
    expect(count((text) => /\p{Emoji_Presentation}/u.test(text))).toBeGreaterThan(1_000);
    expect(count((text) => /[\u4e00-\u9fff]/u.test(text))).toBeGreaterThan(1_000);
    expect(count((text) => /\p{Mn}/u.test(text))).toBeGreaterThan(1_000);
    expect(count((text) => /\p{Cc}/u.test(text))).toBeGreaterThan(1_000);
    expect(count((text) => [...text].length === 10_000)).toBeGreaterThan(20);
  });

  it('gives the preprocessed form and the ids of training for each of them', () => {
    const different = cases.texts.filter((text, row) => hash(text) !== cases.hashes[row]);
    expect(different).toEqual([]);
  });

  function hash(text: string): string {
    const clean = preprocessText(text);
    const ids = pieces.encode(clean, 128).join(' ');
    return createHash('sha256').update(`${clean}\n${ids}`).digest('hex').slice(0, 12);
  }
});
