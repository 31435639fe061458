import type { Clock } from '../clock.ts';
import type { Sql } from '../database/sql.ts';
import { DomainError } from '../errors.ts';
import type { JobHandler } from '../jobs/service.ts';
import type { ProposeActions } from './actions/complaintActions.ts';
import { listTexts, storeTriages } from './triageRepository.ts';
import type { Triager } from './triager.ts';

/** Which complaints a job triages; row ids. */
export type TriageJobInput = { readonly complaintIds: readonly number[] };
type Part = { readonly triaged: number };

/** Texts of a chunk: one model run. */
const chunkSize = 64;

/** Makes the job that triages complaints, by chunks of 64; what it writes takes the place of an earlier try's. */
export function makeTriageJob({
  sql,
  triager,
  proposeActions,
  clock,
  onTriaged,
}: {
  readonly sql: Sql;
  readonly triager: Triager | null;
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
      if (triager === null)
        throw new DomainError('MODEL_UNAVAILABLE', 'A triage model must be installed, but there is none.');
      const texts = await listTexts(sql, complaintIds);
      if (texts.length === 0) return { triaged: 0 };
      const results = await triager.triage(texts.map(({ text }) => text));
      const triages = texts.flatMap(({ id }, index) => {
        const triage = results[index];
        return triage === undefined ? [] : [{ complaintId: id, triage }];
      });
      const { model } = triager;
      const ids = await sql.transaction(async (tx) => {
        const stored = await storeTriages(tx, triages, model, clock());
        await proposeActions(tx, stored, clock());
        return stored;
      });
      onTriaged();
      return { triaged: ids.length };
    },
    finish: async (parts) => ({ triaged: parts.reduce((sum, { triaged }) => sum + triaged, 0) }),
  };
}
