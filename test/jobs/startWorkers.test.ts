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

it('refuses a time that there is not', async () => {
  await expect(start({ jobWorkers: 1, nightlyCron: '0 25 * * *' })).rejects.toThrow(
    /^SUPPLYGRAPH_NIGHTLY_CRON must be a cron line, got '0 25 \* \* \*' \(.+\)\.$/,
  );
});

it('does nothing where no worker is wanted', async () => {
  await (await start({ jobWorkers: 0, nightlyCron: '0 2 * * *' }))();
  expect(await schedules()).toEqual([]);
});
