import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { hashNgrams } from '../../src/inference/hashNgrams.ts';
import { projectFile } from '../../src/projectRoot.ts';

type Case = { readonly text: string; readonly ids: string; readonly counts: string };
// Written by training/supplygraph_training/triage/ngram_cases.py; a difference fails the cases below.
const { cases } = JSON.parse(readFileSync(projectFile('test/triage/ngramCases.json'), 'utf8')) as {
  readonly cases: readonly Case[];
};

describe('hashNgrams', () => {
  it('comes with cases', () => {
    expect(cases.length).toBeGreaterThanOrEqual(40);
  });

  it.each(cases)('finds what training finds: $text', ({ text, ids, counts }) => {
    const found = hashNgrams(text);
    expect(found.ids.join(' ')).toBe(ids);
    const times = counts === '' ? [] : counts.split(' ').map(Number);
    expect(found.weights).toHaveLength(times.length);
    for (const [index, count] of times.entries())
      expect(found.weights[index]).toBeCloseTo(1 + Math.log(count), 12);
  });

  it('hashes as FNV-1a does', () => {
    // 32-bit test vector of the hash's authors: "foobar" is 0xbf9cf968, folded to 0xbf9c ^ 0xf968.
    expect(hashNgrams('foobar').ids[0]).toBe((0xbf9c ^ 0xf968) & 0xffff);
  });

  it('has nothing to say of an empty text', () => {
    expect(hashNgrams('')).toEqual({ ids: [], weights: [] });
  });
});
