import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeRandom } from '../../src/maths/random.ts';

/** A folder for one test file, and the function that removes it. */
export async function makeTemporaryFolder(): Promise<{ readonly path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'supplygraph-'));
  return { path, remove: () => rm(path, { recursive: true, force: true }) };
}

/** Writes a file of lines and yields its path. */
export async function writeLines(
  folder: string,
  name: string,
  lines: readonly (string | Uint8Array)[],
): Promise<string> {
  const path = join(folder, name);
  const pieces = lines.map((line) => Buffer.concat([Buffer.from(line), Buffer.from('\n')]));
  await writeFile(path, Buffer.concat(pieces));
  return path;
}

/** Header of the "Online Retail" file. */
export const onlineRetailHeader =
  'InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country';

/** Lines of a made-up "Online Retail" file: 40 rows an invoice, some rows that are refused, one day every 500 rows. */
export function makeOnlineRetailLines(rows: number): string[] {
  const random = makeRandom(7);
  const lines = [onlineRetailHeader];
  for (let row = 0; row < rows; row += 1) {
    const dice = random.uniform();
    const article = Math.floor(random.uniform() * 300);
    const isReturn = Math.floor(row / 40) % 20 === 19;
    const invoice = `${isReturn ? 'C' : ''}${500_000 + Math.floor(row / 40)}`;
    const sku = dice < 0.01 ? 'POST' : `${20_000 + article}${article % 3 === 0 ? 'a' : ''}`;
    const quantity = (isReturn ? -1 : 1) * (1 + Math.floor(random.uniform() * 12));
    const price =
      dice > 0.99 ? '0.0' : (0.5 + Math.floor(random.uniform() * 4) * 0.25 + article / 100).toFixed(2);
    const day = new Date(Date.UTC(2024, 0, 1 + Math.floor(row / 500))).toISOString().slice(0, 10);
    const name = dice < 0.3 ? `"ARTICLE ${article}, ""BOXED"""` : `ARTICLE ${article}`;
    lines.push(
      `${invoice},${sku},${name},${quantity},${day} 10:00:00,${price},${12_000 + (row % 97)}.0,France`,
    );
  }
  return lines;
}
