import type { ModelRun } from '../inference/inferenceRuntime.ts';

/** A label with its calibrated probability, 0 to 1. */
export type Label = { readonly name: string; readonly confidence: number };

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
  /** Of unit length. */
  readonly embedding: ArrayLike<number>;
};

/** Told of every model run that a request's rows took part in. */
export type OnModelRun = (run: ModelRun) => void;

/** What complaints need of the domain that reads texts. */
export type Triager = {
  readonly model: { readonly name: string; readonly version: string };
  /** Reads texts, in order: one model run. */
  triage(texts: readonly string[], onRun?: OnModelRun): Promise<readonly TriagedText[]>;
};

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
