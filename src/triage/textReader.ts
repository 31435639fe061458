import type { TextPreparation, TriageText } from '../inference/textPreparer.ts';
import { WorkerPool } from '../workers/workerPool.ts';
import { workerScript } from '../workers/workerScript.ts';
import type { TextReading } from './readText.ts';
import type { TextReaderAnswer, TextReaderTask } from './textReaderWorker.ts';

/** Reads texts on a thread of its own, which starts with the first text. */
export type TextReader = {
  /**
   * What can be told of texts without the model, in order; relative dates count from `now`.
   *
   * @throws DomainError MODEL_UNAVAILABLE or MODEL_TIMEOUT
   */
  read(texts: readonly string[], preparation: TextPreparation, now: Date): Promise<readonly TextReading[]>;
  /** Prepares texts for the model, in order; throws as `read` does. */
  prepare(texts: readonly string[], preparation: TextPreparation): Promise<readonly TriageText[]>;
  /** Resolves when the thread has gone, if there was one. */
  close(): Promise<void>;
};

/** Characters that the thread reads at a time, about 40 ms; texts of other requests come in between. */
const charactersAtATime = 50_000;
const textsAtATime = 256;

/**
 * Makes the reader of texts. Preprocessing, the rules of entities and the language detector, whose tables take 150 MB, would
 * hold the event loop and be walked by the collector of the main thread; a process that reads no text has no such thread.
 */
export function makeTextReader(options: {
  /** Parts of requests that may wait, ≥ 1. */
  readonly queueLimit: number;
  /** Milliseconds within which a part must be read. */
  readonly deadlineMs: number;
}): TextReader {
  const { queueLimit, deadlineMs } = options;
  const script = workerScript(import.meta.url, './textReaderWorker');
  const pool = new WorkerPool<TextReaderTask, TextReaderAnswer>({
    name: 'text',
    script,
    threads: 1,
    queueLimit,
  });
  const runParts = async (
    texts: readonly string[],
    toTask: (part: readonly string[]) => TextReaderTask,
  ): Promise<TextReaderAnswer[number][]> => {
    const answers = [];
    for (const part of cutIntoParts(texts)) answers.push(...(await pool.run(toTask(part), { deadlineMs })));
    return answers;
  };
  return {
    // The thread answers each kind of task with the answers of its kind.
    read: async (texts, preparation, now) =>
      (await runParts(texts, (part) => ({ kind: 'read', texts: part, preparation, now }))) as TextReading[],
    prepare: async (texts, preparation) =>
      (await runParts(texts, (part) => ({ kind: 'prepare', texts: part, preparation }))) as TriageText[],
    close: () => pool.close(),
  };
}

function* cutIntoParts(texts: readonly string[]): Generator<readonly string[]> {
  let from = 0;
  let characters = 0;
  for (const [index, { length }] of texts.entries()) {
    if (index > from && (characters + length > charactersAtATime || index - from === textsAtATime)) {
      yield texts.slice(from, index);
      [from, characters] = [index, 0];
    }
    characters += length;
  }
  if (from < texts.length) yield texts.slice(from);
}
