import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readImportArguments } from '../../src/cli/importArguments.ts';
import { describeProgress, makeProgressLine } from '../../src/cli/progressLine.ts';
import { type Database, openDatabase } from '../../src/database/database.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { makeOnlineRetailLines, makeTemporaryFolder, writeLines } from '../sales/salesFiles.ts';
import { createPostgresqlDatabase } from '../support/testDatabase.ts';

type Store = { readonly env: Record<string, string>; drop(): Promise<void> };

const serverUrl = process.env.TEST_DATABASE_URL;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let path: string;
const stores: Store[] = [];

beforeAll(async () => {
  folder = await makeTemporaryFolder();
  path = await writeLines(folder.path, 'retail.csv', makeOnlineRetailLines(20_000));
  if (serverUrl !== undefined) return;
  const template = await openStore({
    SUPPLYGRAPH_DATA_FOLDER: join(folder.path, 'template'),
    DATABASE_URL: '',
  });
  await migrate(template.sql);
  await template.close();
});
afterAll(async () => {
  for (const store of stores) await store.drop();
  await folder.remove();
});

/** A new store of the kind under test: an embedded folder, or a database on the test server. */
async function makeStore(): Promise<Store> {
  const dataFolder = join(folder.path, `store${stores.length}`);
  if (serverUrl === undefined) {
    await cp(join(folder.path, 'template'), dataFolder, { recursive: true });
    stores.push({
      env: { SUPPLYGRAPH_DATA_FOLDER: dataFolder, DATABASE_URL: '' },
      drop: async () => undefined,
    });
  } else {
    const { url, drop } = await createPostgresqlDatabase(serverUrl);
    stores.push({ env: { SUPPLYGRAPH_DATA_FOLDER: dataFolder, DATABASE_URL: url }, drop });
  }
  return stores.at(-1) as Store; // just pushed
}

function openStore(env: Readonly<Record<string, string>>): Promise<Database> {
  return openDatabase({
    databaseUrl: env.DATABASE_URL === '' ? undefined : env.DATABASE_URL,
    databaseConnections: 4,
    dataFolder: env.SUPPLYGRAPH_DATA_FOLDER ?? '',
  });
}

function command(arguments_: readonly string[]): string[] {
  return ['--import', 'tsx', projectFile('src/cli.ts'), 'import', ...arguments_];
}

async function run(store: Store, ...arguments_: readonly string[]) {
  const options = { env: { ...process.env, ...store.env }, cwd: projectFile() };
  return promisify(execFile)(process.execPath, command(arguments_), options).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code: number; stdout: string; stderr: string }) => error,
  );
}

/** Everything an import writes, without ids and times. */
async function dump(store: Store): Promise<unknown> {
  const database = await openStore(store.env);
  const hash = (columns: string, from: string) =>
    database.sql.query(
      `SELECT count(*)::int AS rows, md5(string_agg(line, E'\\n' ORDER BY line)) AS hash
         FROM (SELECT concat_ws(' ', ${columns}) AS line FROM ${from}) lines`,
    );
  try {
    return {
      lines: await hash(
        'orders.number, orders.placed_at, sku, kind, quantity, unit_price',
        `sales_order_line line JOIN sales_order orders ON orders.id = line.order_id
           JOIN product_variant ON product_variant.id = line.variant_id`,
      ),
      sales: await hash(
        'sku, date, units, returns, revenue, daily_sales.list_price, paid_price',
        'daily_sales JOIN product_variant ON product_variant.id = variant_id',
      ),
      prices: await hash(
        'sku, valid_from, variant_price.price, variant_price.list_price',
        'variant_price JOIN product_variant ON product_variant.id = variant_id',
      ),
      variants: await hash(
        'sku, product.name, product_variant.name, price, list_price, product_variant.units_sold, launched_on',
        'product_variant JOIN product ON product.id = product_id',
      ),
      imports: await database.sql.query(
        'SELECT status, checkpoint_line AS line, summary FROM sales_import ORDER BY id',
      ),
    };
  } finally {
    await database.close();
  }
}

