import { describe, expect, it } from 'vitest';
import { pickCategory } from '../../src/triage/pickCategory.ts';

const contract = {
  labels: {
    intent: ['get_refund', 'track_refund', 'cancel_order'],
    category: ['order', 'refund'],
    sentiment: [],
    severity: [],
  },
  categoryOfIntent: new Map([
    ['get_refund', 'refund'],
    ['track_refund', 'refund'],
  ]),
};
const probabilities = Float32Array.of(0.5, 0.25, 0.25);

describe('pickCategory', () => {
  it('gives an intent’s category the chance of all the intents in it', () => {
    expect(pickCategory(contract, 'track_refund', probabilities)).toEqual({
      name: 'refund',
      confidence: 0.75,
    });
  });

  it('knows none for an intent that the card puts into none', () => {
    expect(pickCategory(contract, 'cancel_order', probabilities)).toBeNull();
  });

  it('gives no more than certainty', () => {
    expect(pickCategory(contract, 'get_refund', Float32Array.of(0.8, 0.3, 0))?.confidence).toBe(1);
  });
});
