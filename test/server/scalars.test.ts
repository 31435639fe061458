import { type GraphQLScalarType, parseValue } from 'graphql';
import { describe, expect, it } from 'vitest';
import { scalarResolvers } from '../../src/server/scalars.ts';

const { DateTime, Date: Day, Decimal, CurrencyCode, JSON: Json } = scalarResolvers;
const readLiteral = (scalar: GraphQLScalarType, text: string) => scalar.parseLiteral(parseValue(text), {});

describe('DateTime', () => {
  it.each([
    ['2026-10-31T08:15:00Z', '2026-10-31T08:15:00.000Z'],
    ['2026-10-31T08:15Z', '2026-10-31T08:15:00.000Z'],
    ['2026-10-31T08:15:00.5+02:00', '2026-10-31T06:15:00.500Z'],
    ['2024-02-29T00:00:00-12:00', '2024-02-29T12:00:00.000Z'],
    ['0001-01-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
  ])('takes %s and writes %s', (text, written) => {
    expect(DateTime.serialize(DateTime.parseValue(text))).toBe(written);
    expect(DateTime.serialize(readLiteral(DateTime, `"${text}"`))).toBe(written);
  });

  it.each([
    '2026-10-31T08:15:00',
    '2026-10-31',
    '2026-02-29T00:00:00Z',
    '2026-10-31T25:00:00Z',
    '2026-10-31 08:15:00Z',
    '31/10/2026',
    '',
    '0000-01-01T00:00:00Z',
    '0001-01-01T00:00:00+14:00',
    '9999-12-31T23:59:59-12:00',
  ])('refuses %o', (text) => {
    expect(() => DateTime.parseValue(text)).toThrow(
      `DateTime must be a time with offset such as "2026-10-31T08:15:00Z", got ${JSON.stringify(text)}.`,
    );
  });

  it('writes a text from the store as it writes a time', () => {
    expect(DateTime.serialize('2026-10-31T08:15:00+01:00')).toBe('2026-10-31T07:15:00.000Z');
  });
});

describe('Date', () => {
  it.each(['2026-10-31', '2024-02-29', '0001-01-01', '9999-12-31'])('takes and writes %s', (text) => {
    expect(Day.serialize(Day.parseValue(text))).toBe(text);
  });

  it.each(['2026-02-29', '2026-13-01', '2026-1-1', '0000-12-31', '2026-10-31T00:00:00Z', ''])(
    'refuses %o',
    (text) => {
      expect(() => Day.parseValue(text)).toThrow(
        `Date must be a day such as "2026-10-31", got ${JSON.stringify(text)}.`,
      );
    },
  );

  it('writes a time as its day', () => {
    expect(Day.serialize(new Date('2026-10-31T00:00:00Z'))).toBe('2026-10-31');
  });
});

describe('Decimal', () => {
  it.each(['0', '12.50', '-0.0001', '999999999999999.9999999999'])('takes %s unchanged', (text) => {
    expect(Decimal.parseValue(text)).toBe(text);
  });

  it.each(['1e3', 'NaN', '.5', '1.', '1,5', ' 1', '', '9'.repeat(16), `0.${'1'.repeat(11)}`])(
    'refuses %o',
    (text) => {
      expect(() => Decimal.parseValue(text)).toThrow(
        `Decimal must be a decimal number as text such as "12.50", got ${JSON.stringify(text)}.`,
      );
    },
  );

  it('refuses a number in JSON, which is not exact, and takes one written into the query', () => {
    expect(() => Decimal.parseValue(12.5)).toThrow('got 12.5.');
    expect(readLiteral(Decimal, '12.50')).toBe('12.50');
    expect(readLiteral(Decimal, '7')).toBe('7');
  });

  it.each([
    ['12.5000', '12.50'],
    ['12.5050', '12.505'],
    ['0.0001', '0.0001'],
    ['-3.0000', '-3.00'],
    ['12.5', '12.5'],
    ['1200', '1200'],
  ])('writes %s as %s', (stored, written) => {
    expect(Decimal.serialize(stored)).toBe(written);
  });
});

describe('CurrencyCode', () => {
  it('takes three capital letters', () => {
    expect(CurrencyCode.serialize(CurrencyCode.parseValue('GBP'))).toBe('GBP');
  });

  it.each(['gbp', 'GB', 'GBPX', '€€€', ''])('refuses %o', (text) => {
    expect(() => CurrencyCode.parseValue(text)).toThrow(
      `CurrencyCode must be three capital letters such as "GBP", got ${JSON.stringify(text)}.`,
    );
  });
});

describe('JSON', () => {
  it('is passed on as it is', () => {
    const value = { a: [1, 'x', null, { deep: true }] };
    expect(Json.serialize(Json.parseValue(value))).toEqual(value);
    expect(readLiteral(Json, '{ a: [1, "x", null, { deep: true }] }')).toEqual(value);
  });

  it('takes variables inside a literal', () => {
    expect(Json.parseLiteral(parseValue('{ n: $n }'), { n: 7 })).toEqual({ n: 7 });
  });
});

describe('every refusal', () => {
  it('shows what was written into the query, and at most 60 characters of it', () => {
    expect(() => readLiteral(Day, 'true')).toThrow('got true.');
    expect(() => readLiteral(Day, '2026')).toThrow('got 2026.');
    expect(() => readLiteral(Day, '[1, 2]')).toThrow('got [1, 2].');
    expect(() => Day.parseValue('x'.repeat(1_000_000))).toThrow(/got "x{59}\.$/);
  });
});
