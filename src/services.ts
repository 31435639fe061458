import { type CatalogueService, makeCatalogueService } from './catalogue/service.ts';
import type { Clock } from './clock.ts';
import type { Database } from './database/database.ts';

/** Every domain's use cases, made once at boot. */
export type Services = {
  readonly catalogue: CatalogueService;
};

/** Wires the domains together. */
export function makeServices({ database }: { readonly database: Database; readonly clock: Clock }): Services {
  return { catalogue: makeCatalogueService(database) };
}
