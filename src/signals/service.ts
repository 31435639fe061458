import { manyByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../database/idempotency.ts';
import { notFound } from '../inputChecks.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import { checkSignals, type RecordCode } from './checkSignals.ts';
import * as repository from './repository.ts';

export type { SignalRow, WeeklySignal } from './repository.ts';

/** Days between which weeks begin, both included; null = open. */
export type SignalRange = { readonly from: string | null; readonly to: string | null };

export type SignalsService = ReturnType<typeof makeSignalsService>;

/** Makes the use cases of weekly signals from texts about variants. */
export function makeSignalsService({ database }: { readonly database: Pick<Database, 'sql'> }) {
  const { sql } = database;
  return {
    /**
     * Stores what a client knows about variants in whole weeks, all or none; a week that is there is replaced. Yields their
     * number. Forecasts hear of them when they are next computed.
     */
    recordSignals(
      signals: readonly repository.WeeklySignal[],
      idempotency?: Idempotency,
    ): Promise<Outcome<number, RecordCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const known = await repository.listKnownVariantIds(
          tx,
          signals.map(({ variantId }) => variantId),
        );
        const unknown = signals.flatMap(({ variantId }, index) =>
          known.has(variantId)
            ? []
            : [notFound('ProductVariant', variantId, ['input', 'signals', String(index), 'variantId'])],
        );
        const errors = [...checkSignals(signals), ...unknown];
        if (errors.length > 0) return refused(...errors);
        await repository.upsertSignals(tx, signals, 'RECORDED');
        return done(signals.length);
      });
    },
    /** Stores what the store's own complaints say about whole weeks; one that was recorded stays. Yields how many were stored. */
    countSignals: (signals: readonly repository.WeeklySignal[]): Promise<number> =>
      repository.upsertSignals(sql, signals, 'COMPLAINTS'),
    /** Weeks of variants that begin in a range, both ends included, in key order and oldest first, without rates: one statement. */
    async listWeeks(
      variantIds: readonly number[],
      range: { readonly from: string; readonly to: string },
    ): Promise<(readonly repository.WeeklySignal[])[]> {
      const rows = await repository.listWeeks(sql, variantIds, range);
      return manyByKey(variantIds, rows, ({ variantId }) => variantId);
    },
    /** Weeks of variants that begin in a range, in key order and oldest first: one statement. */
    async listSignals(
      variantIds: readonly number[],
      range: SignalRange,
    ): Promise<(readonly repository.SignalRow[])[]> {
      const rows = await repository.listSignals(sql, variantIds, range);
      return manyByKey(variantIds, rows, ({ variantId }) => variantId);
    },
  };
}
