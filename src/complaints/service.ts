import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { badInput } from '../errors.ts';
import type { ComplaintsTriageUserErrorCode } from '../generated/graphql.ts';
import type { JobsService } from '../jobs/service.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import type { SignalsService } from '../signals/service.ts';
import { listActions } from './actions/actionRepository.ts';
import type { ProposeActions } from './actions/complaintActions.ts';
import {
  addMessage,
  type ChangeCode,
  type ChangeInput,
  changeComplaint,
  overrideTriage,
} from './changeComplaint.ts';
import {
  type MessageCode,
  type MessageInput,
  type OverrideCode,
  type OverrideInput,
  readName,
  type SubmitCode,
} from './checkComplaint.ts';
import {
  type DeleteCode,
  type Deleted,
  type DeleteInput,
  deleteTexts,
  type ForgetActions,
} from './deleteTexts.ts';
import { deleteEventsBefore } from './eventRepository.ts';
import * as repository from './repository.ts';
import { listSimilarComplaints } from './similarRepository.ts';
import { makeStatistics } from './statistics.ts';
import { checkSubmit, type SubmitInput, submitComplaint } from './submitComplaint.ts';
import { listMessages, listOverrides } from './threadRepository.ts';
import { makeTriageFeed } from './triageFeed.ts';
import { makeTriageJob } from './triageJob.ts';
import { listPendingIds, listTriages } from './triageRepository.ts';
import { type OnModelRun, type Triager, triageInTime } from './triager.ts';

export type ComplaintsService = ReturnType<typeof makeComplaintsService>;
/** What complaints stand on; `triager` is null where no triage model is installed. */
export type ComplaintsParts = {
  readonly database: Pick<Database, 'sql'>;
  readonly signals: Pick<SignalsService, 'recordSignals'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createJob' | 'wake'>;
  readonly triager: Triager | null;
  /** Proposes what to do about complaints that were triaged or changed, in the same transaction. */
  readonly proposeActions: ProposeActions;
  /** Forgets what recommendations say about complaints whose texts are deleted, in the same transaction. */
  readonly forgetActions: ForgetActions;
  readonly clock: Clock;
  /** Milliseconds within which a text is triaged in the request that submits it; absent = 2,000. */
  readonly triageDeadlineMs?: number;
  /** Milliseconds between two looks for triages of other processes; absent = 500. */
  readonly feedPollMs?: number;
};

const defaultDeadlineMs = 2_000;
const maximumSimilar = 50;
const maximumTriaged = 1_000;
const keptEventsMs = 3_600_000;

/** Makes the use cases of complaints: storing, triaging, working on and reading them. */
export function makeComplaintsService(parts: ComplaintsParts) {
  const { sql } = parts.database;
  const statistics = makeStatistics(sql, parts.clock, parts.signals);
  return {
    ...makeReads(sql),
    ...makeChanges(sql, parts, statistics),
    ...makeTriaging(sql, parts),
    listStatistics: statistics.listStatistics,
    refreshSignals: statistics.refreshSignals,
  };
}

function makeReads(sql: Sql) {
  return {
    /** One page of complaints. */
    listComplaints: (
      filter: repository.ComplaintListFilter,
      order: repository.ComplaintListOrder,
      page: PageArguments,
    ) => repository.listComplaints(sql, filter, order, page),
    /** Complaints in key order, null where unknown. */
    findComplaints: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listComplaintsById(sql, ids), (row) => row.id),
    /** The complaints most similar to one, the most similar first; throws BAD_USER_INPUT where too many are asked for. */
    listSimilarComplaints(complaintId: number, first: number) {
      if (first < 1 || first > maximumSimilar)
        throw badInput(`first must be 1 to ${maximumSimilar}, got ${first}.`, ['first']);
      return listSimilarComplaints(sql, complaintId, first);
    },
    /** Triages of complaints in key order, null where there is none. */
    findTriages: async (ids: readonly number[]) =>
      oneByKey(ids, await listTriages(sql, ids), (row) => row.complaintId),
    /** Corrections of each complaint in key order, oldest first. */
    listOverridesOfComplaints: async (ids: readonly number[]) =>
      manyByKey(ids, await listOverrides(sql, ids), (row) => row.complaintId),
    /** What was done because of each recommendation in key order, null where nothing was. */
    findActions: async (recommendationIds: readonly number[]) =>
      oneByKey(recommendationIds, await listActions(sql, recommendationIds), (row) => row.recommendationId),
    /** Messages of each complaint in key order, oldest first. */
    listMessagesOfComplaints: async (ids: readonly number[]) =>
      manyByKey(ids, await listMessages(sql, ids), (row) => row.complaintId),
  };
}

