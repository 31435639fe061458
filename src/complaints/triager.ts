import type { ModelRun } from '../inference/inferenceRuntime.ts';

/** A label with its calibrated probability, 0 to 1. */
export type Label = { readonly name: string; readonly confidence: number };

/** Something that a text names; offsets are UTF-16 code units of the text as it was written, the end is exclusive. */
export type Entity = {
  readonly entity: string;
  /** Normalised; personal data is masked. */
  readonly value: string;
  readonly start: number;
  readonly end: number;
  readonly confidence: number;
};

/** What is known of one text. */
export type TriagedText = {
  readonly intent: Label;
  /** The three likeliest intents, likeliest first. */
  readonly ranking: readonly Label[];
  readonly category: Label;
  /** `yes` or `no`. */
  readonly complaint: Label;
  readonly sentiment: Label;
  readonly severity: Label;
  readonly language: Label;
  readonly abstained: boolean;
  readonly abstainReason: string | null;
  /** Least confidence at which the intent is acted upon without a person looking, from the model's card. */
  readonly intentAccept: number;
  readonly entities: readonly Entity[];
  /** Of unit length. */
  readonly embedding: ArrayLike<number>;
  /** The model that read it. */
  readonly model: { readonly name: string; readonly version: string };
};

/** Told of every model run that a request's rows took part in. */
export type OnModelRun = (run: ModelRun) => void;

/** What complaints need of the domain that reads texts. */
export type Triager = {
  /** Whether there is a model that reads texts; without one `triage` fails. */
  isInstalled(): boolean;
  /** Reads texts, in order: one model run. */
  triage(texts: readonly string[], onRun?: OnModelRun): Promise<readonly TriagedText[]>;
};

/** What a request could do for a text; `isLeft` = a job has to triage it. */
export type TextTriage = { readonly triage: TriagedText | null; readonly isLeft: boolean };

/**
 * Triages one text within a deadline; null where that fails or takes longer, so that a request is not lost with its
 * triage: the caller leaves it to a job, whose error tells the cause.
 */
export async function triageInTime(
  triager: Triager,
  text: string,
  { deadlineMs, onRun }: { readonly deadlineMs: number; readonly onRun: OnModelRun },
): Promise<TriagedText | null> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), deadlineMs);
  });
  const inTime = triager.triage([text], onRun).then(
    ([result]) => result ?? null,
    () => null,
  );
  try {
    return await Promise.race([inTime, late]);
  } finally {
    clearTimeout(timer);
  }
}
