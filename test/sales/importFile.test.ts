import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import type { FileImportResult } from '../../src/sales/importFile.ts';
import { onlineRetailFormat } from '../../src/sales/onlineRetailFormat.ts';
import { type GenericFormatOptions, makeGenericFormat } from '../../src/sales/salesFormat.ts';
import { makeSalesService } from '../../src/sales/service.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { makeOnlineRetailLines, makeTemporaryFolder, onlineRetailHeader, writeLines } from './salesFiles.ts';

let database: Database;
let folder: Awaited<ReturnType<typeof makeTemporaryFolder>>;
let number = 0;

const columns = {
  orderNumber: 'Invoice',
  sku: 'Code',
  quantity: 'Qty',
  soldAt: 'Date',
  unitPrice: 'Price',
  name: 'Name',
};
const header = 'Invoice;Code;Qty;Date;Price;Name';
const options: GenericFormatOptions = {
  columns,
  delimiter: ';',
  encoding: 'utf-8',
  dateFormat: 'DD/MM/YYYY',
  channel: 'shop',
  currencyCode: 'EUR',
  warehouse: { code: 'W', name: 'W', countryCode: 'DE', longitude: 10, latitude: 50 },
};

beforeAll(async () => {
  database = await openTestDatabase();
  folder = await makeTemporaryFolder();
});
afterAll(async () => {
  await database.close();
  await folder.remove();
});
beforeEach(async () => {
  await database.sql.execute(`TRUNCATE sales_order_line, sales_order, sales_import, customer, daily_sales, variant_price,
    inventory_level, product_variant, product, category, warehouse RESTART IDENTITY CASCADE`);
});

async function importLines(
  lines: readonly (string | Uint8Array)[],
  changes: Partial<GenericFormatOptions> = {},
): Promise<FileImportResult & { readonly refused: string }> {
  number += 1;
  const path = await writeLines(folder.path, `file${number}.csv`, lines);
  return importPath(path, makeGenericFormat({ ...options, ...changes }));
}

async function importPath(path: string, format = onlineRetailFormat) {
  const sales = makeSalesService({ database, clock: () => new Date('2026-11-20T00:00:00Z') });
  const refusalsPath = `${path}.refused.csv`;
  const result = await sales.importFile({ path, format, refusalsPath }, () => undefined);
  const refused = result.refusalsPath === null ? '' : await readFile(refusalsPath, 'utf8');
  return { ...result, refused };
}

async function countRows(): Promise<number> {
  const [row] = await database.sql.query<{ rows: number }>(
    `SELECT ((SELECT count(*) FROM sales_order_line) + (SELECT count(*) FROM daily_sales) + (SELECT count(*) FROM product)
             + (SELECT count(*) FROM sales_import))::int AS rows`,
  );
  return row?.rows ?? -1;
}

