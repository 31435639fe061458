import type { Quantities } from './ledger.ts';

/** Units of a level that can be promised; negative where the safety stock is touched. */
export function availableOf(level: Quantities): number {
  return movableOf(level) - level.safetyStock;
}

/** Units of a level that may leave it for another warehouse: the safety stock may be moved, it stays in the company. */
export function movableOf({ onHand, committed, reserved, damaged }: Quantities): number {
  return onHand - committed - reserved - damaged;
}

/** `available` in SQL, of a table or alias with the columns of `inventory_level`. */
export function availableSql(level: string): string {
  return `(${level}.on_hand - ${level}.committed - ${level}.reserved - ${level}.damaged - ${level}.safety_stock)`;
}
