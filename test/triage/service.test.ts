import { describe, expect, it } from 'vitest';
import { makeTriageService } from '../../src/triage/service.ts';
import { makeTextReader } from '../../src/triage/textReader.ts';

describe('makeTriageService', () => {
  it('says that no model is installed', async () => {
    const service = makeTriageService({
      currentModel: () => null,
      reader: makeTextReader({ queueLimit: 1, deadlineMs: 1_000 }), // starts no thread before a text comes
      catalogue: { listKnownSkus: async () => new Set() },
      clock: () => new Date(0),
    });
    expect(service.isInstalled()).toBe(false);
    await expect(service.triage(['where is my order'])).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'triage' must be installed in models/, and it is not.",
    });
  });
});
