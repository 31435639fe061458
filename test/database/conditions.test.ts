import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Conditions } from '../../src/database/conditions.ts';
import type { Database } from '../../src/database/database.ts';
import { openTestDatabase } from '../support/testDatabase.ts';

let database: Database;
const names = ['100% cotton', '100 cotton', 'a_b', 'axb', 'back\\slash', 'ÄPFEL'];

beforeAll(async () => {
  database = await openTestDatabase();
  await database.sql.execute(
    'CREATE TABLE thing (id int PRIMARY KEY, name text NOT NULL, size int NOT NULL, at timestamptz NOT NULL)',
  );
  await database.sql.query(
    `INSERT INTO thing SELECT n, name, n * 10, '2026-01-01T00:00:00Z'::timestamptz + make_interval(days => n::int)
       FROM unnest($1::text[]) WITH ORDINALITY AS entry(name, n)`,
    [names],
  );
});

afterAll(() => database.close());

async function find(build: (conditions: Conditions) => void): Promise<string[]> {
  const conditions = new Conditions();
  build(conditions);
  const rows = await database.sql.query<{ name: string }>(
    `SELECT name FROM thing WHERE ${conditions.sql} ORDER BY id`,
    conditions.parameters,
  );
  return rows.map(({ name }) => name);
}

describe('no condition', () => {
  it('matches everything', async () => {
    expect(await find(() => undefined)).toEqual(names);
    expect(await find((where) => where.string('name', {}, 'filter.name'))).toEqual(names);
    expect(await find((where) => where.string('name', { eq: null, in: null }, 'filter.name'))).toEqual(names);
    expect(await find((where) => where.number('size', null))).toEqual(names);
    expect(await find((where) => where.date('at', undefined))).toEqual(names);
  });
});

describe('a text filter', () => {
  it.each([
    [{ contains: '%' }, ['100% cotton']],
    [{ contains: '_' }, ['a_b']],
    [{ contains: '\\' }, ['back\\slash']],
    [{ contains: 'COTTON' }, ['100% cotton', '100 cotton']],
    [{ contains: '' }, names],
    [{ eq: 'a_b' }, ['a_b']],
    [{ eq: 'A_B' }, []],
    [{ in: ['a_b', 'axb', 'nothing'] }, ['a_b', 'axb']],
    [{ in: [] }, []],
    [{ contains: 'cotton', eq: '100 cotton' }, ['100 cotton']],
    [{ contains: "'; DROP TABLE thing; --" }, []],
  ])('takes every character as it is: %o', async (filter, expected) => {
    expect(await find((where) => where.string('name', filter, 'filter.name'))).toEqual(expected);
  });

  it.each(['eq', 'contains'] as const)('refuses U+0000 in %s, which no text can hold', (operator) => {
    expect(() => new Conditions().string('name', { [operator]: 'a\0b' }, 'filter.name')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        message: `filter.name.${operator} must not contain the character U+0000.`,
      }),
    );
  });

  it('refuses U+0000 in a list', () => {
    expect(() => new Conditions().string('name', { in: ['a', '\0'] }, 'filter.name')).toThrow(
      'filter.name.in must not contain the character U+0000.',
    );
  });
});

describe('a number filter', () => {
  it.each([
    [{ eq: 20 }, ['100 cotton']],
    [{ gt: 50 }, ['ÄPFEL']],
    [{ gte: 50 }, ['back\\slash', 'ÄPFEL']],
    [{ lt: 20 }, ['100% cotton']],
    [{ lte: 20 }, ['100% cotton', '100 cotton']],
    [{ gt: 10.5, lt: 30 }, ['100 cotton']],
    [{ gt: 1e300 }, []],
    [{ eq: 0 }, []],
  ])('holds: %o', async (filter, expected) => {
    expect(await find((where) => where.number('size', filter))).toEqual(expected);
  });
});

describe('a date filter', () => {
  it('takes its start in and leaves its end out', async () => {
    const after = new Date('2026-01-03T00:00:00Z');
    const before = new Date('2026-01-05T00:00:00Z');
    expect(await find((where) => where.date('at', { after, before }))).toEqual(['100 cotton', 'a_b']);
  });
});

describe('a list of values', () => {
  it('that is empty matches nothing', async () => {
    expect(await find((where) => where.anyOf('id', 'int', [], 'filter.ids'))).toEqual([]);
  });

  it('of 100 is taken and one of 101 refused', () => {
    const conditions = new Conditions();
    conditions.anyOf('id', 'int', Array.from({ length: 100 }).fill(1), 'filter.ids');
    expect(() => conditions.anyOf('id', 'int', Array.from({ length: 101 }).fill(1), 'filter.ids')).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        field: ['filter', 'ids'],
        message: 'filter.ids must have at most 100 entries, got 101.',
      }),
    );
  });
});
