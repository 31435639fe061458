import DataLoader from 'dataloader';
import { RowLoader } from '../rowLoader.ts';
import type {
  LevelRow,
  MovementRow,
  ReservationLineRow,
  ReservationRow,
  WarehouseRow,
} from './repository.ts';
import type { InventoryService } from './service.ts';

export type InventoryLoaders = ReturnType<typeof makeInventoryLoaders>;

/** Makes the inventory's loaders of one request. */
export function makeInventoryLoaders(service: InventoryService) {
  return {
    warehouseById: new RowLoader<WarehouseRow>((ids) => service.findWarehouses(ids)),
    levelById: new DataLoader<number, LevelRow | null>((ids) => service.findLevels(ids)),
    movementById: new DataLoader<number, MovementRow | null>((ids) => service.findMovements(ids)),
    reservationById: new DataLoader<number, ReservationRow | null>((ids) => service.findReservations(ids)),
    linesByReservation: new DataLoader<number, readonly ReservationLineRow[]>((ids) =>
      service.listReservationLines(ids),
    ),
    levelsByVariant: new DataLoader<number, readonly LevelRow[]>((ids) => service.listLevelsOfVariants(ids)),
    availableByVariant: new DataLoader<number, number>((ids) => service.sumAvailableOfVariants(ids)),
    availableByProduct: new DataLoader<number, number>((ids) => service.sumAvailableOfProducts(ids)),
  };
}
