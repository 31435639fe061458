import type { PurchaseOrderRow } from './repository.ts';

/** What the ledger says about a change that a purchase order caused. */
export function orderDocument(
  { id }: Pick<PurchaseOrderRow, 'id'>,
  reason: string,
): { readonly reason: string; readonly referenceDocumentUri: string } {
  return { reason, referenceDocumentUri: `gid://supplygraph/PurchaseOrder/${id}` };
}
