import type { Sql } from '../database/sql.ts';
import { listEvents } from './eventRepository.ts';

/** Tells which complaints were triaged, by any process on the store, from the moment of subscribing on. */
export type TriageFeed = {
  /** Row ids of complaints of at least a severity, by its place; 0 = all. */
  subscribe(minimumSeverity: number): AsyncIterableIterator<number>;
  /** Looks for news now. */
  wake(): void;
};
type Listener = { readonly minimumSeverity: number; tell(complaintId: number): void };

/** Milliseconds between two looks while somebody listens. */
const defaultPollMs = 500;
/**
 * Events that are looked at again: one with a smaller number may become visible after one with a greater, where its
 * transaction ends later.
 */
const overlap = 1_000;
/** Events that wait for one listener; beyond, the oldest are dropped. */
const longestQueue = 10_000;

/**
 * Makes the feed of triaged complaints: a table that every process writes to in the transaction of the triage, read by
 * polling, which works on the embedded database and behind poolers of connections, where LISTEN does not. Nothing is read
 * while nobody listens; a failed look is repeated.
 */
export function makeTriageFeed(sql: Sql, pollMs = defaultPollMs): TriageFeed {
  const listeners = new Set<Listener>();
  const seen = new Set<number>();
  let newest = 0;
  let timer: NodeJS.Timeout | undefined;
  let look: Promise<void> = Promise.resolve();

  /** Reads what is new; `isFirst` takes it as known. */
  const read = async (isFirst: boolean) => {
    const events = await listEvents(sql, isFirst ? null : newest - overlap, overlap);
    for (const { id, complaintId, severity } of events) {
      if (seen.has(id)) continue;
      seen.add(id);
      newest = Math.max(newest, id);
      for (const listener of isFirst ? [] : listeners)
        if (severity >= listener.minimumSeverity) listener.tell(complaintId);
    }
    for (const id of seen) if (id <= newest - overlap) seen.delete(id);
  };
  const readAgain = () => {
    look = look.then(() => read(false)).catch(() => undefined);
    return look;
  };
  const begin = async () => {
    if (timer !== undefined) return look;
    timer = setInterval(() => void readAgain(), pollMs);
    seen.clear();
    newest = 0;
    look = look.then(() => read(true));
    return look;
  };
  const end = (listener: Listener) => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
  return {
    subscribe(minimumSeverity) {
      const { listener, iterator } = makeListener(minimumSeverity, begin(), end);
      listeners.add(listener);
      return iterator;
    },
    wake: () => {
      if (listeners.size > 0) void readAgain();
    },
  };
}

/** An iterator that waits for what its listener is told; ending it ends the wait. */
function makeListener(
  minimumSeverity: number,
  begun: Promise<void>,
  end: (listener: Listener) => void,
): { readonly listener: Listener; readonly iterator: AsyncIterableIterator<number> } {
  const queue: number[] = [];
  let isEnded = false;
  let wake: () => void = () => undefined;
  const listener: Listener = {
    minimumSeverity,
    tell(complaintId) {
      queue.push(complaintId);
      if (queue.length > longestQueue) queue.shift();
      wake();
    },
  };
  const iterator: AsyncIterableIterator<number> = {
    [Symbol.asyncIterator]() {
      return this;
    },
    async next() {
      await begun;
      while (queue.length === 0 && !isEnded)
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      const complaintId = isEnded ? undefined : queue.shift();
      return complaintId === undefined
        ? { done: true, value: undefined }
        : { done: false, value: complaintId };
    },
    async return() {
      isEnded = true;
      end(listener);
      wake();
      return { done: true, value: undefined };
    },
  };
  return { listener, iterator };
}
