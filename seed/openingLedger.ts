import type { DemoShop } from './demoShop.ts';

/** A row of the stock ledger; variant and warehouse are indexes. */
export type LedgerRow = {
  readonly variant: number;
  readonly warehouse: number;
  readonly quantityName: 'ON_HAND' | 'INCOMING' | 'DAMAGED' | 'SAFETY_STOCK';
  readonly type: 'ADJUSTMENT' | 'RECEIPT';
  readonly delta: number;
  readonly balanceAfter: number;
  readonly reason: string;
  readonly document: string | null;
};

/** Lists the ledger that leads to the demo shop's stock: opening balances, then open purchase orders. */
export function listLedgerRows({ levels, orders }: DemoShop): LedgerRow[] {
  const balances = new Map<string, number>();
  const rows: LedgerRow[] = [];
  const post = (row: Omit<LedgerRow, 'balanceAfter'>): void => {
    if (row.delta === 0) return;
    const key = `${row.variant} ${row.warehouse} ${row.quantityName}`;
    const balanceAfter = (balances.get(key) ?? 0) + row.delta;
    balances.set(key, balanceAfter);
    rows.push({ ...row, balanceAfter });
  };
  for (const { variant, warehouse, ...level } of levels) {
    const opening = {
      variant,
      warehouse,
      type: 'ADJUSTMENT',
      reason: 'Opening balance',
      document: null,
    } as const;
    post({ ...opening, quantityName: 'ON_HAND', delta: level.onHand });
    post({ ...opening, quantityName: 'DAMAGED', delta: level.damaged });
    post({ ...opening, quantityName: 'SAFETY_STOCK', delta: level.safetyStock });
  }
  for (const { number, warehouse, lines } of orders)
    for (const { variant, quantity, received } of lines) {
      const receipt = { variant, warehouse, type: 'RECEIPT', document: `purchase-order:${number}` } as const;
      post({ ...receipt, quantityName: 'INCOMING', delta: quantity, reason: 'Purchase order placed' });
      post({ ...receipt, quantityName: 'INCOMING', delta: -received, reason: 'Purchase order received' });
      post({ ...receipt, quantityName: 'ON_HAND', delta: received, reason: 'Purchase order received' });
    }
  return rows;
}
