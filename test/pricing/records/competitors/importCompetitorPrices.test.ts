import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import {
  describeCompetitorImport,
  readCompetitorArguments,
} from '../../../../src/cli/competitorPricesCommand.ts';
import type { Database } from '../../../../src/database/database.ts';
import {
  makePriceRecordsService,
  type PriceRecordsService,
} from '../../../../src/pricing/records/service.ts';
import { makeStockFixture, type StockFixture } from '../../../support/stockFixture.ts';
import { openTestDatabase } from '../../../support/testDatabase.ts';

let database: Database;
let stock: StockFixture;
let records: PriceRecordsService;
let folder: string;

beforeAll(async () => {
  database = await openTestDatabase();
  stock = await makeStockFixture(database);
  records = makePriceRecordsService({ database, clock: () => stock.time.now });
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-competitors-'));
  await stock.addVariant(); // SKU-1
  await stock.addVariant(); // SKU-2
});
afterAll(async () => {
  await database.close();
  await rm(folder, { recursive: true });
});

/** Imports lines as the command would; what is told of progress is kept. */
async function importLines(name: string, lines: readonly string[], ...options: readonly string[]) {
  const path = join(folder, name);
  await writeFile(path, `${lines.join('\n')}\n`);
  const wanted = readCompetitorArguments([path, ...options]);
  if (wanted === 'help') throw new Error('No help was asked for.');
  const rows: number[] = [];
  const file = { ...wanted, refusalsPath: join(folder, `${name}.refused.csv`) };
  const result = await records.importCompetitorPrices(file, (progress) => rows.push(progress.rows));
  return { path, result, rows };
}
const stored = () =>
  database.sql.query(
    `SELECT sku, competitor.name, observed.price, source, observed_at AS at FROM competitor_price observed
       JOIN competitor ON competitor.id = competitor_id JOIN product_variant variant ON variant.id = variant_id
      WHERE source <> 'bulk' ORDER BY sku, competitor.name, observed_at`,
  );

const header = 'sku,competitor,price,observedAt,currency';
const good = ['SKU-1,Acme,4.99,2026-02-01,GBP', 'SKU-2,"Bolt, Ltd",12.5,2026-02-01T08:30:00Z,GBP'];

it('stores rows, lists the refused ones with line and reason, and doubles nothing when it is run again', async () => {
  const lines = [
    header,
    ...good,
    'SKU-9,Acme,4.99,2026-02-01,GBP',
    'SKU-1,,4.99,2026-02-01,GBP',
    'SKU-1,Acme,free,2026-02-01,GBP',
    'SKU-1,Acme,4.99,01/02/2026,GBP',
    'SKU-1,Acme,4.99,2026-03-02,GBP',
    'SKU-1,Acme,4.99,2026-02-01,EUR',
    'SKU-1,Acme',
  ];
  const { path, result, rows } = await importLines('prices.csv', lines);
  const refusalsPath = join(folder, 'prices.csv.refused.csv');
  expect(result).toEqual({
    rowsRead: 9,
    rowsKept: 2,
    added: 2,
    replaced: 0,
    refused: {
      UNKNOWN_SKU: 1,
      INVALID_COMPETITOR: 1,
      INVALID_PRICE: 1,
      INVALID_DATE: 2,
      CURRENCY_MISMATCH: 1,
      INCOMPLETE_LINE: 1,
    },
    refusalsPath,
  });
  expect(rows).toEqual([9]);
  expect(await readFile(refusalsPath, 'utf8')).toBe(
    [
      `line,reason,message,${header}`,
      `4,UNKNOWN_SKU,"sku must be of a variant of the catalogue, got 'SKU-9'.",SKU-9,Acme,4.99,2026-02-01,GBP`,
      `5,INVALID_COMPETITOR,"competitor must be a name of 1 to 100 characters, got ''.",SKU-1,,4.99,2026-02-01,GBP`,
      `6,INVALID_PRICE,"price must be above 0 and below 10,000,000,000, with at most four decimals, got 'free'.",SKU-1,Acme,free,2026-02-01,GBP`,
      `7,INVALID_DATE,"observedAt must be a date as ISO, got '01/02/2026'.",SKU-1,Acme,4.99,01/02/2026,GBP`,
      `8,INVALID_DATE,"observedAt must be a moment that has passed, got '2026-03-02'.",SKU-1,Acme,4.99,2026-03-02,GBP`,
      `9,CURRENCY_MISMATCH,"The currency must be that of 'SKU-1', GBP, got 'EUR'.",SKU-1,Acme,4.99,2026-02-01,EUR`,
      `10,INCOMPLETE_LINE,"The line must have 5 columns, got 2.",SKU-1,Acme`,
      '',
    ].join('\n'),
  );
  const expected = [
    {
      sku: 'SKU-1',
      name: 'Acme',
      price: '4.9900',
      source: 'prices.csv',
      at: new Date('2026-02-01T00:00:00Z'),
    },
    {
      sku: 'SKU-2',
      name: 'Bolt, Ltd',
      price: '12.5000',
      source: 'prices.csv',
      at: new Date('2026-02-01T08:30:00Z'),
    },
  ];
  expect(await stored()).toEqual(expected);
  const again = await importLines('prices.csv', lines);
  expect(again.result).toMatchObject({ rowsKept: 2, added: 0, replaced: 0 });
  expect(await stored()).toEqual(expected);
  expect(describeCompetitorImport(path, result)).toBe(
    `Imported prices.csv:
  rows read             9
  rows kept             2
    new                 2
    replaced            0
  rows refused          7
    CURRENCY_MISMATCH   1
    INCOMPLETE_LINE     1
    INVALID_COMPETITOR  1
    INVALID_DATE        2
    INVALID_PRICE       1
    UNKNOWN_SKU         1
The refused rows are listed in ${refusalsPath}.
`,
  );
});

