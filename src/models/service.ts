import type { Clock } from '../clock.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import type { Sql } from '../database/sql.ts';
import { badInput, DomainError } from '../errors.ts';
import type { ModelCard } from '../inference/modelCard.ts';
import type { TriageVersion, TriageVersions } from '../inference/triageVersions.ts';
import { done, type Outcome, refused, type UserError } from '../mutationOutcome.ts';
import { type ActiveVersions, makeActiveVersions } from './activeVersions.ts';
import {
  type ActivateCode,
  type ActivationInput,
  checkActivation,
  type RollbackCode,
} from './checkActivation.ts';
import * as repository from './repository.ts';

export type ModelsService = ReturnType<typeof makeModelsService>;
/** What the versions of models stand on. */
export type ModelsParts = {
  readonly database: Pick<Database, 'sql'>;
  /** Cards of the models that came with the program. */
  readonly cards: readonly ModelCard[];
  readonly triageVersions: TriageVersions;
  readonly clock: Clock;
};
/** A version of a model as it stands. */
export type ModelVersionRow = TriageVersion & {
  readonly name: string;
  /** Whether every process is to answer by it. */
  readonly isActive: boolean;
  /** Whether this process answers by it. */
  readonly isServed: boolean;
};

const versioned = 'triage';
const mostActivations = 100;

/** Makes the use cases of models: reading their cards, and choosing the version that answers. */
export function makeModelsService({ database, cards, triageVersions, clock }: ModelsParts) {
  const { sql } = database;
  const active = makeActiveVersions(sql, triageVersions, versioned);
  return {
    /** Cards of the models that answer in this process, by name. */
    listCards(): readonly ModelCard[] {
      const served = triageVersions.current()?.card;
      const others = cards.filter(({ name }) => name !== versioned);
      return [...others, ...(served === undefined ? [] : [served])].sort((a, b) =>
        a.name < b.name ? -1 : 1,
      );
    },
    /** Versions of a model, the shipped one first; none of a model that has no others. */
    async listVersions(name: string): Promise<readonly ModelVersionRow[]> {
      if (name !== versioned) return [];
      const [versions, last] = await Promise.all([
        triageVersions.list(),
        repository.findLastActivation(sql, versioned),
      ]);
      const served = triageVersions.current()?.card.version;
      return versions.map((one) => ({
        ...one,
        problem: one.problem ?? active.problemOf(one.version),
        name,
        isActive: last?.version == null ? one.isShipped : one.version === last.version,
        isServed: one.version === served,
      }));
    },
    /** Who chose which version of a model, the latest first; throws BAD_USER_INPUT where too many are asked for. */
    listActivations(name: string, first: number): Promise<repository.ActivationRow[]> {
      if (first < 1 || first > mostActivations)
        throw badInput(`first must be 1 to ${mostActivations}, got ${first}.`, ['first']);
      return repository.listActivations(sql, name, first);
    },
    ...makeChanges(sql, { triageVersions, active, clock }),
    /** Answers by the version that is active from now on; see `ActiveVersions`. */
    follow: active.follow,
  };
}

type ChangeParts = Pick<ModelsParts, 'triageVersions' | 'clock'> & { readonly active: ActiveVersions };

