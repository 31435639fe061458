import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { projectFile } from '../../src/projectRoot.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-competitors-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('imports a file from the shell into the store of the data folder', async () => {
  const path = join(folder, 'prices.csv');
  await writeFile(path, 'sku,competitor,price,observedAt\nSKU-1,Acme,4.99,2026-02-01\n');
  const store = join(folder, 'store');
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', projectFile('src/cli.ts'), 'competitor-prices', path, '--currency', 'GBP'],
    { cwd: projectFile(), env: { ...process.env, SUPPLYGRAPH_DATA_FOLDER: store, DATABASE_URL: '' } },
  );
  expect(stderr).toBe('');
  expect(stdout).toMatch(/^Imported prices\.csv:\n {2}rows read +1\n {2}rows kept +0\n/);
  const refused = await readFile(join(store, 'prices.csv.refused.csv'), 'utf8');
  expect(refused).toContain('2,UNKNOWN_SKU,"sku must be of a variant of the catalogue, got \'SKU-1\'."');
});
