import type { JobKind } from '../generated/graphql.ts';

/** The job that a handler works for. */
export type JobContext<Input> = { readonly jobId: number; readonly input: Input };

/** A part of the work that is done at one go. */
export type JobChunk<Payload> = {
  /** In the job's unit of progress, e.g. variants. */
  readonly size: number;
  readonly payload: Payload;
  /** Chunks of a round begin when all of the rounds before it are done; absent = 0, the first. */
  readonly round?: number;
  /** Seconds that it may take where that is more than the queue's rule allows. */
  readonly timeoutSeconds?: number;
};

/**
 * How a kind of job is done: cut into chunks, each done by any worker, their parts put together at the end. Input,
 * payloads, parts and result are JSON. A chunk that is done is never done again; one that was cut short is, from its
 * start, so what it writes must take the place of what an earlier try wrote. The same holds for `finish`.
 */
export type JobHandler<Input, Payload, Part> = {
  plan(job: JobContext<Input>): Promise<readonly JobChunk<Payload>[]>;
  run(payload: Payload, job: JobContext<Input>): Promise<Part>;
  /** Yields the job's result out of the chunks' parts, in chunk order. */
  finish(parts: readonly Part[], job: JobContext<Input>): Promise<unknown>;
};

/** A handler as workers hold it; the store gives each the JSON that it wrote itself. */
export type AnyJobHandler = JobHandler<unknown, unknown, unknown>;

/** One handler a kind. */
export type JobHandlers = Readonly<Record<JobKind, AnyJobHandler>>;
