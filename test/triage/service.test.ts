import { describe, expect, it } from 'vitest';
import { makeTriageService } from '../../src/triage/service.ts';

describe('makeTriageService', () => {
  it('says that no model is installed', async () => {
    const service = makeTriageService({
      model: null,
      catalogue: { listKnownSkus: async () => new Set() },
      clock: () => new Date(0),
    });
    expect(service.model).toBeNull();
    await expect(service.triage(['where is my order'])).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'triage' must be installed in models/, and it is not.",
    });
  });
});
