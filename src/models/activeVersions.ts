import type { Sql } from '../database/sql.ts';
import type { TriageVersions } from '../inference/triageVersions.ts';
import { findLastActivation } from './repository.ts';

/** Lets this process answer by the version that the store says is active. */
export type ActiveVersions = {
  /** Reads which version is active and answers by it; throws where its files are broken or absent here. */
  adopt(): Promise<void>;
  /**
   * Adopts the active version now and looks for changes of other processes once a second, one small statement each time;
   * yields what ends that. A version that cannot be opened is told to `onError`, once, and tried again twice a minute;
   * the former one goes on answering.
   */
  follow(onError: (error: unknown) => void, pollMs?: number): Promise<() => Promise<void>>;
  /** Why a version could not be opened here, one sentence; null where it was or never was tried. */
  problemOf(version: string): string | null;
};

const defaultPollMs = 1_000;
const retryMs = 30_000;

/** Makes what follows the active version of the triage model. */
export function makeActiveVersions(sql: Sql, versions: TriageVersions, modelName: string): ActiveVersions {
  let adopted: string | null = null;
  let failure: { readonly version: string; readonly message: string; readonly at: number } | null = null;
  let round: Promise<void> = Promise.resolve();

  const adoptVersion = async (version: string | null) => {
    try {
      await versions.use(version);
      [adopted, failure] = [version, null];
    } catch (error) {
      if (version !== null)
        failure = {
          version,
          message: error instanceof Error ? error.message : String(error),
          at: Date.now(),
        };
      throw error;
    }
  };
  /** One after the other, so that the latest wins. */
  const inTurn = (work: () => Promise<void>) => {
    const next = round.then(work);
    round = next.catch(() => undefined);
    return next;
  };
  const look = async () => {
    const version = (await findLastActivation(sql, modelName))?.version ?? null;
    const isWaiting = failure?.version === version && Date.now() - failure.at < retryMs;
    if (version !== adopted && !isWaiting) await adoptVersion(version);
  };
  return {
    adopt: () =>
      inTurn(async () => adoptVersion((await findLastActivation(sql, modelName))?.version ?? null)),
    async follow(onError, pollMs = defaultPollMs) {
      let told: string | undefined;
      const tell = (error: unknown) => {
        const message = String(error);
        if (message !== told) onError(error);
        told = message;
      };
      let isLooking = false;
      const lookAgain = async () => {
        if (isLooking) return; // loading takes longer than the time between two looks
        isLooking = true;
        await inTurn(look).catch(tell);
        isLooking = false;
      };
      await lookAgain();
      const timer = setInterval(() => void lookAgain(), pollMs);
      return async () => {
        clearInterval(timer);
        await round;
      };
    },
    problemOf: (version) => (failure?.version === version ? failure.message : null),
  };
}
