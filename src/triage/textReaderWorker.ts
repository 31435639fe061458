/** Worker-thread script: reads texts off the event loop; the tables of the language detector lie in this thread alone. */

import {
  openTextPreparer,
  type TextPreparation,
  type TextPreparer,
  type TriageText,
} from '../inference/textPreparer.ts';
import { type Handled, serveWorker } from '../workers/workerEntry.ts';
import { readText, type TextReading } from './readText.ts';

/** Texts to read whole, or only to prepare for the model. */
export type TextReaderTask = {
  readonly texts: readonly string[];
  readonly preparation: TextPreparation;
} & ({ readonly kind: 'prepare' } | { readonly kind: 'read'; readonly now: Date });

/** The texts of a task in order. */
export type TextReaderAnswer = readonly TextReading[] | readonly TriageText[];

/** By the hash of their vocabulary and what else they do. */
const preparers = new Map<string, Promise<TextPreparer>>();

serveWorker(async (task: TextReaderTask): Promise<Handled<TextReaderAnswer>> => {
  const prepare = await findPreparer(task.preparation);
  if (task.kind === 'prepare') return { response: task.texts.map(prepare) };
  return { response: task.texts.map((text) => readText(text, prepare, task.now)) };
});

function findPreparer(preparation: TextPreparation): Promise<TextPreparer> {
  const { sha256, maximumTokens, hasNgrams } = preparation;
  const key = `${sha256} ${maximumTokens} ${hasNgrams}`;
  const opened = preparers.get(key) ?? openTextPreparer(preparation);
  preparers.set(key, opened);
  // A file that could not be read may be there the next time.
  opened.catch(() => preparers.delete(key));
  return opened;
}
