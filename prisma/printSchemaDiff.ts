import { openEmbedded } from '../src/database/embedded.ts';
import { migrate } from '../src/database/migrate.ts';
import { schemaDiff } from './schemaDiff.ts';

const database = await openEmbedded({ dump: undefined });
await migrate(database.sql);
process.stdout.write(await schemaDiff(database.pglite));
await database.close();
