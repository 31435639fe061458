import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { DomainError } from '../errors.ts';
import type { JobKind } from '../generated/graphql.ts';
import type { AnyJobHandler } from './jobHandler.ts';
import { type Claim, type JobStep, timeoutOf } from './queue.ts';
import * as repository from './repository.ts';
import type { JobsService } from './service.ts';

/** What steps are run with. */
export type StepParts = {
  readonly sql: Sql;
  readonly jobs: JobsService;
  readonly clock: Clock;
  /** Told of failures that the job itself does not explain. */
  readonly onError: (error: unknown) => void;
};

/** The kind of the claimed job and how it is done. */
export type StepKind = { readonly kind: JobKind; readonly handler: AnyJobHandler };

/**
 * Does a claimed step. Its effect on the job, the steps that follow and its leaving the queue are one transaction;
 * the handler's work comes before it. A failing step is tried again or ends its job; it never throws for that.
 */
export async function runStep(parts: StepParts, { kind, handler }: StepKind, claim: Claim): Promise<void> {
  const { step } = claim;
  try {
    if (step.step === 'start') await startJob(parts, kind, claim, step.input);
    else if (step.step === 'plan') await planJob(parts, handler, claim, step.jobId);
    else if (step.step === 'chunk') await runChunk(parts, handler, claim, step);
    else await finishJob(parts, handler, claim, step.jobId);
  } catch (error) {
    await settleFailure(parts, claim, error);
  }
}

/** Ends the job of a step that pg-boss gave up. */
export async function buryStep({ sql, jobs, clock }: StepParts, claim: Claim): Promise<void> {
  const { retryLimit } = jobs.retryRule;
  const timeoutSeconds = timeoutOf(claim.step, jobs.retryRule);
  await sql.transaction(async (tx) => {
    if ('jobId' in claim.step) {
      const error = `Each part of the job must be done within ${timeoutSeconds} s, but ${retryLimit + 1} workers in a row were lost over one of them.`;
      await repository.endJob(tx, claim.step.jobId, { state: 'FAILED', error, now: clock() });
    }
    await jobs.queue.complete(tx, claim);
  });
}

/** The schedule's turn: starts a job unless the one before is still open. */
async function startJob({ sql, jobs }: StepParts, kind: JobKind, claim: Claim, input: object): Promise<void> {
  await sql.transaction(async (tx) => {
    await jobs.createOnlyJob(tx, { kind, input, requestedBy: 'schedule' });
    await jobs.queue.complete(tx, claim);
  });
}

async function planJob(
  { sql, jobs, clock }: StepParts,
  handler: AnyJobHandler,
  claim: Claim,
  jobId: number,
): Promise<void> {
  const job = await repository.findOpenJob(sql, jobId);
  const chunks = job === null || job.isBegun ? [] : await handler.plan({ jobId, input: job.input });
  await sql.transaction(async (tx) => {
    const first = await repository.beginJob(tx, jobId, chunks, clock());
    if (first !== null) await sendNext(tx, jobs, claim, { jobId, chunks: first });
    await jobs.queue.complete(tx, claim);
  });
  jobs.wake();
}

async function runChunk(
  { sql, jobs, clock }: StepParts,
  handler: AnyJobHandler,
  claim: Claim,
  { jobId, number }: { readonly jobId: number; readonly number: number },
): Promise<void> {
  const chunk = await repository.findOpenChunk(sql, jobId, number);
  const part = chunk === null ? null : await handler.run(chunk.payload, { jobId, input: chunk.input });
  await sql.transaction(async (tx) => {
    const next = chunk === null ? null : await repository.finishChunk(tx, { jobId, number, part }, clock());
    if (next !== null) await sendNext(tx, jobs, claim, { jobId, chunks: next });
    await jobs.queue.complete(tx, claim);
  });
  jobs.wake();
}

/** Sends the chunks that may begin now, or the end of the job where none is left. */
async function sendNext(
  tx: Sql,
  jobs: JobsService,
  { queue }: Claim,
  next: { readonly jobId: number; readonly chunks: readonly repository.NextChunk[] },
): Promise<void> {
  const { jobId, chunks } = next;
  const steps = chunks.map(({ number, timeoutSeconds }): JobStep => {
    const step = { step: 'chunk', jobId, number } as const;
    const isLonger = timeoutSeconds !== null && timeoutSeconds > jobs.retryRule.timeoutSeconds;
    return isLonger ? { ...step, timeoutSeconds } : step;
  });
  await jobs.queue.send(tx, queue, steps.length > 0 ? steps : [{ step: 'finish', jobId }], jobs.retryRule);
}

async function finishJob(
  { sql, jobs, clock }: StepParts,
  handler: AnyJobHandler,
  claim: Claim,
  jobId: number,
): Promise<void> {
  const job = await repository.findOpenJob(sql, jobId);
  const result =
    job === null
      ? null
      : await handler.finish(await repository.listParts(sql, jobId), { jobId, input: job.input });
  await sql.transaction(async (tx) => {
    await repository.endJob(tx, jobId, { state: 'COMPLETED', result, now: clock() });
    await jobs.queue.complete(tx, claim);
  });
}

async function settleFailure(parts: StepParts, claim: Claim, error: unknown): Promise<void> {
  const { sql, jobs, clock, onError } = parts;
  onError(error);
  const text = describeError(error);
  if (!('jobId' in claim.step)) return jobs.queue.fail(claim, text);
  const { jobId } = claim.step;
  if (!claim.isLastTry && mayPass(error)) {
    await repository.noteRetry(sql, jobId, text);
    return jobs.queue.fail(claim, text);
  }
  await sql.transaction(async (tx) => {
    await repository.endJob(tx, jobId, { state: 'FAILED', error: text, now: clock() });
    await jobs.queue.complete(tx, claim);
  });
}

/** Whether another try may end otherwise: what the input is at fault for stays so. */
function mayPass(error: unknown): boolean {
  return !(error instanceof DomainError && (error.code === 'BAD_USER_INPUT' || error.code === 'NOT_FOUND'));
}

/** What a job tells of a failure; like answers of the API it keeps everything unexpected to the log. */
function describeError(error: unknown): string {
  return error instanceof DomainError ? error.message : 'The job met an internal error; the log has it.';
}
