import type { Sql } from '../database/sql.ts';
import { settleNames, settlePrices } from './importArticleRepository.ts';
import { completeImport } from './importRepository.ts';
import { refreshUnitsSold } from './repository.ts';

/** Ends an import: names, prices and first days of its articles, units sold of all, and the import's state. */
export async function settleImport(
  tx: Sql,
  importId: number,
  names: readonly { readonly sku: string; readonly name: string }[],
): Promise<void> {
  const skus = names.map(({ sku }) => sku);
  await settlePrices(tx, skus);
  await settleNames(tx, importId, names);
  await refreshUnitsSold(tx);
  await completeImport(tx, importId);
}