function makeChanges(sql: Sql, { triageVersions, active, clock }: ChangeParts) {
  return {
    /** Lets every process answer by a version, which is checked first; yields its name. */
    async activate(
      input: ActivationInput & { readonly version: string },
      idempotency?: Idempotency,
    ): Promise<Outcome<string, ActivateCode>> {
      const errors = checkActivation(input, versioned);
      if (errors.length > 0) return refused<ActivateCode>(...errors);
      const versions = await triageVersions.list();
      const wanted = versions.find(({ version }) => version === input.version);
      if (wanted === undefined) return refused<ActivateCode>(unknownVersion(input.version, versions));
      const version = wanted.isShipped ? null : wanted.version;
      const broken = await openVersion(triageVersions, version, ['input', 'version']);
      if (broken !== null) return refused<ActivateCode>(broken);
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        await repository.lockModel(tx, versioned);
        const last = await repository.findLastActivation(tx, versioned);
        if ((last?.version ?? null) === version) return refused<ActivateCode>(alreadyActive(input.version));
        const row = { kind: 'ACTIVATE', version, beforeId: last?.id ?? null } as const;
        await repository.insertActivation(tx, { ...toActivation(input, clock()), ...row });
        return done(input.version);
      });
      await active.adopt();
      return outcome;
    },
    /** Lets every process answer by the version that was active before; yields its name. */
    async rollBack(
      input: ActivationInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<string, RollbackCode>> {
      const errors = checkActivation(input, versioned);
      if (errors.length > 0) return refused<RollbackCode>(...errors);
      const [expected, versions] = await Promise.all([findBefore(sql), triageVersions.list()]);
      const shipped = versions.find(({ isShipped }) => isShipped)?.version ?? 'none';
      if (expected !== null) {
        const broken = await openVersion(triageVersions, expected.version, ['input', 'name']);
        if (broken !== null) return refused<RollbackCode>(broken);
      }
      const outcome = await inIdempotentTransaction(sql, idempotency, async (tx) => {
        await repository.lockModel(tx, versioned);
        const before = await findBefore(tx);
        if (before === null) return refused<RollbackCode>(nothingBefore());
        if (before.lastId !== expected?.lastId) return refused<RollbackCode>(changedMeanwhile());
        const { version, beforeId } = before;
        const row = { kind: 'ROLLBACK', version, beforeId } as const;
        await repository.insertActivation(tx, { ...toActivation(input, clock()), ...row });
        return done(version ?? shipped);
      });
      await active.adopt();
      return outcome;
    },
  };
}

type Before = { readonly version: string | null; readonly beforeId: number | null; readonly lastId: number };

/** What was active before the last activation; null where nothing but the shipped version ever was, or is again. */
async function findBefore(sql: Sql): Promise<Before | null> {
  const last = await repository.findLastActivation(sql, versioned);
  if (last === null || (last.version === null && last.beforeId === null)) return null;
  const before = last.beforeId === null ? null : await repository.findActivation(sql, last.beforeId);
  return { version: before?.version ?? null, beforeId: before?.beforeId ?? null, lastId: last.id };
}

async function openVersion(
  versions: TriageVersions,
  version: string | null,
  field: readonly string[],
): Promise<UserError<'BROKEN_FILES'> | null> {
  try {
    await versions.open(version);
    return null;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    return { code: 'BROKEN_FILES', field, message: error.message };
  }
}

function toActivation({ actor, reason }: ActivationInput, createdAt: Date) {
  return { modelName: versioned, actor: actor.trim(), reason: reason.trim(), createdAt };
}

function unknownVersion(got: string, versions: readonly TriageVersion[]): UserError<'UNKNOWN_VERSION'> {
  const names = versions.map(({ version }) => version).join(', ') || 'none';
  const message = `input.version must be one of the versions ${names}, got '${got.slice(0, 64)}'.`;
  return { code: 'UNKNOWN_VERSION', field: ['input', 'version'], message };
}

function alreadyActive(version: string): UserError<'ALREADY_ACTIVE'> {
  const message = `input.version must be one that is not active, got '${version}', which is.`;
  return { code: 'ALREADY_ACTIVE', field: ['input', 'version'], message };
}

function nothingBefore(): UserError<'NOTHING_BEFORE'> {
  const message = `input.name must be a model whose version was changed, got '${versioned}', which answers by the shipped one.`;
  return { code: 'NOTHING_BEFORE', field: ['input', 'name'], message };
}

function changedMeanwhile(): UserError<'CHANGED_MEANWHILE'> {
  const message = `input.name must be a model that nobody else changes at the same time, got '${versioned}', which was changed.`;
  return { code: 'CHANGED_MEANWHILE', field: ['input', 'name'], message };
}
