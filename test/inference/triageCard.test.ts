import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelCard } from '../../src/inference/modelCard.ts';
import { readTriageContract } from '../../src/inference/triageCard.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { hasTriageModel } from '../support/triageModel.ts';

const shipped = hasTriageModel ? readFileSync(projectFile('models', 'triage', 'card.json'), 'utf8') : '{}';
const readWith = (change: object) =>
  readTriageContract(
    parseModelCard(JSON.stringify({ ...JSON.parse(shipped), ...change }), 'triage/card.json'),
  );
const read = (ensemble: unknown) => readWith({ ensemble });

describe.skipIf(!hasTriageModel)('readTriageContract (needs models/triage)', () => {
  it('reads who answers which head', () => {
    const head = {
      head: 'sentiment',
      members: [
        { name: 'network', weight: 0.4 },
        { name: 'linear', weight: 0.6 },
      ],
    };
    expect(read([head]).ensemble).toEqual([head]);
    expect(read(undefined).ensemble).toEqual([]);
  });

  it('names a member without a weight', () => {
    expect(() => read([{ head: 'sentiment', members: [{ name: 'linear' }] }])).toThrow(
      "triage/card.json: 'ensemble.0.members.0.weight' must be a number, got nothing.",
    );
  });

  it('reads which intent belongs to which category, and names one that belongs to none of the card’s', () => {
    expect(readWith({}).categoryOfIntent.get('track_order')).toBe('order');
    expect(readWith({ categoryOfIntent: undefined }).categoryOfIntent.size).toBe(0);
    expect(() => readWith({ categoryOfIntent: { track_order: 'orders' } })).toThrow(
      `triage/card.json: 'categoryOfIntent' must give one of labels.category by one of labels.intent, got 'track_order': "orders".`,
    );
  });
});
