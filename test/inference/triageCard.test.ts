import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseModelCard } from '../../src/inference/modelCard.ts';
import { readTriageContract } from '../../src/inference/triageCard.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { hasTriageModel } from '../support/triageModel.ts';

const shipped = hasTriageModel ? readFileSync(projectFile('models', 'triage', 'card.json'), 'utf8') : '{}';
const read = (ensemble: unknown) =>
  readTriageContract(
    parseModelCard(JSON.stringify({ ...JSON.parse(shipped), ensemble }), 'triage/card.json'),
  );

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
});
