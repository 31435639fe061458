import type { ModelRun } from '../inference/inferenceRuntime.ts';
import type { TriageModel } from '../inference/triageModel.ts';
import { occlude, weighWindows, windowsPerText } from './occlusion.ts';
import type { TextReader } from './textReader.ts';
import type { ReadText, TextSpan } from './triageResult.ts';

/**
 * What the intent of each result rests on, in order: the model, which is the one that read them, reads every text again
 * without each of its windows, all in one call. A text whose intent means nothing has no evidence.
 *
 * @throws DomainError MODEL_UNAVAILABLE or MODEL_TIMEOUT
 */
export async function explainResults(
  { model, reader }: { readonly model: TriageModel; readonly reader: Pick<TextReader, 'prepare'> },
  results: readonly ReadText[],
  onRun: (run: ModelRun) => void,
): Promise<readonly (readonly TextSpan[])[]> {
  const windows = windowsPerText(results.length);
  const occlusions = results.map(({ text, abstainReason }) =>
    abstainReason === 'UNSUPPORTED_LANGUAGE' || abstainReason === 'TOO_SHORT'
      ? null
      : occlude(text, windows, model.contract.maximumTokens),
  );
  const texts = occlusions.flatMap((one) => (one === null ? [] : [one.whole, ...one.without]));
  const prepared = await reader.prepare(texts, model.preparation);
  const predictions = await model.predict(prepared, { onRun, urgent: true });
  let row = 0;
  return occlusions.map((occlusion, index) => {
    if (occlusion === null) return [];
    const intent = model.contract.labels.intent.indexOf(results[index]?.intent.name ?? '');
    const own = predictions.slice(row, row + 1 + occlusion.without.length);
    row += own.length;
    const [whole = 0, ...without] = own.map((prediction) => prediction.intent[intent] ?? 0);
    return weighWindows(occlusion, whole, without);
  });
}
