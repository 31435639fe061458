import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectFile, readBatches } from '../../src/csv/csvFile.ts';
import { addToSummary, emptySummary } from '../../src/sales/importSummary.ts';
import { onlineRetailFormat } from '../../src/sales/onlineRetailFormat.ts';
import { makeRowReader } from '../../src/sales/rowReader.ts';
import { makeSalesService } from '../../src/sales/service.ts';
import { openTestDatabase } from '../support/testDatabase.ts';
import { makeTemporaryFolder } from './salesFiles.ts';

const path = join(process.env.SUPPLYGRAPH_DATA ?? '../shared/data', 'online_retail/online_retail.csv.gz');
const hasPython = (() => {
  try {
    execFileSync('python3', ['--version']);
    return true;
  } catch {
    return false;
  }
})();
const reason = `needs python3 and the file ${path}`;
const testReal = test.skipIf(!existsSync(path) || !hasPython);

/** Another program that counts the file by the same rules; it shares no code with the importer. */
const counter = `
import csv, gzip, json, sys, decimal
opener = gzip.open if sys.argv[1].endswith('.gz') else open
counts, refused, revenue = dict(read=0, kept=0, units=0, returns=0), {}, decimal.Decimal(0)
for row in csv.DictReader(opener(sys.argv[1], 'rt', encoding='utf-8', newline='')):
    counts['read'] += 1
    quantity, price, cancelled = int(row['Quantity']), decimal.Decimal(row['UnitPrice']), row['InvoiceNo'].startswith('C')
    why = ('NOT_GOODS' if not row['StockCode'][:5].isdigit() or len(row['StockCode']) < 5
           else 'STOCK_WRITE_OFF' if quantity < 0 and not cancelled else 'NO_PRICE' if price <= 0 else None)
    if why:
        refused[why] = refused.get(why, 0) + 1
        continue
    counts['kept'] += 1
    if cancelled: counts['returns'] -= quantity
    else:
        counts['units'] += quantity
        revenue += quantity * price
print(json.dumps(dict(counts, refused=refused, revenue=f'{revenue:.2f}')))
`;

function countIndependently(file: string) {
  const counted = JSON.parse(
    execFileSync('python3', ['-c', counter, file], { encoding: 'utf8', maxBuffer: 1_000_000 }),
  );
  const { read, kept, refused, units, returns, revenue } = counted;
  return { rowsRead: read, rowsKept: kept, refused, units, returns, revenue };
}

testReal(
  `the whole file is read as an independent program counts it (${reason})`,
  async () => {
    const { header } = await inspectFile(path, onlineRetailFormat);
    const read = makeRowReader(onlineRetailFormat, header, new Date());
    let summary = emptySummary;
    for await (const { records } of readBatches(path, onlineRetailFormat, 5_000)) {
      const { rows, refusals } = read(records);
      summary = addToSummary(summary, rows, refusals);
    }
    expect(summary).toEqual(countIndependently(path));
    expect(summary.rowsRead).toBe(541_909);
  },
  60_000,
);

testReal(
  `the store holds what an independent program counts in the file (${reason})`,
  async () => {
    const isWhole = process.env.TEST_DATABASE_URL !== undefined;
    const folder = await makeTemporaryFolder();
    const database = await openTestDatabase();
    try {
      const file = isWhole ? path : join(folder.path, 'first.csv');
      if (!isWhole) await writeFile(file, await readFirstLines(40_000));
      const sales = makeSalesService({ database, clock: () => new Date() });
      const refusalsPath = join(folder.path, 'refused.csv');
      const { summary } = await sales.importFile(
        { path: file, format: onlineRetailFormat, refusalsPath },
        () => undefined,
      );
      expect(summary).toEqual(countIndependently(file));
      const [stored] = await database.sql.query(
        `SELECT daily.*, lines.* FROM
         (SELECT sum(units)::int AS units, sum(returns)::int AS returns, sum(revenue)::numeric(16, 2)::text AS revenue
            FROM daily_sales) daily,
         (SELECT count(*)::int AS rows, sum(quantity * unit_price) FILTER (WHERE kind = 'SALE')::numeric(16, 2)::text AS turnover,
                 sum(quantity) FILTER (WHERE kind = 'SALE')::int AS sold, sum(quantity) FILTER (WHERE kind = 'RETURN')::int AS back
            FROM sales_order_line) lines`,
      );
      const { units, returns, revenue, rowsKept } = summary;
      expect(stored).toEqual({
        units,
        returns,
        revenue,
        rows: rowsKept,
        turnover: revenue,
        sold: units,
        back: returns,
      });
      const names = await database.sql.query(`SELECT name FROM product WHERE handle = '85123a'`);
      expect(names).toEqual([{ name: 'WHITE HANGING HEART T-LIGHT HOLDER' }]);
    } finally {
      await database.close();
      await folder.remove();
    }
  },
  300_000,
);

async function readFirstLines(count: number): Promise<string> {
  const { header } = await inspectFile(path, onlineRetailFormat);
  for await (const { records } of readBatches(path, onlineRetailFormat, count))
    return [header.join(','), ...records.map(({ text }) => text), ''].join('\n');
  return '';
}
