import type { Clock } from '../clock.ts';
import { manyByKey, oneByKey } from '../database/byKey.ts';
import type { Database } from '../database/database.ts';
import type { Idempotency } from '../database/idempotency.ts';
import {
  type DemandHistory,
  type DemandSeries,
  type PackedDemand,
  type ProductDemandHistory,
  toDemandSeries,
} from './demandHistory.ts';
import { type FileImport, type ImportProgress, importFile } from './importFile.ts';
import { importRequest, type RequestImport } from './importRequest.ts';
import { type DemandLevel, listLevelDemand } from './levelDemandRepository.ts';
import { type PaidDemand, toPaidDemand } from './paidDemand.ts';
import { listPaidDemand, type PaidDemandRange } from './paidDemandRepository.ts';
import * as repository from './repository.ts';
import {
  checkPeriodRange,
  mergeCurrencies,
  type PeriodRange,
  type SalesPeriodRow,
  toPeriods,
} from './salesPeriods.ts';

export type { DemandHistory, DemandSeries, ProductDemandHistory } from './demandHistory.ts';
export type { DemandLevel } from './levelDemandRepository.ts';
export type { PaidDemand } from './paidDemand.ts';

/** Arguments of the sales of a variant; ids are row ids. */
export type VariantSalesArguments = PeriodRange & { readonly warehouseId: number | null };
/** Arguments of the sales of the whole store; ids are row ids. */
export type StoreSalesArguments = PeriodRange & repository.StoreFilter;

export type SalesService = ReturnType<typeof makeSalesService>;

const defaultLimitDays = 730;

/** Makes the sales use cases: sales over time, demand histories and imports. */
export function makeSalesService({
  database,
  clock,
}: {
  readonly database: Pick<Database, 'kind' | 'sql'>;
  readonly clock: Clock;
}) {
  const { sql } = database;
  return {
    /** Sales of each variant over time, in key order; throws BAD_USER_INPUT for a backward range or over 1,100 periods. */
    async listVariantPeriods(
      variantIds: readonly number[],
      { warehouseId, ...range }: VariantSalesArguments,
    ): Promise<SalesPeriodRow[][]> {
      checkPeriodRange(range);
      const rows = await repository.listVariantSales(sql, variantIds, range, warehouseId);
      const found = new Map(rows.map((row) => [row.variantId, row]));
      return variantIds.map((id) => {
        const row = found.get(id);
        return row === undefined ? [] : toPeriods(row, range.interval, row.currencyCode);
      });
    },
    /** Sales of the whole store over time; the same errors. */
    async listStorePeriods({
      warehouseId,
      categoryId,
      ...range
    }: StoreSalesArguments): Promise<SalesPeriodRow[]> {
      checkPeriodRange(range);
      const rows = await repository.listStoreSales(sql, range, { warehouseId, categoryId });
      return mergeCurrencies(rows.map((row) => toPeriods(row, range.interval, row.currencyCode)));
    },
    /**
     * Daily demand of each variant over all warehouses, in key order: one statement for all. From the first sale to
     * the last reported day, the last `limitDays` of it; empty where nothing was ever sold.
     */
    async listDemandHistories(
      variantIds: readonly number[],
      limitDays: number = defaultLimitDays,
    ): Promise<DemandHistory[]> {
      const rows = await repository.listVariantDemand(sql, variantIds, limitDays);
      return toSeriesByKey(variantIds, rows, limitDays).map((series, index) => ({
        ...series,
        variantId: variantIds[index] ?? 0,
      }));
    },
    /** The same for products: their variants' demand together. */
    async listProductDemandHistories(
      productIds: readonly number[],
      limitDays: number = defaultLimitDays,
    ): Promise<ProductDemandHistory[]> {
      const rows = await repository.listProductDemand(sql, productIds, limitDays);
      return toSeriesByKey(productIds, rows, limitDays).map((series, index) => ({
        ...series,
        productId: productIds[index] ?? 0,
      }));
    },
    /**
     * Daily demand of the whole store, of each category or of each warehouse with its key, the last `limitDays` days;
     * warehouses that lag more than `maximumLagDays` behind the latest report are left out.
     */
    async listLevelDemandHistories(
      level: DemandLevel,
      limits: { readonly limitDays: number; readonly maximumLagDays: number },
    ): Promise<readonly { readonly key: number; readonly series: DemandSeries }[]> {
      const rows = await listLevelDemand(sql, level, limits);
      return rows.map((row) => ({ key: row.key, series: toDemandSeries([row], limits.limitDays) }));
    },
    /**
     * What was sold of each variant and what was paid for it, a day each, in key order: one statement for all. Null where
     * nothing was ever sold up to the last day.
     */
    async listPaidDemand(
      variantIds: readonly number[],
      range: PaidDemandRange,
    ): Promise<(PaidDemand | null)[]> {
      const rows = await listPaidDemand(sql, variantIds, range);
      return oneByKey(variantIds, rows.map(toPaidDemand), ({ variantId }) => variantId);
    },
    /** Recounts the units sold of every variant and product. */
    refreshUnitsSold: () => sql.transaction((tx) => repository.refreshUnitsSold(tx)),
    /** Imports a file of sales or goes on with a stopped import, see `importFile`. */
    importFile: (file: FileImport, onProgress: (progress: ImportProgress) => void) =>
      importFile({ database, clock }, file, onProgress),
    /** Imports up to 1,000 rows of a request in one transaction. */
    importRows: (input: RequestImport, idempotency?: Idempotency) =>
      importRequest({ sql, clock }, input, idempotency),
  };
}

function toSeriesByKey(keys: readonly number[], rows: readonly PackedDemand[], limitDays: number) {
  return manyByKey(keys, rows, (row) => row.key).map((parts) => toDemandSeries(parts, limitDays));
}
