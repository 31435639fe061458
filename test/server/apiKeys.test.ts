import { describe, expect, it } from 'vitest';
import { makeApiKeyCheck } from '../../src/server/apiKeys.ts';

describe('the check of API keys', () => {
  it('lets every request pass where no key is configured', () => {
    const isAllowed = makeApiKeyCheck([]);
    expect([isAllowed(undefined), isAllowed('anything')]).toEqual([true, true]);
  });

  it('lets each of several keys pass and nothing else', () => {
    const isAllowed = makeApiKeyCheck(['first', 'second']);
    expect(['first', 'second'].map(isAllowed)).toEqual([true, true]);
    expect(['', 'First', 'firs', 'first ', 'first,second', undefined].map(isAllowed)).not.toContain(true);
  });
});
