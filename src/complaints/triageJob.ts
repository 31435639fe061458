import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import type { JobHandler } from '../jobs/service.ts';
import type { ProposeActions } from './actions/complaintActions.ts';
import { listThreadTexts, lockThreads, storeTriages } from './triageRepository.ts';
import type { Triager } from './triager.ts';

/** Which complaints a job triages; row ids. */
export type TriageJobInput = { readonly complaintIds: readonly number[] };
type Part = { readonly triaged: number };

/** Complaints of a chunk: one model run of all their texts. */
const chunkSize = 64;

/** Makes the job that triages complaints, by chunks of 64; what an earlier try has triaged is triaged again, to the same end. */
export function makeTriageJob({
  sql,
  triager,
  proposeActions,
  clock,
  onTriaged,
}: {
  readonly sql: Sql;
  readonly triager: Triager;
  readonly proposeActions: ProposeActions;
  readonly clock: Clock;
  /** Called once triages are stored. */
  onTriaged(): void;
}): JobHandler<TriageJobInput, TriageJobInput, Part> {
  return {
    async plan({ input: { complaintIds } }) {
      const count = Math.ceil(complaintIds.length / chunkSize);
      return Array.from({ length: count }, (_, chunk) => {
        const ids = complaintIds.slice(chunk * chunkSize, (chunk + 1) * chunkSize);
        return { size: ids.length, payload: { complaintIds: ids } };
      });
    },
    async run({ complaintIds }) {
      const texts = await listThreadTexts(sql, complaintIds);
      if (texts.length === 0) return { triaged: 0 };
      const results = await triager.triage(texts.map(({ text }) => text));
      const triages = texts.flatMap(({ complaintId, messageId }, index) => {
        const triage = results[index];
        return triage === undefined ? [] : [{ complaintId, messageId, triage }];
      });
      const ids = await sql.transaction(async (tx) => {
        await lockThreads(tx, complaintIds);
        const stored = await storeTriages(tx, triages, clock());
        await proposeActions(tx, stored, clock());
        return stored;
      });
      onTriaged();
      return { triaged: ids.length };
    },
    finish: async (parts) => ({ triaged: parts.reduce((sum, { triaged }) => sum + triaged, 0) }),
  };
}
