import type { TriageModel } from '../inference/triageModel.ts';

/** A label with its confidence, 0 to 1. */
export type ScoredLabel = { readonly name: string; readonly confidence: number };

/** Why a text is left to a person. */
export type AbstainReason = 'LOW_CONFIDENCE' | 'OUT_OF_SCOPE' | 'UNSUPPORTED_LANGUAGE' | 'TOO_SHORT';

/** Something named in a text; the fields are those of the API. */
export type TextEntity = {
  readonly entity: 'order_number' | 'sku' | 'date' | 'amount' | 'email' | 'phone' | 'card_number';
  /** Normalised; personal data is masked. */
  readonly value: string;
  /** UTF-16 code units of the raw text; the end is exclusive. */
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
};

/** A part of a text; offsets as in `TextEntity`. */
export type TextSpan = {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** By how much the intent's probability falls without it. */
  readonly weight: number;
};

/** What is known of one text; without the text itself, so that it can be kept apart from it. */
export type TriageResult = {
  readonly intent: ScoredLabel;
  /** The three likeliest intents, likeliest first. */
  readonly ranking: readonly ScoredLabel[];
  readonly category: ScoredLabel;
  /** `yes` or `no`. */
  readonly complaint: ScoredLabel;
  readonly sentiment: ScoredLabel;
  readonly severity: ScoredLabel;
  /** ISO 639-1, `und` when unsure. */
  readonly language: ScoredLabel;
  readonly entities: readonly TextEntity[];
  readonly abstained: boolean;
  readonly abstainReason: AbstainReason | null;
  /** Least confidence at which the intent is acted upon without a person looking, from the model's card. */
  readonly intentAccept: number;
  /** Of unit length. */
  readonly embedding: Float32Array;
  /** The model that read the text. */
  readonly model: { readonly name: string; readonly version: string };
};

/** A text as it was given, with what is known of it and the model that explains it. */
export type ReadText = TriageResult & { readonly text: string; readonly readBy: TriageModel };
