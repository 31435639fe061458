import { DomainError } from '../errors.ts';
import type { ModelRef } from '../generated/graphql.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import { placeholders } from '../inference/textMasks.ts';
import type { TriageModel, TriagePrediction, TriageText } from '../inference/triageModel.ts';
import { detectLanguage } from './detectLanguage.ts';
import type { AbstainReason, ScoredLabel, TriageResult } from './triageResult.ts';

export type { AbstainReason, ScoredLabel, TextEntity, TriageResult } from './triageResult.ts';

export type TriageService = ReturnType<typeof makeTriageService>;

/** Told of every model run that a request's rows took part in. */
type OnModelRun = (run: ModelRun) => void;

const rankingLength = 3;
/** Letters below which a text has no content. */
const fewestLetters = 3;

/** Makes the use cases of triage; without a model each of them answers MODEL_UNAVAILABLE. */
export function makeTriageService({ model }: { readonly model: TriageModel | null }) {
  return {
    /** The model that reads the texts; null where none is installed. */
    model: model === null ? null : refOf(model),
    /**
     * Reads checked texts, in order, in one model run.
     *
     * @throws DomainError MODEL_UNAVAILABLE or MODEL_TIMEOUT
     */
    async triage(
      texts: readonly string[],
      onRun: OnModelRun = () => undefined,
    ): Promise<readonly TriageResult[]> {
      const installed = requireModel(model);
      const prepared = await installed.prepare(texts);
      const predictions = await installed.predict(prepared, { onRun, urgent: true });
      return predictions.map((prediction, index) =>
        toResult(installed, prepared[index] ?? { clean: '', ids: [] }, prediction),
      );
    },
  };
}

function requireModel(model: TriageModel | null): TriageModel {
  if (model !== null) return model;
  throw new DomainError('MODEL_UNAVAILABLE', "Model 'triage' must be installed in models/, and it is not.");
}

function refOf({ card }: TriageModel): ModelRef {
  return { name: card.name, version: card.version };
}

function toResult(model: TriageModel, text: TriageText, prediction: TriagePrediction): TriageResult {
  const { labels } = model.contract;
  const ranking = rank(labels.intent, prediction.intent).slice(0, rankingLength);
  const words = text.clean.split(' ').filter((word) => !placeholders.has(word));
  const own = words.join(' ');
  const language = detectLanguage(own);
  const abstainReason = findAbstainReason(model, { own, language: language.name, prediction });
  return {
    intent: first(ranking),
    ranking,
    category: first(rank(labels.category, prediction.category)),
    complaint: isLikely(prediction.complaint),
    sentiment: first(rank(labels.sentiment, prediction.sentiment)),
    severity: first(rank(labels.severity, prediction.severity)),
    language,
    entities: [],
    abstained: abstainReason !== null,
    abstainReason,
    embedding: prediction.embedding,
  };
}

/** A language that the model does not read comes first: what it says about such a text means nothing. */
function findAbstainReason(
  { contract }: TriageModel,
  text: { readonly own: string; readonly language: string; readonly prediction: TriagePrediction },
): AbstainReason | null {
  const { thresholds, languages } = contract;
  const { own, language, prediction } = text;
  if (language !== 'und' && !languages.includes(language)) return 'UNSUPPORTED_LANGUAGE';
  if ((own.match(/\p{L}/gu)?.length ?? 0) < fewestLetters) return 'TOO_SHORT';
  if (prediction.inScope < thresholds.inScope) return 'OUT_OF_SCOPE';
  return Math.max(...prediction.intent) < thresholds.intentSuggest ? 'LOW_CONFIDENCE' : null;
}

/** Labels with their probabilities, likeliest first. */
function rank(names: readonly string[], probabilities: Float32Array): ScoredLabel[] {
  return names
    .map((name, index) => ({ name, confidence: clip(probabilities[index] ?? 0) }))
    .sort((a, b) => b.confidence - a.confidence);
}

function first(ranking: readonly ScoredLabel[]): ScoredLabel {
  const [best] = ranking;
  if (best === undefined) throw new Error('A head must have at least one label, and it has none.');
  return best;
}

function isLikely(probability: number): ScoredLabel {
  const yes = clip(probability);
  return yes >= 0.5 ? { name: 'yes', confidence: yes } : { name: 'no', confidence: 1 - yes };
}

/** Single precision can put a probability a little above 1. */
function clip(probability: number): number {
  return Math.min(1, Math.max(0, probability));
}
