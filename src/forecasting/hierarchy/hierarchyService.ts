import type { Clock } from '../../clock.ts';
import type { Database } from '../../database/database.ts';
import { badInput, DomainError } from '../../errors.ts';
import { formatCount } from '../../inputChecks.ts';
import type { DemandLevel, SalesService } from '../../sales/service.ts';
import type { SalesFrequency } from '../dailyHistory.ts';
import type { ForecastRow } from '../forecastRow.ts';
import type { ForecastEngines, ForecastingService } from '../service.ts';
import { addOverrides } from './addOverrides.ts';
import { refreshTree } from './refreshTree.ts';
import { sumForecasts } from './sumForecasts.ts';
import * as repository from './treeRepository.ts';
import { shareAmongWarehouses } from './warehouseShares.ts';

export type HierarchyService = ReturnType<typeof makeHierarchyService>;

/** What the hierarchy stands on. */
export type HierarchyParts = {
  readonly database: Pick<Database, 'sql'>;
  readonly sales: Pick<SalesService, 'listLevelDemandHistories'>;
  readonly forecasting: Pick<ForecastingService, 'forecastBase' | 'forecastDemand'>;
  readonly engines: Pick<ForecastEngines, 'model' | 'runTask'>;
  readonly clock: Clock;
};

/**
 * Finds variants' forecasts, in key order. A request hands over its loader: what is added up is then the very forecast
 * that it shows of each variant, computed once.
 */
export type FindForecasts = (
  variantIds: readonly number[],
  frequency: SalesFrequency,
) => Promise<readonly (ForecastRow | null)[]>;

/** How sums are forecast. */
export type SumOptions = { readonly frequency: SalesFrequency; readonly findForecasts: FindForecasts };

/** Most variants that a query adds up where no stored tree is fresh. */
const maximumLiveVariants = 500;

/** Makes the use cases of the hierarchy: forecasts of products, categories, warehouses and the total that add up. */
export function makeHierarchyService(parts: HierarchyParts) {
  const { engines, clock } = parts;
  const { sql } = parts.database;

  /** The variants' forecasts added up, in key order. */
  const sumLive = async (
    below: readonly (repository.HierarchyVariant & { readonly sums: ReadonlyMap<number, number> })[],
    sumCount: number,
    { frequency, findForecasts }: SumOptions,
  ) => {
    const ids = below.map(({ id }) => id);
    const rows = ids.length === 0 ? [] : await findForecasts(ids, frequency);
    const summands = below.flatMap(({ id, category, sums }, index) => {
      const row = rows[index] ?? null;
      const shares = [...sums].map(([sum, share]) => ({ sum, share }));
      return row === null ? [] : [{ variantId: id, category, row, parts: shares }];
    });
    return sumForecasts(summands, sumCount, { runTask: engines.runTask, generatedAt: clock() });
  };

  const forecastLive = async (level: DemandLevel, keys: readonly number[], options: SumOptions) => {
    const below = await repository.listVariantsBelow(sql, level, keys);
    checkLiveCount(below.length, options.frequency);
    const place = new Map(keys.map((key, index) => [key, index]));
    if (level !== 'WAREHOUSE')
      return sumLive(
        below.map((row) => ({ ...row, sums: new Map([[place.get(row.key) ?? 0, 1]]) })),
        keys.length,
        options,
      );
    const ids = below.map(({ id }) => id);
    const shares = shareAmongWarehouses(ids, await repository.listWarehouseUnits(sql, ids));
    const sumsOf = (shared: repository.WarehouseShares) =>
      Object.entries(shared).flatMap(([id, share]) => {
        const sum = place.get(Number(id));
        return sum === undefined ? [] : [[sum, share] as const];
      });
    return sumLive(
      below.map((row, index) => ({ ...row, sums: new Map(sumsOf(shares[index] ?? {})) })),
      keys.length,
      options,
    );
  };

  return {
    /**
     * Forecasts of the total (key 0), categories or warehouses, in key order, overrides included: daily ones from the
     * stored tree while it is fresh, else added up from at most 500 variants. Null where no variant has a forecast.
     */
    async forecastLevel(
      level: DemandLevel,
      keys: readonly number[],
      options: SumOptions,
    ): Promise<(ForecastRow | null)[]> {
      const stored =
        options.frequency === 'DAILY' ? await repository.listTreeNodes(sql, level, keys, engines.model) : [];
      const [tree] = stored;
      if (tree === undefined) return forecastLive(level, keys, options);
      const rows = new Map(stored.map((node) => [node.key, node]));
      const nodes = keys.map((key) => {
        const node = rows.get(key);
        return node === undefined ? null : toForecastRow(node, engines.model);
      });
      const members = await repository.listOverriddenMembers(
        sql,
        { id: tree.treeId, startsOn: tree.startsOn },
        level,
        keys,
      );
      if (members.length === 0) return nodes;
      const ids = members.map(({ id }) => id);
      const forecasts = await options.findForecasts(ids, 'DAILY');
      return keys.map((key, index) => {
        const node = nodes[index] ?? null;
        const shareOf = (member: repository.OverriddenMember) =>
          level === 'TOTAL'
            ? 1
            : level === 'CATEGORY'
              ? Number(member.category === key)
              : (member.warehouseShares[key] ?? 0);
        const overridden = members.map((member, place) => ({
          row: forecasts[place] ?? null,
          share: shareOf(member),
        }));
        return node === null ? null : addOverrides(node, overridden);
      });
    },
    /** Forecasts of products, in key order: their variants' added up; null where none has one. */
    async forecastProducts(
      productIds: readonly number[],
      options: SumOptions,
    ): Promise<(ForecastRow | null)[]> {
      const place = new Map(productIds.map((id, index) => [id, index]));
      const below = await repository.listVariantsBelow(sql, 'PRODUCT', productIds);
      const summed = below.map((row) => ({ ...row, sums: new Map([[place.get(row.key) ?? 0, 1]]) }));
      return sumLive(summed, productIds.length, options);
    },
    /**
     * Reconciles the daily forecasts of the whole catalogue and stores them; yields the number of variants. To be called
     * after `refreshForecasts`: a variant without a stored forecast is forecast and stored on the way.
     */
    refreshHierarchy: (onProgress: (done: number, total: number) => void = () => undefined) =>
      refreshTree(parts, onProgress),
  };
}

function checkLiveCount(count: number, frequency: SalesFrequency): void {
  if (count <= maximumLiveVariants) return;
  const limit = `sums of more than ${maximumLiveVariants} variants`;
  if (frequency !== 'DAILY')
    throw badInput(
      `frequency must be DAILY for ${limit}, got ${frequency} for ${formatCount(count)} variants.`,
      ['frequency'],
    );
  throw new DomainError(
    'MODEL_UNAVAILABLE',
    `The forecast of ${limit} must have been stored by npm run forecast or the nightly plan since the last sales were reported, but it was not, for ${formatCount(count)} variants.`,
  );
}

function toForecastRow(node: repository.TreeNodeRow, model: ForecastRow['model']): ForecastRow {
  return {
    model,
    generatedAt: node.generatedAt,
    frequency: 'DAILY',
    startsOn: node.startsOn,
    forecast: {
      horizon: node.horizon,
      levels: node.levels,
      quantiles: Float64Array.from(node.quantiles),
      mean: Float64Array.from(node.mean),
    },
    members: node.members,
    accuracy: node.accuracy,
    reconciliation: 'MIN_TRACE',
  };
}
