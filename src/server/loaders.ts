import { type CatalogueLoaders, makeCatalogueLoaders } from '../catalogue/loaders.ts';
import type { Services } from '../services.ts';

/** Every domain's loaders, fresh for each request. */
export type Loaders = {
  readonly catalogue: CatalogueLoaders;
};

/** Makes the loaders of one request. */
export function makeLoaders(services: Services): Loaders {
  return { catalogue: makeCatalogueLoaders(services.catalogue) };
}
