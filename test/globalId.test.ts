import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromGlobalId, nodeTypes, parseGlobalId, toGlobalId } from '../src/globalId.ts';

const types = fc.constantFrom(...nodeTypes);
const rowIds = fc.integer({ min: 1, max: 2_147_483_647 });
const of = (text: string) => Buffer.from(text).toString('base64url');

describe('a global id', () => {
  it('comes back as the type and row it was made of', () => {
    fc.assert(
      fc.property(types, rowIds, (type, id) => {
        expect(fromGlobalId(type, toGlobalId(type, id), ['id'])).toBe(id);
        expect(parseGlobalId(toGlobalId(type, id))).toEqual({ type, key: String(id) });
      }),
    );
  });

  it('is unlike every other', () => {
    fc.assert(
      fc.property(types, rowIds, types, rowIds, (type, id, otherType, otherId) => {
        const isSame = type === otherType && id === otherId;
        expect(toGlobalId(type, id) === toGlobalId(otherType, otherId)).toBe(isSame);
      }),
    );
  });

  it('fits into a URL', () => {
    fc.assert(fc.property(types, rowIds, (type, id) => /^[\w-]+$/.test(toGlobalId(type, id))));
  });
});

describe('a text that is no id of ours', () => {
  it('is parsed to null, whatever it is', () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const parsed = parseGlobalId(text);
        expect(parsed === null || toGlobalId(parsed.type, parsed.key) === text).toBe(true);
      }),
    );
  });

  it.each(['', '5', 'UHJvZHVjdDox=', of('Product'), of('product:1'), of('User:1'), of('toString:1')])(
    'is parsed to null: %o',
    (text) => {
      expect(parseGlobalId(text)).toBeNull();
    },
  );

  it.each(['0', '-1', '1.5', '2147483648', '', 'one', '01', '1e0', ' 1', '0x1'])(
    'is refused where its row is %o',
    (key) => {
      expect(() => fromGlobalId('Product', of(`Product:${key}`), ['id'])).toThrow(
        `id must be the id of a Product, got '${of(`Product:${key}`)}'.`,
      );
    },
  );

  it("is refused with the argument's path where it is another type's", () => {
    const id = toGlobalId('Warehouse', 3);
    expect(() => fromGlobalId('Product', id, ['input', 'lines', '0', 'productId'])).toThrow(
      expect.objectContaining({
        code: 'BAD_USER_INPUT',
        field: ['input', 'lines', '0', 'productId'],
        message: `input.lines.0.productId must be the id of a Product, got '${id}'.`,
      }),
    );
  });

  it('is shown by its first 60 characters only', () => {
    expect(() => fromGlobalId('Product', 'x'.repeat(1_000_000), ['id'])).toThrow(
      expect.objectContaining({ message: `id must be the id of a Product, got '${'x'.repeat(60)}'.` }),
    );
  });
});
