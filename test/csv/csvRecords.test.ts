import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CsvRecord, makeCsvReader, toCsvField } from '../../src/csv/csvRecords.ts';

function read(text: string, pieceLength = text.length + 1, delimiter = ','): CsvRecord[] {
  const reader = makeCsvReader(delimiter);
  const records: CsvRecord[] = [];
  for (let at = 0; at < text.length; at += pieceLength)
    records.push(...reader.push(text.slice(at, at + pieceLength)));
  return [...records, ...reader.end()];
}

test('reads what csv-parse reads, however the text is cut into pieces', () => {
  const field = fc.stringMatching(/^[ab",;\n]{0,4}$/);
  const rows = fc.array(fc.array(field, { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(rows, fc.integer({ min: 1, max: 9 }), (wanted, pieceLength) => {
      const text = wanted.map((fields) => fields.map(toCsvField).join(',')).join('\n');
      expect(read(text, pieceLength).map(({ fields }) => fields)).toEqual(
        parse(text, { relax_column_count: true, skip_empty_lines: true }),
      );
    }),
  );
});

test('tells the lines on which a record begins and ends, empty lines and CRLF counted', () => {
  expect(
    read('a,b\r\n\r\n"x\ny",2\r\n3,4').map(({ line, endLine, fields }) => [line, endLine, fields]),
  ).toEqual([
    [1, 1, ['a', 'b']],
    [3, 4, ['x\ny', '2']],
    [5, 5, ['3', '4']],
  ]);
});

test('a quote that is never closed spoils its own line only', () => {
  const records = read('a,b\n"half,1\n2,3\n4,"5"\n');
  expect(records.map(({ line, fields }) => [line, fields])).toEqual([
    [1, ['a', 'b']],
    [2, null],
    [3, ['2', '3']],
    [4, ['4', '5']],
  ]);
});

test('splits at the delimiter given', () => {
  expect(read('a;"b;c";d,e', 3, ';')[0]?.fields).toEqual(['a', 'b;c', 'd,e']);
});

test('refuses a line of more than a million characters instead of filling the memory', () => {
  const reader = makeCsvReader(',');
  expect(() => reader.push(`a\n${'x'.repeat(1_000_001)}`)).toThrow(
    'Every line must have at most 1000000 characters, but line 2 has more.',
  );
});
