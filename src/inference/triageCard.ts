import { DomainError } from '../errors.ts';
import { CardReader } from './cardReader.ts';
import type { ModelCard } from './modelCard.ts';

/** Names of the classes of each head, in the order of its output; ordinal ones lowest first. */
export type TriageLabels = {
  readonly intent: readonly string[];
  readonly category: readonly string[];
  readonly sentiment: readonly string[];
  readonly severity: readonly string[];
};

/** Who answers a head of the model; the weights sum to 1. */
export type TriageHeadEnsemble = {
  /** Name of the graph's output. */
  readonly head: string;
  readonly members: readonly { readonly name: string; readonly weight: number }[];
};

/** What the card of the model `triage` says beyond other cards. */
export type TriageContract = {
  /** Longest row of ids. */
  readonly maximumTokens: number;
  readonly labels: TriageLabels;
  /** Category by intent; intents without one are missing, all of them where the card says nothing. */
  readonly categoryOfIntent: ReadonlyMap<string, string>;
  /**
   * Least probabilities, from the risk–coverage curve: of being in scope, of an intent to be acted upon without a person
   * looking, and of an intent to be suggested.
   */
  readonly thresholds: {
    readonly inScope: number;
    readonly intentAccept: number;
    readonly intentSuggest: number;
  };
  /** ISO 639-1 codes of the languages that it reads; English where the card names none. */
  readonly languages: readonly string[];
  /** Heads that two members answer together, with the weight of each; empty where the network answers alone. */
  readonly ensemble: readonly TriageHeadEnsemble[];
  /** The vocabulary's file beside the card. */
  readonly vocabulary: { readonly file: string; readonly sha256: string };
};

const rowName = 'B';

/**
 * Reads and checks the contract of a triage card.
 *
 * @throws DomainError MODEL_UNAVAILABLE with one sentence per problem
 */
export function readTriageContract(card: ModelCard): TriageContract {
  const problems: string[] = [];
  const read = new CardReader(card.raw, (field, rule, got) =>
    problems.push(
      `${card.name}/card.json: '${field}' must be ${rule}, got ${JSON.stringify(got) ?? 'nothing'}.`,
    ),
  );
  const labels = {
    intent: read.texts('labels.intent'),
    category: read.texts('labels.category'),
    sentiment: read.texts('labels.sentiment'),
    severity: read.texts('labels.severity'),
  };
  const contract = {
    maximumTokens: read.number('maximumTokens'),
    labels,
    categoryOfIntent: readCategories(card, labels, problems),
    thresholds: {
      inScope: read.number('thresholds.inScope'),
      intentAccept: read.number('thresholds.intentAccept'),
      intentSuggest: read.number('thresholds.intentSuggest'),
    },
    languages: card.raw.languages === undefined ? ['en'] : read.texts('languages'),
    ensemble: card.raw.ensemble === undefined ? [] : readEnsemble(read),
    vocabulary: {
      file: read.matching('vocabulary.file', /^[\w.-]+\.txt$/, 'the name of a text file beside the card'),
      sha256: read.matching('vocabulary.sha256', /^[0-9a-f]{64}$/, '64 lower-case hexadecimal digits'),
    },
  };
  problems.push(...compareOutputs(card, contract.labels));
  if (problems.length > 0) throw new DomainError('MODEL_UNAVAILABLE', problems.join(' '));
  return contract;
}

function readEnsemble(read: CardReader): TriageHeadEnsemble[] {
  return read.objects('ensemble', 1).map((at) => ({
    head: read.text(`${at}.head`),
    members: read.objects(`${at}.members`, 1).map((member) => ({
      name: read.text(`${member}.name`),
      weight: read.number(`${member}.weight`),
    })),
  }));
}

function readCategories(card: ModelCard, labels: TriageLabels, problems: string[]): Map<string, string> {
  const entries = Object.entries(card.raw.categoryOfIntent ?? {});
  const wrong = entries.find(
    ([intent, category]) => !labels.intent.includes(intent) || !labels.category.includes(category),
  );
  if (wrong !== undefined) {
    const rule = 'give one of labels.category by one of labels.intent';
    problems.push(
      `${card.name}/card.json: 'categoryOfIntent' must ${rule}, got '${wrong[0]}': ${JSON.stringify(wrong[1])}.`,
    );
  }
  return new Map(entries);
}

function compareOutputs(card: ModelCard, labels: TriageLabels): string[] {
  const wanted: Readonly<Record<string, number | undefined>> = {
    intent: labels.intent.length,
    category: labels.category.length,
    sentiment: labels.sentiment.length,
    severity: labels.severity.length,
    in_scope: undefined,
    complaint: undefined,
  };
  return Object.entries(wanted).flatMap(([name, size]) => {
    const shape = card.outputs.find((output) => output.name === name)?.shape;
    const rule = size === undefined ? `["${rowName}"]` : `["${rowName}", ${size}], one a label`;
    const holds = size === undefined ? shape?.length === 1 : shape?.length === 2 && shape[1] === size;
    if (holds) return [];
    return [
      `${card.name}/card.json: the output '${name}' must be ${rule}, got ${JSON.stringify(shape) ?? 'nothing'}.`,
    ];
  });
}
