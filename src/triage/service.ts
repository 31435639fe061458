import type { CatalogueService } from '../catalogue/service.ts';
import type { Clock } from '../clock.ts';
import { DomainError } from '../errors.ts';
import type { ModelRef } from '../generated/graphql.ts';
import type { ModelRun } from '../inference/inferenceRuntime.ts';
import type { TriageContract } from '../inference/triageCard.ts';
import type { TriageModel, TriagePrediction } from '../inference/triageModel.ts';
import { checkTexts } from './checkTexts.ts';
import { explainResults } from './explain.ts';
import { pickEntities } from './findEntities.ts';
import { pickCategory } from './pickCategory.ts';
import type { TextReading } from './readText.ts';
import type { TextReader } from './textReader.ts';
import type { AbstainReason, ReadText, ScoredLabel, TextSpan, TriageResult } from './triageResult.ts';

export type {
  AbstainReason,
  ReadText,
  ScoredLabel,
  TextEntity,
  TextSpan,
  TriageResult,
} from './triageResult.ts';

export type TriageService = ReturnType<typeof makeTriageService>;

/** Told of every model run that a request's rows took part in. */
export type OnModelRun = (run: ModelRun) => void;

const rankingLength = 3;
/** Letters below which a text has no content. */
const fewestLetters = 3;

/** Makes the use cases of triage; without a model each of them answers MODEL_UNAVAILABLE. */
export function makeTriageService(parts: {
  /** The model that reads texts now; null where none is installed. */
  currentModel(): TriageModel | null;
  readonly reader: TextReader;
  readonly catalogue: Pick<CatalogueService, 'listKnownSkus'>;
  readonly clock: Clock;
}) {
  const { currentModel, reader, catalogue, clock } = parts;

  /** Reads checked texts, in order: one model run, one statement where something may be a stock-keeping unit. */
  const read = async (
    model: TriageModel,
    texts: readonly string[],
    onRun: OnModelRun,
  ): Promise<readonly TriageResult[]> => {
    const readings = await reader.read(texts, model.preparation, clock());
    const candidates = readings.flatMap((reading) => reading.candidates);
    const [predictions, skus] = await Promise.all([
      model.predict(
        readings.map(({ prepared }) => prepared),
        { onRun, urgent: true },
      ),
      catalogue.listKnownSkus([...new Set(candidates.flatMap(({ sku, text }) => [sku, text]))]),
    ]);
    return readings.map((reading, index) => ({
      ...toResult(model, reading, predictions[index]),
      entities: pickEntities(reading, skus),
    }));
  };

  return {
    /** Whether there is a model that reads texts. */
    isInstalled: () => currentModel() !== null,
    /** Reads checked texts, in order, by the model that is current when it begins. */
    triage: async (texts: readonly string[], onRun: OnModelRun = () => undefined) =>
      read(requireModel(currentModel()), texts, onRun),
    /** Reads the texts of a request; throws BAD_USER_INPUT for the first limit it breaks. */
    async triageTexts({ texts }: { readonly texts: readonly string[] }, onRun: OnModelRun) {
      checkTexts(texts);
      const readBy = requireModel(currentModel());
      const results = (await read(readBy, texts, onRun)).map(
        (result, index): ReadText => ({ ...result, readBy, text: texts[index] ?? '' }),
      );
      return { results, model: refOf(readBy), ensemble: readBy.contract.ensemble };
    },
    /** What the intents of results rest on, in order; see `explainResults`. */
    async explain(
      results: readonly ReadText[],
      onRun: OnModelRun,
    ): Promise<readonly (readonly TextSpan[])[]> {
      const spans = new Map<ReadText, readonly TextSpan[]>();
      // Another version may have begun to answer between two fields of a request.
      for (const model of new Set(results.map(({ readBy }) => readBy))) {
        const own = results.filter(({ readBy }) => readBy === model);
        const explained = await explainResults({ model, reader }, own, onRun);
        for (const [index, result] of own.entries()) spans.set(result, explained[index] ?? []);
      }
      return results.map((result) => spans.get(result) ?? []);
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

function toResult(
  model: TriageModel,
  reading: TextReading,
  prediction: TriagePrediction | undefined,
): Omit<TriageResult, 'entities'> {
  if (prediction === undefined)
    throw new Error('Every text must have been read by the model, and one has not.');
  const { contract } = model;
  const { labels } = contract;
  const ranking = rank(labels.intent, prediction.intent).slice(0, rankingLength);
  const { language } = reading;
  const abstainReason = findAbstainReason(contract, reading, prediction);
  const ofIntent = pickCategory(contract, first(ranking).name, prediction.intent);
  return {
    intent: first(ranking),
    ranking,
    category: (abstainReason === null ? ofIntent : null) ?? first(rank(labels.category, prediction.category)),
    complaint: isLikely(prediction.complaint),
    sentiment: first(rank(labels.sentiment, prediction.sentiment)),
    severity: first(rank(labels.severity, prediction.severity)),
    language,
    abstained: abstainReason !== null,
    abstainReason,
    intentAccept: contract.thresholds.intentAccept,
    embedding: prediction.embedding,
    model: refOf(model),
  };
}

/** A language that the model does not read comes first: what it says about such a text means nothing. */
function findAbstainReason(
  { thresholds, languages }: TriageContract,
  { language, letters }: TextReading,
  prediction: TriagePrediction,
): AbstainReason | null {
  if (language.name !== 'und' && !languages.includes(language.name)) return 'UNSUPPORTED_LANGUAGE';
  if (letters < fewestLetters) return 'TOO_SHORT';
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
