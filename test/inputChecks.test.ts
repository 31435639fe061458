import { describe, expect, it } from 'vitest';
import { isBlank } from '../src/inputChecks.ts';

describe('isBlank', () => {
  it('is true of what cannot be seen', () => {
    expect(['', ' \n', '\u200b\u202e', '\u3164'].map(isBlank)).toEqual([true, true, true, true]);
    expect(['.', '\u{1f600}', 'é'].map(isBlank)).toEqual([false, false, false]);
  });
});