it('reads columns of other names and formats, and takes the last row of a moment', async () => {
  const lines = ['Shop;Article;Seen;Price', 'Acme;SKU-1;01/02/2026;5.25', 'Acme;SKU-1;01/02/2026;5.75'];
  const { result } = await importLines(
    'other.csv',
    lines,
    ...['competitor=Shop', 'sku=Article', 'observedAt=Seen', 'price=Price'].flatMap((map) => ['--map', map]),
    ...['--delimiter', ';', '--date-format', 'DD/MM/YYYY', '--currency', 'GBP', '--source', 'visit'],
  );
  expect(result).toEqual({
    rowsRead: 2,
    rowsKept: 2,
    added: 0,
    replaced: 1,
    refused: {},
    refusalsPath: null,
  });
  expect(await stored()).toMatchObject([{ price: '5.7500', source: 'visit' }, { sku: 'SKU-2' }]);
});

it('reads a long file in several transactions', async () => {
  const lines = Array.from({ length: 12_000 }, (_, row) => {
    const day = new Date(Date.UTC(2024, 0, 1 + (row % 700))).toISOString().slice(0, 10);
    return `SKU-1,Shop ${Math.floor(row / 700)},${(row % 90) + 1}.50,${day},GBP`;
  });
  const { result, rows } = await importLines('bulk.csv', [header, ...lines], '--source', 'bulk');
  expect(rows).toEqual([5_000, 10_000, 12_000]);
  expect(result).toMatchObject({ rowsKept: 12_000, added: 12_000 });
});

it.each([
  [
    ['a.csv', '--currency', 'GBP', '--map', 'currency=C'],
    'The currency must be given by --currency or by a column, got both.',
  ],
  [['a.csv', '--currency', 'pounds'], "--currency must be three capital letters of ISO 4217, got 'pounds'."],
  [
    ['a.csv', '--map', 'shop=Shop'],
    "--map must be FIELD=COLUMN with one of sku, competitor, price, observedAt, currency, got 'shop=Shop'.",
  ],
  [['a.csv', '--source', ' '], '--source must have 1 to 100 characters, got 0.'],
  [[], 'The import must be given one file, got 0; see --help.'],
])('refuses the arguments %j', (arguments_, message) => {
  expect(() => readCompetitorArguments(arguments_)).toThrow(message);
});

it('refuses a file without a column', async () => {
  await expect(importLines('short.csv', ['sku,price', 'SKU-1,5'])).rejects.toThrow(
    "The file must have the columns 'competitor', 'observedAt', 'currency', got 'sku', 'price'.",
  );
});
