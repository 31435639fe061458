import { loadBuilt } from './build.ts';

/** Where the store is: a PostgreSQL URL, or the folder of the embedded database. */
export type StorePlace = { readonly databaseUrl: string } | { readonly dataFolder: string };
/** What a nightly run showed. */
export type RefreshResult = {
  readonly series: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly peakMegabytes: number;
  readonly model: string;
};

/** Computes and stores the forecasts of every variant with sales in this process, with the build's code and models. */
export async function refreshForecasts(place: StorePlace): Promise<RefreshResult> {
  const { openDatabase, migrate, makeServices, startModels } = await loadBuilt();
  const database = await openDatabase({
    databaseUrl: undefined,
    dataFolder: '',
    databaseConnections: 4,
    ...place,
  });
  await migrate(database.sql);
  const models = await startModels({
    modelsFolder: 'models',
    inferenceThreads: 1,
    forecastThreads: 1,
    inferenceQueueLimit: 256,
    inferenceDeadlineMs: 600_000,
  });
  const services = makeServices({ ...models, database, models: models.cards, clock: () => new Date() });
  const cpuBefore = process.cpuUsage();
  const begin = performance.now();
  const series = await services.forecasting.refreshForecasts();
  const seconds = (performance.now() - begin) / 1_000;
  const { user, system } = process.cpuUsage(cpuBefore);
  await models.close();
  await database.close();
  const { name, version } = services.forecasting.model;
  return {
    series,
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: process.resourceUsage().maxRSS / 1_024,
    model: `${name} ${version}`,
  };
}
