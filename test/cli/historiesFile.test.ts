import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, it } from 'vitest';
import { readHistories, readHistoriesFile } from '../../src/cli/historiesFile.ts';

const head = 'Store,Product,2024-01-01,2024-01-08';

it('reads items, their groups, and unknown weeks', () => {
  const records = readHistories(`${head}\n0,126,3,\n1,126,0,2.5\n`);
  expect(records.items).toEqual([
    { id: '0/126', groups: ['Store:0', 'Product:126'] },
    { id: '1/126', groups: ['Store:1', 'Product:126'] },
  ]);
  expect([...records.demand]).toEqual([3, 0, 0, 2.5]);
  expect([...records.inStock]).toEqual([1, 0, 1, 1]);
  expect([...records.seasonPositions.slice(0, 3)]).toEqual([1, 2, 3]);
});

it('reads a compressed file', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'supplygraph-histories-'));
  const path = join(folder, 'sales.csv.gz');
  await writeFile(path, gzipSync(`${head}\n0,126,3,4\n`));
  expect((await readHistoriesFile(path)).periods).toBe(2);
  await rm(folder, { recursive: true });
});

it.each([
  [
    'Store,Product\n0,1\n',
    'The head of --file must name the item, then weeks as days YYYY-MM-DD, and it does not.',
  ],
  [
    '2024-01-01\n1\n',
    'The head of --file must name the item, then weeks as days YYYY-MM-DD, and it does not.',
  ],
  [
    'id,2024-01-01,2024-01-09\na,1,2\n',
    "The weeks of --file must be seven days apart, got '2024-01-09' in their place 2.",
  ],
  [`${head}\n`, '--file must have 1 to 1000 items, one a line, got 0.'],
  [`${head}\n0,1,2\n`, 'Line 2 of --file must have 4 columns, got 3.'],
  [`${head}\n0,1,2,-1\n`, "Line 2 of --file must hold units from 0 to 1000000000000, got '-1'."],
  [`${head}\n0,1,2,many\n`, "Line 2 of --file must hold units from 0 to 1000000000000, got 'many'."],
])('refuses %j in one sentence', (text, sentence) => {
  expect(() => readHistories(text)).toThrow(sentence);
});

it('refuses a file that is not there', async () => {
  await expect(readHistoriesFile('nowhere.csv')).rejects.toThrow(
    "--file must be a file that can be read, got 'nowhere.csv'.",
  );
});
