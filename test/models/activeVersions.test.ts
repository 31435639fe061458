import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { makeTriageVersions, type TriageVersions } from '../../src/inference/triageVersions.ts';
import { type ModelsService, makeModelsService } from '../../src/models/service.ts';
import { makeOwnVersion } from '../support/ownVersion.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { hasTriageModel } from '../support/triageModel.ts';

/** A process of a deployment, but for what does not matter here. */
type Process = { readonly versions: TriageVersions; readonly models: ModelsService };

const change = { name: 'triage', actor: 'Ada', reason: 'Ours' };

describe.skipIf(!hasTriageModel)('two processes on one store (needs models/triage)', () => {
  let folder: string;
  let database: Database;
  let one: Process;
  let other: Process;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'versions-'));
    await makeOwnVersion(folder, 'own-1');
    database = await openTestDatabase();
  }, 120_000);
  afterAll(async () => {
    await database.close();
    await rm(folder, { recursive: true });
  });
  beforeEach(async () => {
    [one, other] = [makeProcess(), makeProcess()];
    return async () => {
      await Promise.all([one.versions.close(), other.versions.close()]);
    };
  });

  function makeProcess(): Process {
    const inference = { threads: 1, queueLimit: 8, deadlineMs: 60_000 };
    const versions = makeTriageVersions({
      shipped: null,
      folder: join(folder, 'triage'),
      inference,
      keepMs: 60_000,
    });
    const models = makeModelsService({
      database,
      cards: [],
      triageVersions: versions,
      clock: () => new Date(),
    });
    return { versions, models };
  }

  async function waitFor(isTrue: () => boolean): Promise<void> {
    while (!isTrue()) await new Promise((resolve) => setTimeout(resolve, 10));
  }

  it('both answer by the version that one of them activates, and by the one before after a rollback', async () => {
    const told: unknown[] = [];
    const stop = await other.models.follow((error) => told.push(error), 50);
    expect(await one.models.activate({ ...change, version: 'own-1' })).toEqual({
      kind: 'done',
      result: 'own-1',
    });
    expect(one.versions.current()?.card.version).toBe('own-1');
    await waitFor(() => other.versions.current()?.card.version === 'own-1');
    expect(await one.models.rollBack(change)).toMatchObject({ kind: 'done' });
    await waitFor(() => other.versions.current() === null);
    await stop();
    expect(told).toEqual([]);
  });

  it('activate one version at a time: of two requests for the same one is refused', async () => {
    const outcomes = await Promise.all(
      [one, other].map(({ models }) => models.activate({ ...change, version: 'own-1' })),
    );
    expect(outcomes.map(({ kind }) => kind).sort()).toEqual(['done', 'refused']);
    const backs = await Promise.all([one, other].map(({ models }) => models.rollBack(change)));
    expect(backs.filter(({ kind }) => kind === 'done')).toHaveLength(1);
  });

  it('go on with what they have where the files of the active version are absent, and tell it once', async () => {
    await one.models.activate({ ...change, version: 'own-1' });
    await database.sql.query(
      `INSERT INTO model_activation (model_name, kind, version, actor, reason, created_at)
       VALUES ('triage', 'ACTIVATE', 'absent', 'Ada', 'Elsewhere', now())`,
    );
    const told: unknown[] = [];
    const stop = await one.models.follow((error) => told.push(error), 20);
    await new Promise((resolve) => setTimeout(resolve, 200));
    await stop();
    expect(told).toEqual([
      expect.objectContaining({
        message: "Model 'triage' must have a readable file card.json, and it has none.",
      }),
    ]);
    expect(one.versions.current()?.card.version).toBe('own-1');
  });

  it('keep the record of who did what', async () => {
    const change = database.sql.query(`UPDATE model_activation SET actor = 'nobody'`);
    await expect(change).rejects.toThrow('model_activation is append-only');
  });
});
