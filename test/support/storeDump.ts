import { createHash, randomUUID } from 'node:crypto';
import { openAsBlob } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { seedDemoShop } from '../../seed/seedDemoShop.ts';
import { openEmbedded } from '../../src/database/embedded.ts';
import { migrate } from '../../src/database/migrate.ts';
import { projectFile } from '../../src/projectRoot.ts';

const sources = {
  bare: [],
  empty: ['prisma/migrations'],
  demo: ['prisma/migrations', 'seed'],
} as const satisfies Record<string, readonly string[]>;

/**
 * A dump of an embedded store: bare, migrated, or with the demo shop in it. Kept between runs under the hash of the
 * files it is made of: filling PGlite from a dump takes a tenth of the time of making it anew.
 */
export async function storeDump(content: keyof typeof sources): Promise<Blob> {
  const folder = projectFile('node_modules', '.cache', 'supplygraph-test');
  const path = join(folder, `${content}-${await hashOf(sources[content])}.tar`);
  try {
    return await openAsBlob(path);
  } catch {
    await mkdir(folder, { recursive: true });
  }
  const dump = content === 'bare' ? undefined : await storeDump(content === 'demo' ? 'empty' : 'bare');
  const database = await openEmbedded({ dump });
  if (content === 'empty') await migrate(database.sql);
  if (content === 'demo') await seedDemoShop(database);
  const made = await database.pglite.dumpDataDir('none');
  await database.close();
  const part = `${path}.${randomUUID()}`;
  await writeFile(part, Buffer.from(await made.arrayBuffer()));
  await rename(part, path);
  return openAsBlob(path);
}

/** Names the present state of the files in some folders of the project. */
export async function hashOf(folders: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  hash.update(await readFile(projectFile('node_modules/@electric-sql/pglite/package.json')));
  for (const folder of folders) {
    const entries = await readdir(projectFile(folder), { recursive: true, withFileTypes: true });
    const files = entries
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));
    for (const file of files.sort()) hash.update(file).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}
