import { makeArgumentLoader } from '../argumentLoader.ts';
import type { SalesService } from './service.ts';

/** Loaders of the sales domain, grouped as `context.loaders.sales`. */
export type SalesLoaders = ReturnType<typeof makeSalesLoaders>;

/** Makes the sales loaders of one request. */
export function makeSalesLoaders(service: SalesService) {
  return {
    /** Sales of a variant over time; variants that share arguments are read by one statement. */
    periodsByVariant: makeArgumentLoader(service.listVariantPeriods),
  };
}
