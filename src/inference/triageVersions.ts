import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers';
import { DomainError } from '../errors.ts';
import type { PoolStats } from '../workers/workerPool.ts';
import { type Inference, type InferenceOptions, startInference } from './inferenceRuntime.ts';
import type { ModelCard } from './modelCard.ts';
import { readCard, readModel } from './modelRegistry.ts';
import { checkTriageGolden, readTriageGolden } from './triageGolden.ts';
import { openTriageModel, type TriageModel, triageName } from './triageModel.ts';

/** A version of the triage model that lies in a folder; it is checked when it is opened. */
export type TriageVersion = {
  readonly version: string;
  /** Whether it came with the program. */
  readonly isShipped: boolean;
  /** Null where it cannot be read. */
  readonly card: ModelCard | null;
  /** Why the card cannot be read, one sentence; null where it can. */
  readonly problem: string | null;
};

/** The versions of the triage model, one of which reads texts. */
export type TriageVersions = {
  /** The model that reads texts now; who has it may go on with it for `keepMs` after another took its place. */
  current(): TriageModel | null;
  /** The shipped version, then those of the versions' folder by name. */
  list(): Promise<readonly TriageVersion[]>;
  /**
   * Loads a version, null being the shipped one, unless it is loaded: hashes, contract and golden cases are checked.
   *
   * @throws DomainError MODEL_UNAVAILABLE with what is wrong with it
   */
  open(version: string | null): Promise<void>;
  /** Lets a version read texts from now on; throws as `open` does, and the former one goes on then. */
  use(version: string | null): Promise<void>;
  /** Totals of the threads of versions other than the shipped one. */
  stats(): readonly PoolStats[];
  close(): Promise<void>;
};

/** What the versions stand on. */
export type TriageVersionsParts = {
  /** The model that came with the program, which stays loaded; null = none did. */
  readonly shipped: TriageModel | null;
  /** Holds a folder a version, each with model.onnx, vocabulary.txt, card.json and golden.json; it may be absent. */
  readonly folder: string;
  readonly inference: InferenceOptions;
  /** Milliseconds for which a version stays loaded after it was used last: longer than any request. */
  readonly keepMs: number;
};

type Opened = { readonly model: TriageModel; readonly inference: Inference };

const versionName = /^\w[\w.-]{0,63}$/;

/**
 * Makes the versions of the triage model, the shipped one being in use. Every other one has threads of its own, so that
 * it comes and goes without those that answer.
 */
export function makeTriageVersions({
  shipped,
  folder,
  inference,
  keepMs,
}: TriageVersionsParts): TriageVersions {
  const opened = new Map<string, Promise<Opened>>();
  const running = new Set<Inference>();
  const timers = new Map<string, NodeJS.Timeout>();
  let current = shipped;
  let used: string | null = null;

  const find = async (version: string | null): Promise<TriageModel | null> => {
    if (version === null || version === shipped?.card.version) return shipped;
    const loading = opened.get(version) ?? readAndOpen(folder, version, inference);
    opened.set(version, loading);
    try {
      const { model, inference: own } = await loading;
      running.add(own);
      return model;
    } catch (error) {
      opened.delete(version);
      throw error;
    }
  };
  const drop = (version: string) => {
    timers.delete(version);
    const loading = opened.get(version);
    opened.delete(version);
    void loading?.then((one) => {
      running.delete(one.inference);
      return one.inference.close();
    });
  };
  /** A version that is not in use is dropped after a while. */
  const retire = (version: string) => {
    clearTimeout(timers.get(version));
    if (version === used || !opened.has(version)) return;
    timers.set(version, setTimeout(drop, keepMs, version).unref());
  };
  const open = async (version: string | null) => {
    const model = await find(version);
    if (version !== null) retire(version);
    return model;
  };
  return {
    current: () => current,
    list: async () => [...(shipped === null ? [] : [toVersion(shipped.card)]), ...(await listOwn(folder))],
    open: async (version) => void (await open(version)),
    async use(version) {
      const model = await open(version);
      const former = used;
      [current, used] = [model, version];
      for (const one of [former, version]) if (one !== null) retire(one);
    },
    stats: () => [...running].map((one) => one.stats().pool),
    async close() {
      for (const timer of timers.values()) clearTimeout(timer);
      const all = await Promise.allSettled(opened.values());
      await Promise.all(all.map((one) => one.status === 'fulfilled' && one.value.inference.close()));
    },
  };
}

function toVersion(card: ModelCard): TriageVersion {
  return { version: card.version, isShipped: true, card, problem: null };
}

async function listOwn(folder: string): Promise<TriageVersion[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []); // nobody has trained one yet
  const names = entries
    .filter((entry) => entry.isDirectory() && versionName.test(entry.name))
    .map(({ name }) => name)
    .sort();
  return Promise.all(names.map((version) => readVersion(folder, version)));
}

async function readVersion(folder: string, version: string): Promise<TriageVersion> {
  try {
    const card = await readVersionCard(folder, version);
    return { version, isShipped: false, card, problem: null };
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { version, isShipped: false, card: null, problem: error.message };
  }
}

async function readVersionCard(folder: string, version: string): Promise<ModelCard> {
  const card = await readCard(join(folder, version), triageName);
  if (card.version === version) return card;
  const rule = `'version' must be the folder's name '${version}', got '${card.version}'`;
  throw new DomainError('MODEL_UNAVAILABLE', `${triageName}/card.json: ${rule}.`);
}

async function readAndOpen(parent: string, version: string, options: InferenceOptions): Promise<Opened> {
  await readVersionCard(parent, version);
  return openVersion(join(parent, version), options);
}

async function openVersion(folder: string, options: InferenceOptions): Promise<Opened> {
  const inference = await startInference(options, [await readModel(folder, triageName)]);
  try {
    const model = await openTriageModel(inference, folder);
    await checkTriageGolden(model, await readTriageGolden(folder));
    return { model, inference };
  } catch (error) {
    await inference.close();
    throw error;
  }
}
