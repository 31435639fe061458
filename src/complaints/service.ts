import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { PageArguments } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { badInput } from '../errors.ts';
import type { JobsService } from '../jobs/service.ts';
import { done, type Outcome } from '../mutationOutcome.ts';
import type { SignalsService } from '../signals/service.ts';
import { listActions } from './actions/actionRepository.ts';
import type { ProposeActions } from './actions/complaintActions.ts';
import { type ChangeCode, type ChangeInput, changeComplaint, overrideTriage } from './changeComplaint.ts';
import type { OverrideCode, OverrideInput } from './checkComplaint.ts';
import {
  type DeleteCode,
  type Deleted,
  type DeleteInput,
  deleteTexts,
  type ForgetActions,
} from './deleteTexts.ts';
import { type LabelName, readLabelledTexts } from './labelledTexts.ts';
import * as repository from './repository.ts';
import { listSimilarComplaints } from './similarRepository.ts';
import { makeStatistics } from './statistics.ts';
import { listMessages, listOverrides } from './threadRepository.ts';
import { listTextTriages, listTriages } from './triageRepository.ts';
import type { Triager } from './triager.ts';
import { makeTriaging } from './triaging.ts';

export type ComplaintsService = ReturnType<typeof makeComplaintsService>;
/** What complaints stand on. */
export type ComplaintsParts = {
  readonly database: Pick<Database, 'sql'>;
  readonly signals: Pick<SignalsService, 'countSignals'>;
  readonly jobs: Pick<JobsService, 'prepare' | 'createJob' | 'wake'>;
  readonly triager: Triager;
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

const maximumSimilar = 50;

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
    /** The triages that hold for complaints in key order, null where there is none. */
    findTriages: async (ids: readonly number[]) =>
      oneByKey(ids, await listTriages(sql, ids), (row) => row.complaintId),
    /** Triages of the texts of each complaint's thread in key order, oldest first. */
    listTriagesOfComplaints: async (ids: readonly number[]) =>
      manyByKey(ids, await listTextTriages(sql, ids), (row) => row.complaintId),
    /** Corrections of each complaint in key order, oldest first. */
    listOverridesOfComplaints: async (ids: readonly number[]) =>
      manyByKey(ids, await listOverrides(sql, ids), (row) => row.complaintId),
    /** What was done because of each recommendation in key order, null where nothing was. */
    findActions: async (recommendationIds: readonly number[]) =>
      oneByKey(recommendationIds, await listActions(sql, recommendationIds), (row) => row.recommendationId),
    /**
     * Every masked text whose label a person corrected, with the last correction, by complaint; labels in lower case as
     * models are trained on them. Deleted texts are left out.
     */
    readLabelledTexts: (name: LabelName) => readLabelledTexts(sql, name),
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
