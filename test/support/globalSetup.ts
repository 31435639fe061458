import { demoTemplate } from './demoTemplate.ts';
import { storeDump } from './storeDump.ts';

/** Makes the dumps and the template database that the tests fill their stores from, once for all test files. */
export async function setup(): Promise<void> {
  await storeDump('demo');
  const serverUrl = process.env.TEST_DATABASE_URL;
  if (serverUrl !== undefined) await demoTemplate(serverUrl);
}
