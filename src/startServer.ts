import { type Logger, pino } from 'pino';
import { seedDemoShop } from '../seed/seedDemoShop.ts';
import { type Config, readConfig } from './config.ts';
import { openDatabase } from './database/database.ts';
import { deleteExpiredKeys } from './database/idempotency.ts';
import { migrate } from './database/migrate.ts';
import type { Sql } from './database/sql.ts';
import { describeError } from './describeError.ts';
import { makeApolloServer } from './server/apolloServer.ts';
import type { ReportError } from './server/formatError.ts';
import { makeHttpServer } from './server/httpServer.ts';
import { makeMetrics } from './server/metrics.ts';
import { makeSchema } from './server/schema.ts';
import { makeServices, type Services } from './services.ts';
import { startModels } from './startModels.ts';
import { startWorkers } from './startWorkers.ts';

/** A server that listens. `close` finishes the requests in flight, then stops the models and the store. */
export type RunningServer = { readonly url: string; readonly config: Config; close(): Promise<void> };

/** Milliseconds between two rounds of housekeeping: expired reservations and idempotency keys, due prices, old jobs. */
const choreIntervalMs = 30_000;

/** Boots: config → database → migrations → demo shop → models → services → HTTP. Throws one clear sentence. */
export async function startServer(env: Readonly<Record<string, string | undefined>>): Promise<RunningServer> {
  const startedAt = performance.now();
  const config = readConfig(env);
  const logger = pino({ level: config.logLevel, serializers: { err: describeError } });
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    for (const closer of closers.splice(0).reverse()) await closer();
  };
  try {
    const database = await openDatabase(config);
    closers.push(() => database.close());
    const applied = await migrate(database.sql);
    if (applied.length > 0) logger.info({ migrations: applied }, 'database migrated');
    const seeded = config.demo ? await seedDemoShop(database) : null;
    if (seeded !== null && seeded.variants > 0) logger.info(seeded, 'demo shop created');
    const models = await startModels(config);
    closers.push(() => models.close());
    const clock = () => new Date();
    const { jobTimeoutSeconds, complaintPolicy, pricePolicy } = config;
    const services = makeServices({
      ...models,
      database,
      models: models.cards,
      clock,
      complaintPolicy,
      pricePolicy,
      jobTimeoutSeconds,
    });
    closers.push(await followModels(services, logger));
    closers.push(startChores(services, database.sql, logger));
    closers.push(await startWorkers({ services, sql: database.sql, config, clock, logger }));
    if (seeded !== null && seeded.complaints > 0 && services.triage.isInstalled())
      await services.complaints.startTriage({ complaintIds: null, requestedBy: 'demo' });
    const metrics = makeMetrics(models);
    const report: ReportError = (error, requestId) => logger.error({ err: error, requestId }, 'masked error');
    const schema = makeSchema();
    const apollo = makeApolloServer(schema, config, report);
    const isReady = () =>
      database.sql.query('SELECT 1').then(
        () => true,
        () => false,
      );
    const app = await makeHttpServer({ config, logger, apollo, schema, report, services, metrics, isReady });
    closers.push(async () => {
      await app.close();
      await apollo.stop();
    });
    const url = `${await app.listen({ host: config.host, port: config.port })}/graphql`;
    const seconds = Math.round((performance.now() - startedAt) / 10) / 100;
    logger.info({ url, database: database.kind, model: models.engines.model, seconds }, 'ready');
    return { url, config, close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Answers by the active versions of models; yields what ends looking for changes. */
function followModels(services: Services, logger: Logger): Promise<() => Promise<void>> {
  return services.models.follow((error) =>
    logger.error({ err: error }, 'the active version of a model cannot answer here'),
  );
}

/** Runs the housekeeping now and then; yields what ends it, a round under way included. */
function startChores(services: Services, sql: Sql, logger: Logger): () => Promise<void> {
  let round = Promise.resolve();
  const timer = setInterval(() => {
    round = round
      .then(async () => {
        await services.inventory.expireReservations(new Date());
        await deleteExpiredKeys(sql);
        await services.priceRecords.activateDuePrices();
        await services.jobs.deleteOldJobs();
        await services.complaints.deleteOldEvents();
      })
      .catch((error: unknown) => logger.error({ err: error }, 'housekeeping failed'));
  }, choreIntervalMs);
  return async () => {
    clearInterval(timer);
    await round;
  };
}