/** Waits until the child has listed refusals of more than `batches` batches, then kills it as `kill -9` does. */
async function killMidway(child: ChildProcess, refusalsPath: string, lines: number): Promise<void> {
  for (;;) {
    const text = await readFile(refusalsPath, 'utf8').catch(() => '');
    if (text.split('\n').length > lines || child.exitCode !== null) break;
    await wait(5);
  }
  const ended = new Promise((resolve) => child.once('exit', resolve));
  if (child.exitCode === null) {
    child.kill('SIGKILL');
    await ended;
  }
}

test('an import killed with kill -9 and run again ends like one that was never stopped', async () => {
  const [whole, broken] = [await makeStore(), await makeStore()];
  const refused = (name: string) => join(folder.path, name);
  const first = await run(whole, 'online-retail', path, '--refused', refused('whole.csv'));
  expect(first).toMatchObject({ code: 0, stderr: '' });
  for (const lines of [90, 220]) {
    const child = spawn(
      process.execPath,
      command(['online-retail', path, '--refused', refused('broken.csv')]),
      { env: { ...process.env, ...broken.env }, cwd: projectFile(), stdio: 'ignore' },
    );
    await killMidway(child, refused('broken.csv'), lines);
    expect(child.signalCode).toBe('SIGKILL');
  }
  const second = await run(broken, 'online-retail', path, '--refused', refused('broken.csv'));
  expect(second.stderr).toBe('');
  expect(second.stdout).toMatch(
    /^Imported retail\.csv, after line \d+ of an earlier run:\n {2}rows read +20000\n/m,
  );
  expect(await dump(broken)).toEqual(await dump(whole));
  expect(await readFile(refused('broken.csv'), 'utf8')).toBe(await readFile(refused('whole.csv'), 'utf8'));

  const again = await run(broken, 'online-retail', path, '--refused', refused('again.csv'));
  expect(again.code).toBe(0);
  expect(again.stdout).toMatch(
    /^retail\.csv was imported on \d{4}-\d\d-\d\d \d\d:\d\d UTC already; nothing was written\. That import:\n/,
  );
}, 240_000);

test.skipIf(serverUrl === undefined)(
  'two processes that import one file at once write it once (needs TEST_DATABASE_URL)',
  async () => {
    const store = await makeStore();
    const runs = await Promise.all(
      ['one.csv', 'two.csv'].map((name) =>
        run(store, 'online-retail', path, '--refused', join(folder.path, name)),
      ),
    );
    const codes = runs.map(({ code }) => code).sort();
    expect([
      [0, 0],
      [0, 1],
    ]).toContainEqual(codes);
    for (const { code, stderr, stdout } of runs)
      if (code === 1)
        expect(stderr).toBe(
          'The file must be imported by one process at a time, but another one is importing it now.\n',
        );
      else expect(stdout).toMatch(/^ {2}rows read +20000$/m);
    expect(await dump(store)).toMatchObject({ imports: [{ status: 'COMPLETED', line: 20_001 }] });
  },
  60_000,
);

test.skipIf(serverUrl !== undefined)(
  'a store that another process has open is refused in one sentence',
  async () => {
    const store = await makeStore();
    const dataFolder = store.env.SUPPLYGRAPH_DATA_FOLDER ?? '';
    const database = await openDatabase({ databaseUrl: undefined, databaseConnections: 4, dataFolder });
    try {
      const { code, stderr } = await run(store, 'online-retail', path);
      expect([code, stderr]).toEqual([
        1,
        `The data folder '${dataFolder}' must be used by one process at a time; process ${process.pid} has it open.\n`,
      ]);
    } finally {
      await database.close();
    }
  },
);

