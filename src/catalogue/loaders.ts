import DataLoader from 'dataloader';
import { makeArgumentLoader } from '../argumentLoader.ts';
import { RowLoader } from '../rowLoader.ts';
import type { CategoryRow, ProductRow, VariantRow } from './repository.ts';
import type { CatalogueService } from './service.ts';

export type CatalogueLoaders = ReturnType<typeof makeCatalogueLoaders>;

/** Makes the catalogue's loaders of one request. */
export function makeCatalogueLoaders(service: CatalogueService) {
  return {
    categoryById: new DataLoader<number, CategoryRow | null>((ids) => service.findCategories(ids)),
    productById: new RowLoader<ProductRow>((ids) => service.findProducts(ids)),
    variantById: new RowLoader<VariantRow>((ids) => service.findVariants(ids)),
    variantsByProduct: makeArgumentLoader(service.listVariantsOfProducts.bind(service)),
  };
}
