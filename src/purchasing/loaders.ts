import DataLoader from 'dataloader';
import type { PurchaseOrderLineRow, PurchaseOrderRow, SupplierOfferRow, SupplierRow } from './repository.ts';
import type { PurchasingService } from './service.ts';

export type PurchasingLoaders = ReturnType<typeof makePurchasingLoaders>;

/** Makes purchasing's loaders of one request. */
export function makePurchasingLoaders(service: PurchasingService) {
  return {
    supplierById: new DataLoader<number, SupplierRow | null>((ids) => service.findSuppliers(ids)),
    offerById: new DataLoader<number, SupplierOfferRow | null>((ids) => service.findOffers(ids)),
    offersByVariant: new DataLoader<number, readonly SupplierOfferRow[]>((ids) =>
      service.listOffersOfVariants(ids),
    ),
    purchaseOrderById: new DataLoader<number, PurchaseOrderRow | null>((ids) =>
      service.findPurchaseOrders(ids),
    ),
    linesByOrder: new DataLoader<number, readonly PurchaseOrderLineRow[]>((ids) =>
      service.listLinesOfOrders(ids),
    ),
    totalCostByOrder: new DataLoader<number, string>((ids) => service.sumCostOfOrders(ids)),
  };
}