describe('a file of any shop', () => {
  test('is read by its column map; every refused row is listed with line and reason', async () => {
    const { summary, refused } = await importLines([
      header,
      '1;A;2;31/12/2024;9.50;Lamp',
      '1;B;x;31/12/2024;9.50;',
      '2;A;-1;01/01/2025 18:30;9.50;"Lamp; ""big"""',
      '3;A;1;12/31/2024;9.50;',
      '',
      '3;A;1;02/01/2025;abc;',
      '3;A;1;02/01/20',
    ]);
    expect(summary).toEqual({
      rowsRead: 6,
      rowsKept: 2,
      refused: { INVALID_QUANTITY: 1, INVALID_DATE: 1, INVALID_PRICE: 1, INCOMPLETE_LINE: 1 },
      units: 2,
      returns: 1,
      revenue: '19.00',
    });
    expect(refused.split('\n')).toEqual([
      'line,reason,message,Invoice,Code,Qty,Date,Price,Name',
      `3,INVALID_QUANTITY,"quantity must be a whole number from -1000000 to 1000000 other than 0, got 'x'.",1,B,x,31/12/2024,9.50,`,
      `5,INVALID_DATE,"soldAt must be a date as DD/MM/YYYY, got '12/31/2024'.",3,A,1,12/31/2024,9.50,`,
      `7,INVALID_PRICE,"unitPrice must be a decimal with a point, at most four decimals and below 1000000000, got 'abc'.",3,A,1,02/01/2025,abc,`,
      '8,INCOMPLETE_LINE,"The line must have 6 columns, got 4.",3,A,1,02/01/20',
      '',
    ]);
    expect(
      await database.sql.query('SELECT date, units, returns, revenue FROM daily_sales ORDER BY date'),
    ).toEqual([
      { date: '2024-12-31', units: 2, returns: 0, revenue: '19.0000' },
      { date: '2025-01-01', units: 0, returns: 1, revenue: '0.0000' },
    ]);
    expect(await database.sql.query('SELECT name, price, launched_on FROM product_variant')).toEqual([
      { name: 'Lamp; "big"', price: '9.5000', launched_on: '2024-12-31' },
    ]);
  });

  test('leaves no refusals file where nothing is refused', async () => {
    const { refusalsPath, summary } = await importLines([header, '1;A;2;31/12/2024;9.50;Lamp']);
    expect([refusalsPath, summary.rowsKept]).toEqual([null, 1]);
  });

  test('with an unclosed quote loses that line only', async () => {
    const { summary } = await importLines([
      header,
      '1;A;2;31/12/2024;9.50;"Lamp',
      '1;B;1;31/12/2024;1.00;"Sofa"',
    ]);
    expect([summary.rowsKept, summary.refused]).toEqual([1, { INCOMPLETE_LINE: 1 }]);
  });

  test('is read as Latin-1 when told so', async () => {
    await importLines([header, Buffer.from('1;A;2;31/12/2024;9.50;Café', 'latin1')], { encoding: 'latin1' });
    expect(await database.sql.query('SELECT name FROM product')).toEqual([{ name: 'Café' }]);
  });

  test.each([
    [
      'Latin-1 read as UTF-8',
      [header, '1;A;2;31/12/2024;9.50;Lamp', Buffer.from('1;B;2;31/12/2024;9.50;Café', 'latin1')],
      {},
      /^The file '.*' must be UTF-8, but line 3 is not: nothing was imported, try --encoding latin1\.$/,
    ],
    [
      'a mapped column that is missing',
      ['Invoice;Code;Qty;Date;Preis;Name', '1;A;2;31/12/2024;9.50;Lamp'],
      {},
      "The file must have the column 'Price', got 'Invoice', 'Code', 'Qty', 'Date', 'Preis', 'Name'.",
    ],
    ['an empty file', [], {}, /must begin with a line of column names, but it has none\.$/],
    [
      'a warehouse that is missing',
      [header, '1;A;2;31/12/2024;9.50;Lamp'],
      { warehouse: { code: 'NOWHERE' } },
      /^The warehouse must exist, but 'NOWHERE' is none of /,
    ],
  ])('is refused as a whole for %s, and nothing is written', async (_, lines, changes, message) => {
    await expect(importLines(lines, changes)).rejects.toThrow(message);
    expect(await countRows()).toBe(0);
  });

  test('is refused as a whole when it is a gzip file cut in half', async () => {
    const path = join(folder.path, 'cut.csv.gz');
    const whole = gzipSync(makeOnlineRetailLines(2_000).join('\n'));
    await writeFile(path, whole.subarray(0, whole.length / 2));
    await expect(importPath(path)).rejects.toThrow(
      /must be a complete gzip file, but it is cut off or damaged\.$/,
    );
    expect(await countRows()).toBe(0);
  });

  test('is refused when it is not there', async () => {
    await expect(importPath(join(folder.path, 'nothing.csv'))).rejects.toThrow(
      /must be readable, got ENOENT\.$/,
    );
  });

  test('is refused before anything is written when the refusals cannot be listed', async () => {
    const path = await writeLines(folder.path, 'plain.csv', [onlineRetailHeader]);
    const sales = makeSalesService({ database, clock: () => new Date() });
    const file = { path, format: onlineRetailFormat, refusalsPath: join(path, 'refused.csv') };
    await expect(sales.importFile(file, () => undefined)).rejects.toThrow(
      /^The refusals file '.*' must be writable, got (EEXIST|ENOTDIR)\.$/,
    );
  });

  test.each([
    [
      { columns: { ...columns, sku: undefined } },
      /^--map must name a column for orderNumber, .* got none for sku\.$/,
    ],
    [{ delimiter: ';;' }, "--delimiter must be one character other than a quote, got ';;'."],
    [{ currencyCode: 'euro' }, "--currency must be three capital letters of ISO 4217, got 'euro'."],
    [{ channel: '' }, '--channel must have 1 to 64 characters, got 0.'],
  ])('has a format whose options are checked: %o', (changes, message) => {
    expect(() => makeGenericFormat({ ...options, ...changes } as GenericFormatOptions)).toThrow(message);
  });
});

