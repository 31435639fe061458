import { type Idempotency, inIdempotentTransaction, wasAnswered } from '../database/idempotency.ts';
import type { Sql } from '../database/sql.ts';
import type { ComplaintsTriageUserErrorCode } from '../generated/graphql.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { addMessage, checkNewMessage } from './addMessage.ts';
import { type MessageCode, type MessageInput, readName, type SubmitCode } from './checkComplaint.ts';
import { deleteEventsBefore } from './eventRepository.ts';
import type { ComplaintsParts } from './service.ts';
import { checkSubmit, type SubmitInput, submitComplaint } from './submitComplaint.ts';
import { makeTriageFeed } from './triageFeed.ts';
import { makeTriageJob } from './triageJob.ts';
import { listPendingIds } from './triageRepository.ts';
import { type OnModelRun, type TextTriage, triageInTime } from './triager.ts';

const defaultDeadlineMs = 2_000;
const maximumTriaged = 1_000;
const keptEventsMs = 3_600_000;

/** How a mutation is sent: its key, and who is told of its model runs. */
type Sent = { readonly idempotency: Idempotency | undefined; readonly onRun: OnModelRun };

/** Makes the use cases that triage texts, or have a job do it. */
export function makeTriaging(
  sql: Sql,
  { jobs, triager, proposeActions, clock, triageDeadlineMs, feedPollMs }: ComplaintsParts,
) {
  const feed = makeTriageFeed(sql, feedPollMs);
  const deadlineMs = triageDeadlineMs ?? defaultDeadlineMs;

  /**
   * Stores a text by `store`. Its triage comes before the transaction; where that fails or is late, a job for it is stored in
   * the transaction. An answer that is only given again takes no model run.
   */
  const storeText = async <Code extends string>(
    text: string | null,
    { idempotency, onRun }: Sent,
    store: (tx: Sql, triage: TextTriage) => Promise<Outcome<number, Code>>,
  ): Promise<Outcome<number, Code>> => {
    const isRead = text !== null && triager.isInstalled();
    const isSpared = !isRead || (await wasAnswered(sql, idempotency));
    const triage = isSpared ? null : await triageInTime(triager, text, { deadlineMs, onRun });
    const isLeft = isRead && triage === null;
    if (isLeft) await jobs.prepare();
    const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
      const stored = await store(tx, { triage, isLeft });
      if (stored.kind === 'refused') return stored;
      const complaintIds = [stored.result];
      if (triage !== null) await proposeActions(tx, complaintIds, clock());
      if (isLeft)
        await jobs.createJob(tx, { kind: 'COMPLAINT_TRIAGE', input: { complaintIds }, requestedBy: null });
      return stored;
    });
    if (isLeft) jobs.wake();
    else feed.wake();
    return outcome;
  };

  return {
    /** Row ids of complaints of at least a severity (its place; 0 = all) as any process triages them, until the iterator is ended. */
    listenToTriages: (minimumSeverity: number) => feed.subscribe(minimumSeverity),
    /** Removes the events of triages that are more than an hour old; yields how many. */
    deleteOldEvents: () => deleteEventsBefore(sql, new Date(clock().getTime() - keptEventsMs)),
    jobHandler: makeTriageJob({ sql, triager, proposeActions, clock, onTriaged: feed.wake }),
    /** Stores what a customer wrote; yields its id. Throws BAD_USER_INPUT for a text the store cannot hold. */
    async submitComplaint(
      input: SubmitInput,
      idempotency?: Idempotency,
      onRun: OnModelRun = () => undefined,
    ): Promise<Outcome<number, SubmitCode>> {
      const now = clock();
      const checked = checkSubmit(input, now);
      if (checked.kind === 'refused') return checked;
      return storeText(checked.result.text, { idempotency, onRun }, (tx, { triage }) =>
        submitComplaint(tx, checked.result, triage, now),
      );
    },
    /** Adds a message to a complaint's thread, whose triage follows it where a customer wrote it; yields the complaint's id. */
    async addMessage(
      input: MessageInput,
      idempotency?: Idempotency,
      onRun: OnModelRun = () => undefined,
    ): Promise<Outcome<number, MessageCode>> {
      const checked = checkNewMessage(input);
      if (checked.kind === 'refused') return checked;
      const message = checked.result;
      return storeText(
        message.author === 'CUSTOMER' ? message.text : null,
        { idempotency, onRun },
        (tx, triage) => addMessage(tx, message, triage, clock()),
      );
    },
    /**
     * Starts a job that triages complaints, null = the oldest that are PENDING; yields the job's id. Without a triage model
     * the job fails and says so.
     */
    async startTriage(
      input: { readonly complaintIds: readonly number[] | null; readonly requestedBy: string | null },
      idempotency?: Idempotency,
    ): Promise<Outcome<number, ComplaintsTriageUserErrorCode>> {
      const requestedBy = readName('requestedBy', input.requestedBy);
      await jobs.prepare();
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        const complaintIds = [...new Set(input.complaintIds ?? (await listPendingIds(tx, maximumTriaged)))];
        const count = complaintIds.length;
        const message = `input.complaintIds must have 1 to 1,000 complaints, got ${count}.`;
        if (count < 1 || count > maximumTriaged)
          return refused<ComplaintsTriageUserErrorCode>({
            code: 'INVALID_COUNT',
            field: ['input', 'complaintIds'],
            message,
          });
        return done(
          await jobs.createJob(tx, { kind: 'COMPLAINT_TRIAGE', input: { complaintIds }, requestedBy }),
        );
      });
      jobs.wake();
      return outcome;
    },
  };
}
