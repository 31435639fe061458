import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conditions } from '../../src/database/conditions.ts';
import type { Connection } from '../../src/database/connection.ts';
import type { Database } from '../../src/database/database.ts';
import { listPage } from '../../src/database/listPage.ts';
import { type PageArguments, type PageOrder, type PageRow, planPage } from '../../src/database/page.ts';
import { withStatementCount } from '../../src/database/statementMeter.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

type Things = Connection<PageRow>;
type Order = Pick<PageOrder, 'type' | 'direction'> & { readonly column: string };

const rowCount = 37;
const columns = {
  id: 'bigint',
  units: 'int',
  name: 'text',
  price: 'numeric',
  at: 'timestamptz',
} as const satisfies Record<string, PageOrder['type']>;
const orders: Order[] = Object.entries(columns).flatMap(([column, type]) =>
  (['ASC', 'DESC'] as const).map((direction) => ({ column, type, direction })),
);
let database: Database;

beforeAll(async () => {
  database = await openTestDatabase();
  // Few different values in each column, so that most rows tie.
  await database.sql.execute(`
    CREATE TABLE thing (id int PRIMARY KEY, units int, name text, price numeric(14, 4), at timestamptz(3));
    INSERT INTO thing SELECT n, n % 3 - 1, (ARRAY['Ärmel', 'arm', '', 'b''"\\', '🙂'])[n % 5 + 1],
      (n % 4) * 0.0125 - 0.01, '2026-03-29T00:59:59.999Z'::timestamptz + make_interval(hours => n % 7)
      FROM generate_series(1, ${rowCount}) AS n`);
});

afterAll(() => database.close());

function toPageOrder({ column, type, direction }: Order): PageOrder {
  return { scope: `thing.${column}.${direction}`, column, type, idColumn: 'id', direction };
}

function list(order: Order, page: PageArguments): Promise<Things> {
  const query = { columns: 'id', from: 'thing', conditions: new Conditions(), order: toPageOrder(order) };
  return listPage(database.sql, query, page);
}

async function sorted({ column, direction }: Order): Promise<number[]> {
  const rows = await database.sql.query<PageRow>(
    `SELECT id FROM thing ORDER BY ${column} ${direction}, id ${direction}`,
  );
  return rows.map(({ id }) => id);
}

const idsOf = ({ nodes }: Things) => nodes.map(({ id }) => id);

describe.each(orders)('a list ordered by $column $direction', (order) => {
  it('walked forward gives each row once, in order, whatever the page size', async () => {
    const expected = await sorted(order);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (first) => {
        const walked: number[] = [];
        let after: string | null = null;
        for (let hasNext = true; hasNext; ) {
          const page: Things = await list(order, { first, after });
          expect(page.pageInfo.hasPreviousPage).toBe(after !== null);
          walked.push(...idsOf(page));
          ({ endCursor: after, hasNextPage: hasNext } = page.pageInfo);
        }
        expect(walked).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  it('walked backward gives each row once, in order, whatever the page size', async () => {
    const expected = await sorted(order);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (last) => {
        const walked: number[] = [];
        let before: string | null = null;
        for (let hasPrevious = true; hasPrevious; ) {
          const page: Things = await list(order, { last, before });
          expect(page.pageInfo.hasNextPage).toBe(before !== null);
          walked.unshift(...idsOf(page));
          ({ startCursor: before, hasPreviousPage: hasPrevious } = page.pageInfo);
        }
        expect(walked).toEqual(expected);
      }),
      { numRuns: 5 },
    );
  });

  it('between two cursors gives the rows between them', async () => {
    const all = await list(order, { first: rowCount });
    const cursors = all.edges.map(({ cursor }) => cursor);
    const page = await list(order, { after: cursors[4] ?? '', before: cursors[9] ?? '' });
    expect(idsOf(page)).toEqual(idsOf(all).slice(5, 9));
  });
});

describe('a page', () => {
  const byName: Order = { column: 'name', type: 'text', direction: 'ASC' };

  it('has 20 rows where no size is given, and every row has its cursor', async () => {
    const page = await list(byName, {});
    expect(page.nodes).toHaveLength(20);
    expect(new Set(page.edges.map(({ cursor }) => cursor)).size).toBe(20);
    expect(page.edges.map(({ node }) => node)).toEqual(page.nodes);
  });

  it('of size 0 has no rows, no cursors, and tells whether there are any', async () => {
    const page = await list(byName, { first: 0 });
    expect(page).toMatchObject({
      edges: [],
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: null, endCursor: null },
    });
  });

  it('costs one statement, and another only when the rows are counted', async () => {
    const count = { statements: 0 };
    await withStatementCount(count, async () => {
      const page = await list(byName, { first: 5 });
      expect(count.statements).toBe(1);
      expect(await page.countRows()).toBe(rowCount);
    });
    expect(count.statements).toBe(2);
  });

  it('is not shifted by rows that are inserted before it', async () => {
    const byId: Order = { column: 'id', type: 'bigint', direction: 'ASC' };
    const first = await list(byId, { first: 3 });
    await database.sql.query('INSERT INTO thing VALUES (0, 0, $1, 0, now())', ['']);
    const second = await list(byId, { first: 3, after: first.pageInfo.endCursor });
    await database.sql.query('DELETE FROM thing WHERE id = 0');
    expect(idsOf(second)).toEqual([4, 5, 6]);
  });
});

