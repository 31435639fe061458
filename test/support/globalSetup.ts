import { storeDump } from './storeDump.ts';

/** Makes the dumps that the tests fill their stores from, once for all test files. */
export async function setup(): Promise<void> {
  await storeDump('demo');
}
