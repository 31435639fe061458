import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { startWorkers } from '../../src/startWorkers.ts';
import { makeSalesFixture, type SalesFixture } from '../support/salesFixture.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
let fixture: SalesFixture;
beforeAll(async () => {
  database = await openTestDatabase();
  fixture = await makeSalesFixture(database);
});
afterAll(async () => {
  await fixture.close();
  await database.close();
});

function start(config: { readonly jobWorkers: number; readonly nightlyCron: string | undefined }) {
  const { services } = fixture;
  const logger = { error: () => undefined };
  return startWorkers({ services, sql: database.sql, config, clock: () => new Date(), logger });
}
const schedules = () => database.sql.query('SELECT name, cron FROM pgboss.schedule');

it('enters the nightly plan in the schedule where the configuration has a time, and takes it out where not', async () => {
  await (await start({ jobWorkers: 1, nightlyCron: '0 2 * * *' }))();
  expect(await schedules()).toEqual([{ name: 'nightly-plan', cron: '0 2 * * *' }]);
  await (await start({ jobWorkers: 1, nightlyCron: undefined }))();
  expect(await schedules()).toEqual([]);
});

it('sets the prices whose day came while no worker ran, once it starts', async () => {
  const { services, stock, time } = fixture;
  const variantId = await stock.addVariant();
  const terms = { currentPrice: '5.0000', recommendedPrice: '5.2500', currencyCode: 'GBP' };
  await database.sql.query(
    `WITH made AS (
       INSERT INTO recommendation (kind, subject_id, topic, action, status, terms, facts, rule, explanation,
         needs_second_person, input_hash, created_at)
       VALUES ('PRICE', $1, 'RUN:1', 'RAISE', 'ACCEPTED', $2::jsonb, '{}', 'HIGHEST_MARGIN', '', FALSE, '', $3) RETURNING id
     )
     INSERT INTO price_schedule (recommendation_id, effective_from, actor, created_at) SELECT id, $3::date, 'Ada', $3 FROM made`,
    [variantId, JSON.stringify(terms), time.now],
  );
  const stop = await start({ jobWorkers: 1, nightlyCron: undefined });
  await expect
    .poll(async () => (await services.catalogue.findVariants([variantId]))[0]?.price, { timeout: 10_000 })
    .toBe('5.2500');
  await stop();
});

it('refuses a time that there is not', async () => {
  await expect(start({ jobWorkers: 1, nightlyCron: '0 25 * * *' })).rejects.toThrow(
    /^SUPPLYGRAPH_NIGHTLY_CRON must be a cron line, got '0 25 \* \* \*' \(.+\)\.$/,
  );
});

it('does nothing where no worker is wanted', async () => {
  await (await start({ jobWorkers: 0, nightlyCron: '0 2 * * *' }))();
  expect(await schedules()).toEqual([]);
});
