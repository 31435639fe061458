/**
 * The SQL between a database and `schema.prisma`, by Prisma's own schema engine as WebAssembly (its native
 * binary cannot be downloaded everywhere). `npm run migration:diff` prints it for the committed migrations:
 * a new migration is that output, plus what Prisma cannot say (checks, triggers, partial indexes).
 */
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { PGlite } from '@electric-sql/pglite';
import { bindMigrationAwareSqlAdapterFactory } from '@prisma/driver-adapter-utils';
import { PrismaPGlite } from 'pglite-prisma-adapter';

const schemaUrl = new URL('schema.prisma', import.meta.url);

/** Yields the SQL that turns the store in `database` into what `schema.prisma` describes. */
export async function schemaDiff(database: PGlite): Promise<string> {
  const engine = await loadSchemaEngine(database);
  const schema = { path: 'schema.prisma', content: await readFile(schemaUrl, 'utf8') };
  const result = await engine.diff({
    from: { tag: 'schemaDatasource', files: [schema], configDir: fileURLToPath(new URL('.', schemaUrl)) },
    to: { tag: 'schemaDatamodel', files: [schema] },
    script: true,
    exitCode: null,
    filters: { externalTables: ['public._prisma_migrations'], externalEnums: [] },
  });
  return result.stdout ?? '';
}

/** As much of the global as is used here; TypeScript declares it for browsers only. */
const { WebAssembly } = globalThis as unknown as {
  WebAssembly: {
    instantiate(
      bytes: Uint8Array,
      imports: object,
    ): Promise<{ instance: { exports: Record<string, unknown> } }>;
  };
};

async function loadSchemaEngine(database: PGlite) {
  const bindings = await import('@prisma/schema-engine-wasm/schema_engine_bg');
  const wasmUrl = new URL(
    'schema_engine_bg.wasm',
    import.meta.resolve('@prisma/schema-engine-wasm/schema_engine_bg'),
  );
  const { instance } = await WebAssembly.instantiate(await readFile(wasmUrl), {
    './schema_engine_bg.js': bindings,
  });
  bindings.__wbg_set_wasm(instance.exports);
  (instance.exports.__wbindgen_start as () => void)();
  const factory = bindMigrationAwareSqlAdapterFactory(new PrismaPGlite(database));
  return bindings.SchemaEngine.new({ datamodels: undefined }, () => undefined, factory);
}
