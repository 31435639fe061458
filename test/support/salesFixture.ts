import type { Database } from '../../src/database/database.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { makeServices, type Services } from '../../src/services.ts';
import { type RunningModels, startModels } from '../../src/startModels.ts';
import { makeStockFixture, type StockFixture } from './stockFixture.ts';

/** The stock fixture with sales, and all services on the real models. */
export type SalesFixture = {
  readonly stock: StockFixture;
  readonly services: Services;
  readonly time: { now: Date };
  /** Writes daily sales of a variant in the first warehouse up to `lastDay`, oldest first; 0 leaves no row. */
  addSales(variantId: number, units: readonly number[], lastDay: string): Promise<void>;
  close(): Promise<void>;
};

/** Starts the models and fills a fresh store with warehouses and suppliers. */
export async function makeSalesFixture(database: Database): Promise<SalesFixture> {
  const stock = await makeStockFixture(database);
  const models: RunningModels = await startModels({
    modelsFolder: projectFile('models'),
    inferenceThreads: 1,
    forecastThreads: 1,
    inferenceQueueLimit: 100,
    inferenceDeadlineMs: 60_000,
  });
  const clock = () => stock.time.now;
  return {
    stock,
    time: stock.time,
    services: makeServices({ ...models, models: models.cards, database, clock }),
    async addSales(variantId, units, lastDay) {
      const [warehouseId] = stock.warehouseIds;
      await database.sql.query(
        `INSERT INTO daily_sales (variant_id, warehouse_id, date, units, revenue)
         SELECT $1, $2, $3::date - (cardinality($4::int[]) - place)::int, units, units
           FROM unnest($4::int[]) WITH ORDINALITY AS day(units, place) WHERE units > 0`,
        [variantId, warehouseId, lastDay, units],
      );
      await database.sql.query('UPDATE warehouse SET sales_through = $2 WHERE id = $1', [
        warehouseId,
        lastDay,
      ]);
    },
    close: () => models.close(),
  };
}