describe('a file that was imported before', () => {
  const lines = [header, '1;A;2;31/12/2024;9.50;Lamp', '2;B;3;01/01/2025;1.00;Sofa'];

  test('writes nothing and tells when it was, whether it is compressed or not', async () => {
    const first = await importLines(lines);
    const before = await countRows();
    const path = join(folder.path, 'again.csv.gz');
    await writeFile(path, gzipSync(`${lines.join('\n')}\n`));
    const again = await importPath(path, makeGenericFormat(options));
    expect(again.earlier).toBeInstanceOf(Date);
    expect(again.summary).toEqual(first.summary);
    expect(await countRows()).toBe(before);
  });

  test('can be imported again where it was read in another way', async () => {
    const wrong = await importLines(lines, { dateFormat: 'ISO' });
    expect(wrong.summary.rowsKept).toBe(0);
    const right = await importLines(lines);
    expect([right.earlier, right.summary.rowsKept]).toEqual([null, 2]);
  });

  test('has its orders refused when another file holds them', async () => {
    await importLines(lines);
    const { summary, refused } = await importLines([...lines, '3;A;1;02/01/2025;9.50;Lamp']);
    expect([summary.rowsKept, summary.refused]).toEqual([1, { DUPLICATE_ORDER: 2 }]);
    expect(refused).toContain(`orderNumber must be new in the channel 'shop', but '2' was imported before.`);
  });

  test('may hold the same numbers in another channel, but not prices in another currency', async () => {
    await importLines(lines);
    const { summary, refused } = await importLines(lines, { channel: 'market', currencyCode: 'GBP' });
    expect(summary.refused).toEqual({ CURRENCY_MISMATCH: 2 });
    expect(refused).toContain(`unitPrice of 'A' must be in its currency EUR, got GBP.`);
  });
});

test('a made-up "Online Retail" file ends in daily sales, prices, names and levels', async () => {
  const path = await writeLines(folder.path, 'retail.csv', makeOnlineRetailLines(12_000));
  const { summary } = await importPath(path);
  expect(summary.rowsRead).toBe(12_000);
  const [sums] = await database.sql.query(
    `SELECT (SELECT sum(units)::int FROM daily_sales) AS units, (SELECT sum(returns)::int FROM daily_sales) AS returns,
            (SELECT sum(revenue) FROM daily_sales) AS revenue,
            (SELECT sum(quantity * unit_price) FROM sales_order_line WHERE kind = 'SALE') AS lines,
            (SELECT count(*)::int FROM sales_order_line) AS rows,
            (SELECT count(*)::int FROM inventory_level) AS levels,
            (SELECT sales_through FROM warehouse) AS through,
            (SELECT count(*)::int FROM product WHERE name LIKE 'ARTICLE %') AS named`,
  );
  const revenue = `${summary.revenue}00`;
  expect(sums).toEqual({
    units: summary.units,
    returns: summary.returns,
    revenue,
    lines: revenue,
    rows: summary.rowsKept,
    levels: 300,
    through: '2024-01-24',
    named: 300,
  });
  const wrong = await database.sql.query(
    `SELECT 1 FROM daily_sales WHERE units > 0 AND (list_price IS NULL OR abs(paid_price - revenue / units) > 0.0001)`,
  );
  expect(wrong).toEqual([]);
});
