import { describe, expect, it } from 'vitest';
import { occlude, weighWindows, windowsPerText } from '../../src/triage/occlusion.ts';

describe('occlude', () => {
  it('leaves each word out in turn', () => {
    expect(occlude(' cancel  my order ', 8, 128)).toEqual({
      windows: [
        { text: 'cancel', start: 1, end: 7 },
        { text: 'my', start: 9, end: 11 },
        { text: 'order', start: 12, end: 17 },
      ],
      whole: ' cancel  my order',
      without: ['    my order', ' cancel    order', ' cancel  my  '],
    });
  });

  it('takes more words at a time where there are more than windows', () => {
    expect(occlude('a b c d e', 2, 128).windows.map(({ text }) => text)).toEqual(['a b c', 'd e']);
  });

  it('looks no further than the model can read', () => {
    expect(occlude('a b c d', 8, 2)).toMatchObject({ whole: 'a b', without: ['  b', 'a  '] });
  });

  it('has nothing to leave out of an empty text', () => {
    expect(occlude('', 8, 128)).toEqual({ windows: [], whole: '', without: [] });
  });
});

describe('weighWindows', () => {
  it('gives the windows whose loss lowers the probability, heaviest first, at most five', () => {
    const occlusion = occlude('a b c d e f g h', 8, 128);
    const spans = weighWindows(occlusion, 0.9, [0.9, 0.1, 0.95, 0.5, 0.8, 0.7, 0.6, 0.89]);
    expect(spans.map(({ text }) => text)).toEqual(['b', 'd', 'g', 'f', 'e']);
    expect(spans[0]?.weight).toBeCloseTo(0.8, 12);
  });
});

describe('windowsPerText', () => {
  it.each([
    [1, 32],
    [16, 31],
    [64, 7],
    [256, 7],
  ])('lets the evidence of %i texts have %i windows each', (texts, windows) => {
    expect(windowsPerText(texts)).toBe(windows);
  });
});
