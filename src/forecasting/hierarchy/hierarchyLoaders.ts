import { makeArgumentLoader } from '../../argumentLoader.ts';
import type { SalesFrequency } from '../dailyHistory.ts';
import type { FindForecasts, HierarchyService } from './hierarchyService.ts';

export type HierarchyLoaders = ReturnType<typeof makeHierarchyLoaders>;

/** Makes the loaders of sums' forecasts of one request; `findForecasts` is its loader of variants' forecasts. */
export function makeHierarchyLoaders(service: HierarchyService, findForecasts: FindForecasts) {
  const ofLevel = (level: 'TOTAL' | 'CATEGORY' | 'WAREHOUSE') =>
    makeArgumentLoader((ids: readonly number[], frequency: SalesFrequency) =>
      service.forecastLevel(level, ids, { frequency, findForecasts }),
    );
  return {
    forecastByProduct: makeArgumentLoader((ids: readonly number[], frequency: SalesFrequency) =>
      service.forecastProducts(ids, { frequency, findForecasts }),
    ),
    forecastByCategory: ofLevel('CATEGORY'),
    forecastByWarehouse: ofLevel('WAREHOUSE'),
    /** By the key 0. */
    forecastOfTotal: ofLevel('TOTAL'),
  };
}
