import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Database } from '../../src/database/database.ts';
import { openPostgresql } from '../../src/database/postgresql.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

// Runs on PGlite, and on PostgreSQL when TEST_DATABASE_URL names a server: the expectations are the same.
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
});

afterAll(() => database.close());

async function countOf(work: () => Promise<unknown>): Promise<number> {
  const count = { statements: 0 };
  await withStatementCount(count, async () => {
    await work(); // Prisma's promises are lazy: they begin where they are awaited
  });
  return count.statements;
}

describe('values', () => {
  it.each([
    ['int8', "'9007199254740991'::int8", 9_007_199_254_740_991],
    ['count(*)', '(SELECT count(*) FROM product)', 0],
    ['numeric', '12.5000::numeric(14, 4)', '12.5000'],
    ['date', "'2026-02-28'::date", '2026-02-28'],
    ['timestamptz', "'2026-02-28 12:00:00.123+02'::timestamptz", new Date('2026-02-28T10:00:00.123Z')],
    ['double precision', '0.1::double precision', 0.1],
    ['boolean', 'true', true],
    ['null', 'null::int', null],
    ['text', "'Größe 日本 🙂'", 'Größe 日本 🙂'],
    ['int[]', "'{1,null,3}'::int[]", [1, null, 3]],
    ['float8[]', "'{0.5,1e300}'::float8[]", [0.5, 1e300]],
    ['text[]', `ARRAY['a,b', '"', '\\', '']`, ['a,b', '"', '\\', '']],
    ['jsonb', `'{"a": [1, "x", null]}'::jsonb`, { a: [1, 'x', null] }],
    ['an enum', "'ON_HAND'::inventory_quantity_name", 'ON_HAND'],
  ])('of %s come back alike from both drivers', async (_, expression, value) => {
    expect(await database.sql.query(`SELECT ${expression} AS value`)).toEqual([{ value }]);
  });

  it.each([
    ['int', 7],
    ['int8', 9_007_199_254_740_991],
    ['numeric', '12.5000'],
    ['date', '2026-02-28'],
    ['timestamptz', new Date('2026-02-28T10:00:00.123Z')],
    ['float8', 1e-300],
    ['text', 'it\'s \\ "quoted" 日本'],
    ['text', null],
    ['int[]', [1, 2, 3]],
    ['text[]', ['a,b', '"', 'NULL', '']],
    ['float8[]', [0.5, 1e300]],
    ['bool[]', [true, false]],
  ])('of type %s go in as a parameter and come back unchanged', async (type, value) => {
    expect(await database.sql.query(`SELECT $1::${type} AS value`, [value])).toEqual([{ value }]);
  });
});

describe('a transaction', () => {
  const insert = (code: string) =>
    [`INSERT INTO category (code, name) VALUES ($1, 'Category') RETURNING code`, [code]] as const;
  const codes = () => database.sql.query('SELECT code FROM category ORDER BY code');

  it('keeps its rows when its work resolves, and yields what the work yields', async () => {
    const rows = await database.sql.transaction((tx) => tx.query(...insert('kept')));
    expect(rows).toEqual([{ code: 'kept' }]);
    expect(await codes()).toEqual([{ code: 'kept' }]);
  });

  it('leaves nothing behind when its work rejects, and passes the reason on', async () => {
    const work = database.sql.transaction(async (tx) => {
      await tx.query(...insert('lost'));
      throw new Error('The work must end, but it failed.');
    });
    await expect(work).rejects.toThrow('The work must end, but it failed.');
    expect(await codes()).toEqual([{ code: 'kept' }]);
  });

  it('inside a transaction joins it', async () => {
    const work = database.sql.transaction(async (tx) => {
      await tx.transaction((inner) => inner.query(...insert('inner')));
      throw new Error('The outer work must end, but it failed.');
    });
    await expect(work).rejects.toThrow('outer');
    expect(await codes()).toEqual([{ code: 'kept' }]);
  });

  it('that failed leaves the store in working order for many others', async () => {
    const failures = Array.from({ length: 30 }, () =>
      database.sql.transaction((tx) => tx.query('SELECT 1 / 0')).catch((error: Error) => error.message),
    );
    expect(new Set(await Promise.all(failures))).toEqual(new Set(['division by zero']));
    expect(await codes()).toEqual([{ code: 'kept' }]);
  });
});

describe('statements', () => {
  it('are counted one by one through the SQL seam, in and out of transactions', async () => {
    const { sql } = database;
    expect(await countOf(() => sql.query('SELECT 1'))).toBe(1);
    expect(
      await countOf(() =>
        sql.transaction(async (tx) => {
          await tx.query('SELECT 1');
          await tx.query('SELECT 2');
        }),
      ),
    ).toBe(2);
  });

  it('are counted through Prisma too, in and out of transactions', async () => {
    const { prisma } = database;
    expect(await countOf(() => prisma.category.findMany())).toBe(1);
    expect(await countOf(() => prisma.category.count())).toBe(1);
    const create = (code: string) => prisma.category.create({ data: { code, name: code } });
    expect(await countOf(() => create('one'))).toBe(1);
    expect(await countOf(() => prisma.$transaction([create('two'), create('three')]))).toBe(2);
  });

  it('are counted for the request that caused them and no other', async () => {
    const { sql } = database;
    const [one, two, none] = await Promise.all([
      countOf(() => sql.query('SELECT 1')),
      countOf(() => Promise.all([sql.query('SELECT 1'), sql.query('SELECT 2')])),
      countOf(async () => undefined),
    ]);
    expect([one, two, none]).toEqual([1, 2, 0]);
  });
});

describe('a PostgreSQL server that cannot be reached', () => {
  it.each([
    ['postgresql://me:secret@127.0.0.1:1/shop', '127.0.0.1:1/shop', 'ECONNREFUSED'],
    ['postgresql://me:secret@no-such-host.invalid/shop', 'no-such-host.invalid/shop', 'ENOTFOUND'],
  ])('is named in one sentence that holds no password: %s', async (url, target, reason) => {
    await expect(openPostgresql(url, 2)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.stringMatching(
        new RegExp(
          `^DATABASE_URL must name a PostgreSQL server that answers, but ${target} did not: (${reason}|EAI_AGAIN)\\.$`,
        ),
      ),
    });
  });

  it('is named even where its address cannot be read', async () => {
    await expect(openPostgresql('postgresql://me:secret@[bad/shop', 2)).rejects.toMatchObject({
      code: 'BAD_USER_INPUT',
      message: expect.not.stringContaining('secret'),
    });
  });

  it.runIf(process.env.TEST_DATABASE_URL !== undefined)(
    'is told from a database that is not there',
    async () => {
      const url = new URL(process.env.TEST_DATABASE_URL ?? '');
      url.pathname = '/no_such_database';
      await expect(openPostgresql(url.href, 2)).rejects.toThrow(
        `DATABASE_URL must name a PostgreSQL server that answers, but ${url.host}/no_such_database did not: 3D000.`,
      );
    },
  );
});
