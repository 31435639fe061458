import type { Clock } from '../../clock.ts';
import { oneByKey } from '../../database/byKey.ts';
import type { Database } from '../../database/database.ts';
import { type Idempotency, inIdempotentTransaction } from '../../database/idempotency.ts';
import type { PageArguments } from '../../database/page.ts';
import { badInput } from '../../errors.ts';
import { checkText, notFound } from '../../inputChecks.ts';
import { done, type Outcome, refused } from '../../mutationOutcome.ts';
import { toDayNumber } from '../dayNumber.ts';
import type { ForecastingService } from '../service.ts';
import { sumStatistical } from './applyOverrides.ts';
import {
  checkPeriod,
  checkRemove,
  checkSet,
  type OverrideLine,
  type RemoveCode,
  type RemoveInput,
  type SetCode,
  type SetInput,
} from './checkOverrides.ts';
import * as repository from './overrideRepository.ts';
import { measureValueAdded } from './valueAdded.ts';

type Forecast = Awaited<ReturnType<ForecastingService['forecastVariants']>>[number];

export type OverrideService = ReturnType<typeof makeOverrideService>;

/** Makes the use cases of planners' overrides: set, take back, list, and compare with what was sold. */
export function makeOverrideService(parts: {
  readonly database: Pick<Database, 'sql'>;
  readonly forecasting: Pick<ForecastingService, 'forecastVariants'>;
  readonly clock: Clock;
}) {
  const { forecasting, clock } = parts;
  const { sql } = parts.database;

  /** Forecasts for the lines, in order: of days where they reach the line's end, of weeks otherwise. */
  const forecastLines = async (lines: readonly OverrideLine[]): Promise<Forecast[]> => {
    const ids = [...new Set(lines.map(({ variantId }) => variantId))];
    const daily = new Map(await forecastById(ids, 'DAILY'));
    const isFar = (line: OverrideLine) => reachesBeyond(line, daily.get(line.variantId) ?? null);
    const farIds = [...new Set(lines.filter(isFar).map(({ variantId }) => variantId))];
    const weekly = new Map(farIds.length === 0 ? [] : await forecastById(farIds, 'WEEKLY'));
    return lines.map((line) => (isFar(line) ? weekly : daily).get(line.variantId) ?? null);
  };
  const forecastById = async (ids: readonly number[], frequency: 'DAILY' | 'WEEKLY') => {
    const rows = await forecasting.forecastVariants(ids, frequency, () => undefined);
    return ids.map((id, index) => [id, rows[index] ?? null] as const);
  };

  return {
    /** Sets overrides, all or none; yields their ids in input order. */
    async setOverrides(
      input: SetInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<readonly number[], SetCode>> {
      const errors = checkSet(input);
      if (errors.length > 0) return refused(...errors);
      const lines = input.overrides;
      const known = await repository.listExistingVariants(
        sql,
        lines.map(({ variantId }) => variantId),
      );
      const forecasts = await forecastLines(lines.filter(({ variantId }) => known.has(variantId)));
      const found = forecasts.values();
      const refusals = lines.flatMap((line, index): ReturnType<typeof checkPeriod> => {
        const field = ['input', 'overrides', String(index)];
        if (!known.has(line.variantId))
          return [notFound('ProductVariant', line.variantId, [...field, 'variantId'])];
        return checkPeriod(line, field, found.next().value?.startsOn ?? null);
      });
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        if (refusals.length > 0) return refused(...refusals);
        const overrides = lines.map((line, index) => toNewOverride(line, forecasts[index] ?? null));
        return done(await repository.insertOverrides(tx, overrides, sign(input, clock())));
      });
    },
    /** Takes overrides back, all or none; yields their ids, each once, in input order. */
    removeOverrides(
      input: RemoveInput,
      idempotency?: Idempotency,
    ): Promise<Outcome<readonly number[], RemoveCode>> {
      return inIdempotentTransaction(sql, idempotency, async (tx) => {
        const ids = [...new Set(input.overrideIds)];
        const errors = checkRemove(input, await repository.lockOverrides(tx, ids));
        if (errors.length > 0) return refused(...errors);
        await repository.insertRemovals(tx, ids, sign(input, clock()));
        return done(ids);
      });
    },
    /** One page of overrides, by id. */
    listOverrides: (filter: repository.OverrideListFilter, page: PageArguments) =>
      repository.listOverrides(sql, filter, page),
    /** Overrides in key order, null where unknown. */
    findOverrides: async (ids: readonly number[]) =>
      oneByKey(ids, await repository.listOverridesById(sql, ids), (row) => row.id),
    /** Compares overrides whose period has passed with what was sold; throws BAD_USER_INPUT for a backward range. */
    async measureValueAdded(filter: repository.ValueAddedFilter) {
      const { from, to, author } = filter;
      if (from !== null && to !== null && from > to)
        throw badInput(`to must be ${from} or later, the day of from, got ${to}.`, ['to']);
      if (author !== null) checkText(author, ['author']);
      return measureValueAdded(await repository.listComparedOverrides(sql, filter));
    },
  };
}

function reachesBeyond({ to }: OverrideLine, forecast: Forecast): boolean {
  if (forecast?.startsOn == null) return false;
  return toDayNumber(to) >= toDayNumber(forecast.startsOn) + forecast.forecast.horizon;
}

function toNewOverride(line: OverrideLine, forecast: Forecast): repository.NewOverride {
  const statisticalUnits =
    forecast === null ? 0 : sumStatistical(forecast, { startsOn: line.from, endsOn: line.to });
  return { ...line, statisticalUnits, finalUnits: line.units ?? (line.factor ?? 1) * statisticalUnits };
}

function sign(input: Pick<SetInput, 'author' | 'reason'>, now: Date): repository.OverrideSignature {
  return { author: input.author, reason: input.reason, now };
}
