import { describe, expect, it } from 'vitest';
import { manyByKey, oneByKey } from '../../src/database/byKey.ts';

const rows = [
  { id: 3, group: 'b' },
  { id: 1, group: 'a' },
  { id: 2, group: 'b' },
];

describe('rows by key', () => {
  it('come in the order of the keys, twice where a key is asked for twice, null where it has no row', () => {
    expect(oneByKey([2, 9, 3, 2], rows, ({ id }) => id)).toEqual([rows[2], null, rows[0], rows[2]]);
  });

  it('of a group keep their order, and a group without rows is empty', () => {
    expect(manyByKey(['b', 'c', 'a', 'b'], rows, ({ group }) => group)).toEqual([
      [rows[0], rows[2]],
      [],
      [rows[1]],
      [rows[0], rows[2]],
    ]);
  });
});
