import { manyByKey } from '../../database/byKey.ts';
import type { WarehouseShares, WarehouseUnits } from './treeRepository.ts';

/**
 * How each variant's demand is shared among warehouses, in key order: as its sales of the last 91 days, equally among
 * the warehouses that are known for it where nothing was sold.
 */
export function shareAmongWarehouses(
  variantIds: readonly number[],
  units: readonly WarehouseUnits[],
): WarehouseShares[] {
  return manyByKey(variantIds, units, (row) => row.variantId).map((rows) => {
    const total = rows.reduce((sum, row) => sum + row.units, 0);
    const selling = total > 0 ? rows.filter((row) => row.units > 0) : rows;
    return Object.fromEntries(
      selling.map((row) => [row.warehouseId, total > 0 ? row.units / total : 1 / rows.length]),
    );
  });
}
