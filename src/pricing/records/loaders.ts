import DataLoader from 'dataloader';
import { makeArgumentLoader } from '../../argumentLoader.ts';
import { oneByKey } from '../../database/byKey.ts';
import { RowLoader } from '../../rowLoader.ts';
import type {
  CompetitorPriceRow,
  PriceListEntryRow,
  PriceListRow,
  PriceRecordsService,
  VariantPriceRow,
} from './service.ts';

/** Loaders of what is recorded about prices, grouped as `context.loaders.priceRecords`. */
export type PriceRecordsLoaders = ReturnType<typeof makePriceRecordsLoaders>;

/** Makes the loaders of price records of one request. */
export function makePriceRecordsLoaders(service: PriceRecordsService) {
  return {
    priceById: new RowLoader<VariantPriceRow>(async (ids) =>
      oneByKey(ids, await service.findPrices(ids), ({ id }) => id),
    ),
    pricesByVariant: makeArgumentLoader(service.listPrices),
    holdingPriceByVariant: makeArgumentLoader(service.findHoldingPrices),
    priceListById: new RowLoader<PriceListRow>((ids) => service.findPriceLists(ids)),
    priceListEntryById: new RowLoader<PriceListEntryRow>((ids) => service.findPriceListEntries(ids)),
    costByVariant: makeArgumentLoader(service.findCosts),
    costsByVariant: new DataLoader((variantIds: readonly number[]) => service.listCosts(variantIds)),
    competitorPriceById: new RowLoader<CompetitorPriceRow>((ids) => service.findCompetitorPrices(ids)),
    competitorPricesByVariant: new DataLoader((variantIds: readonly number[]) =>
      service.listLatestCompetitorPrices(variantIds),
    ),
  };
}
