import type { Database } from '../src/database/database.ts';
import type { Sql } from '../src/database/sql.ts';
import { refreshUnitsSold } from '../src/sales/repository.ts';
import { type DemoShop, makeDemoShop } from './demoShop.ts';
import { insertCatalogue, insertNetwork, type RowIds } from './insertCatalogue.ts';
import { insertCompetitorPrices } from './insertCompetitorPrices.ts';
import { insertComplaints } from './insertComplaints.ts';
import { insertCosts } from './insertCosts.ts';
import { insertDailySales } from './insertDailySales.ts';
import { insertStock } from './insertStock.ts';

/** What the seed wrote; zeros where the catalogue was not empty. */
export type SeedResult = {
  readonly variants: number;
  readonly salesRows: number;
  /** Texts of customers, to be triaged. */
  readonly complaints: number;
  readonly seconds: number;
};

/** Any fixed number: the key of the advisory lock under which one process seeds while others wait. */
const seedLock = 7_120_342;

/**
 * Fills an empty catalogue with the demo shop in one transaction: about 200 variants, three warehouses, two years of
 * daily sales, stock, offers, open purchase orders, unit costs, competitors' prices and some hundred complaints. Does nothing when there is any product.
 */
export async function seedDemoShop(database: Pick<Database, 'sql'>): Promise<SeedResult> {
  const start = performance.now();
  const written = await database.sql.transaction(async (tx) => {
    await tx.query('SELECT pg_advisory_xact_lock($1)', [seedLock]);
    const products = await tx.query('SELECT 1 FROM product LIMIT 1');
    return products.length > 0
      ? { variants: 0, salesRows: 0, complaints: 0 }
      : insertShop(tx, makeDemoShop());
  });
  return { ...written, seconds: (performance.now() - start) / 1_000 };
}

async function insertShop(tx: Sql, shop: DemoShop): Promise<Omit<SeedResult, 'seconds'>> {
  const network = await insertNetwork(tx);
  const variants = await insertCatalogue(tx, shop);
  const ids: RowIds = { ...network, variants };
  const salesRows = await insertDailySales(tx, shop, ids);
  await insertStock(tx, shop, ids);
  await insertCosts(tx, shop, ids);
  await insertCompetitorPrices(tx, shop, ids);
  await refreshUnitsSold(tx);
  const complaints = await insertComplaints(tx, shop, ids);
  return { variants: variants.length, salesRows, complaints };
}