function makeChanges(
  sql: Sql,
  { clock, proposeActions, forgetActions }: ComplaintsParts,
  { moveSignal }: Pick<ReturnType<typeof makeStatistics>, 'moveSignal'>,
) {
  return {
    /** Changes who works on a complaint, where it stands and what it is about; yields its id. */
    async changeComplaint(
      input: ChangeInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, ChangeCode>> {
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        const changed = await changeComplaint(tx, input);
        if (changed.kind === 'done') await proposeActions(tx, [changed.result.complaintId], clock());
        return changed;
      });
      if (outcome.kind === 'refused') return outcome;
      const { complaintId, movedVariantIds, submittedAt } = outcome.result;
      if (movedVariantIds.length > 0) await moveSignal(movedVariantIds, new Date(submittedAt));
      return done(complaintId);
    },
    /** Adds a message to a complaint's thread; yields the complaint's id. */
    addMessage: (input: MessageInput, idempotency?: Idempotency): Promise<Outcome<number, MessageCode>> =>
      inIdempotentTransaction(sql, idempotency, (tx) => addMessage(tx, input, clock())),
    /** Deletes all that a customer wrote; yields how much that was. */
    deleteCustomerTexts: (
      input: DeleteInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<Deleted, DeleteCode>> =>
      inIdempotentTransaction(sql, idempotency, (tx) => deleteTexts(tx, input, clock(), forgetActions)),
    /** Corrects labels of a triage, also before there is one; yields the complaint's id. */
    overrideTriage: (
      input: OverrideInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<number, OverrideCode>> =>
      inIdempotentTransaction(sql, idempotency, async (tx) => {
        const corrected = await overrideTriage(tx, input, clock());
        if (corrected.kind === 'done') await proposeActions(tx, [corrected.result], clock());
        return corrected;
      }),
  };
}

function makeTriaging(
  sql: Sql,
  { jobs, triager, proposeActions, clock, triageDeadlineMs = defaultDeadlineMs, feedPollMs }: ComplaintsParts,
) {
  const feed = makeTriageFeed(sql, feedPollMs);
  return {
    /** Row ids of complaints of at least a severity (its place; 0 = all) as any process triages them, until the iterator is ended. */
    listenToTriages: (minimumSeverity: number) => feed.subscribe(minimumSeverity),
    /** Removes the events of triages that are more than an hour old; yields how many. */
    deleteOldEvents: () => deleteEventsBefore(sql, new Date(clock().getTime() - keptEventsMs)),
    jobHandler: makeTriageJob({ sql, triager, proposeActions, clock, onTriaged: feed.wake }),
    /**
     * Stores what a customer wrote; yields its id. The triage comes before the transaction; where it fails or is late, a
     * job for it is stored with the complaint. Throws BAD_USER_INPUT for a text the store cannot hold.
     */
    async submitComplaint(
      input: SubmitInput,
      idempotency?: Idempotency,
      onRun: OnModelRun = () => undefined,
    ): Promise<Outcome<number, SubmitCode>> {
      const now = clock();
      const checked = checkSubmit(input, now);
      if (checked.kind === 'refused') return checked;
      const deadline = { deadlineMs: triageDeadlineMs, onRun };
      const triage = triager === null ? null : await triageInTime(triager, checked.result.text, deadline);
      const isLeft = triage === null && triager !== null;
      if (isLeft) await jobs.prepare();
      const model = triager?.model ?? null;
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        const stored = await submitComplaint(tx, checked.result, triage, { model, now });
        if (stored.kind === 'refused') return stored;
        const complaintIds = [stored.result];
        if (triage !== null) await proposeActions(tx, complaintIds, now);
        if (isLeft)
          await jobs.createJob(tx, { kind: 'COMPLAINT_TRIAGE', input: { complaintIds }, requestedBy: null });
        return stored;
      });
      if (isLeft) jobs.wake();
      else feed.wake();
      return outcome;
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