test('a data folder that cannot be written is refused in one sentence', async () => {
  const file = join(folder.path, 'file');
  await writeFile(file, '');
  const store = {
    env: { SUPPLYGRAPH_DATA_FOLDER: join(file, 'store'), DATABASE_URL: '' },
    drop: async () => undefined,
  };
  const { code, stderr } = await run(store, 'online-retail', path);
  expect([code, stderr]).toEqual([
    1,
    `The data folder '${join(file, 'store')}' must be writable, got ENOTDIR.\n`,
  ]);
});

describe('the arguments of import', () => {
  const generic = ['generic', 'f.csv', '--currency', 'GBP', '--warehouse', 'W'];
  const maps = ['orderNumber=No', 'sku=Code', 'quantity=Qty', 'soldAt=Date', 'unitPrice=a=b'].flatMap(
    (map) => ['--map', map],
  );

  test('make the format of a generic file', () => {
    const wanted = readImportArguments([
      ...generic,
      ...maps,
      '--delimiter',
      'tab',
      '--date-format',
      'dd/mm/yyyy',
    ]);
    expect(wanted).toMatchObject({
      path: 'f.csv',
      format: {
        columns: { orderNumber: 'No', unitPrice: 'a=b' },
        delimiter: '\t',
        rules: { dateFormats: ['DD/MM/YYYY'] },
        warehouse: { code: 'W' },
        channel: 'generic',
      },
    });
  });

  test.each([
    [['online-retail'], 'The import must be given a source and one file, got 1 arguments; see --help.'],
    [['excel', 'f'], `The source must be online-retail or generic, got 'excel'.`],
    [
      ['online-retail', 'f', '--delimiter', ';'],
      'The source online-retail must be given no --delimiter: its format is known.',
    ],
    [['generic', 'f'], '--currency must be given, e.g. --currency GBP.'],
    [
      ['generic', 'f', '--currency', 'GBP', ...maps],
      '--warehouse must be given: the code of the warehouse that sold.',
    ],
    [
      generic,
      '--map must name a column for orderNumber, sku, quantity, soldAt, unitPrice, got none for orderNumber, sku, quantity, soldAt, unitPrice.',
    ],
    [
      [...generic, '--map', 'price=P'],
      `--map must be FIELD=COLUMN with one of orderNumber, sku, quantity, soldAt, unitPrice, name, customerCode, country, got 'price=P'.`,
    ],
    [[...generic, ...maps, '--encoding', 'utf-16'], `--encoding must be one of utf-8, latin1, got 'utf-16'.`],
    [
      [...generic, ...maps, '--warehouse-country', 'GB'],
      `--warehouse-location must be LONGITUDE,LATITUDE in degrees, got ''.`,
    ],
    [[...generic, '--colour', 'red'], `The options must be those of --help: Unknown option '--colour'.`],
  ])('are refused in one sentence: %o', (arguments_, message) => {
    expect(() => readImportArguments(arguments_)).toThrow(message);
  });

  test('may ask for help', () => {
    expect(readImportArguments(['--help'])).toBe('help');
  });
});

test('progress is one rewritten line on a terminal and a line now and then elsewhere', () => {
  const progress = { rows: 5_000, skippedRows: 5_000, bytesRead: 25, sizeBytes: 100 };
  expect(describeProgress(progress, 2)).toBe('10000 rows, 2500 rows/s, 25 %, 12 s left');
  const shown: string[] = [];
  let time = 0;
  const output = { write: (text: string) => shown.push(text) };
  const plain = makeProgressLine(output, () => time);
  for (time = 0; time <= 12_000; time += 1_000) plain.update(progress);
  expect(shown).toHaveLength(2);
  time = 0;
  const terminal = makeProgressLine({ ...output, isTTY: true }, () => time);
  time = 2_000;
  terminal.update(progress);
  expect(shown.at(-1)).toBe('\r\u001b[K10000 rows, 2500 rows/s, 25 %, 12 s left');
});