describe('page arguments', () => {
  const order = toPageOrder({ column: 'units', type: 'int', direction: 'ASC' });
  const cursorOf = (parts: unknown) => Buffer.from(JSON.stringify(parts)).toString('base64url');

  it.each([
    [{ first: 101 }, 'first must be 0 to 100, got 101.', 'first'],
    [{ first: -1 }, 'first must be 0 to 100, got -1.', 'first'],
    [{ last: 101 }, 'last must be 0 to 100, got 101.', 'last'],
    [{ last: -1 }, 'last must be 0 to 100, got -1.', 'last'],
    [{ first: 1, last: 1 }, 'Either first or last must be given, got both.', 'first'],
    [{ after: 'x' }, "after must be a cursor of this list in this order, got 'x'.", 'after'],
    [{ before: '' }, "before must be a cursor of this list in this order, got ''.", 'before'],
  ])('outside their range are refused: %o', (page, message, field) => {
    expect(() => planPage(page, order, 0)).toThrow(
      expect.objectContaining({ code: 'BAD_USER_INPUT', field: [field], message }),
    );
  });

  it('refuse the cursor of another list and of another order of the same list', () => {
    for (const scope of ['other.units.ASC', 'thing.units.DESC', 'thing.name.ASC'])
      expect(() => planPage({ after: cursorOf([scope, '1', 1]) }, order, 0)).toThrow(
        'must be a cursor of this list',
      );
  });

  it.each([
    ['int', ['', 'x', '1.5', '2147483648', '1; DROP TABLE thing']],
    ['bigint', ['', '1e3', '9999999999999999999']],
    ['numeric', ['NaN', 'Infinity', '1,5']],
    ['text', ['a\0']],
    ['timestamptz', ['now', '2026-02-31 00:00:00+00', '0000-01-01 00:00:00+00', '2026-01-01 25:00:00+00']],
  ] as const)('refuse a forged cursor whose value is no %s', (type, values) => {
    for (const value of values)
      expect(() => planPage({ after: cursorOf([order.scope, value, 1]) }, { ...order, type }, 0)).toThrow(
        'after must be a cursor of this list in this order',
      );
  });

  it('refuse a forged cursor whose id is no whole number', () => {
    for (const id of ['1', 1.5, null, 1e300])
      expect(() => planPage({ after: cursorOf([order.scope, '1', id]) }, order, 0)).toThrow(
        'must be a cursor',
      );
  });
});
