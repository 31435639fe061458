import { describe, expect, it } from 'vitest';
import { maskPersonalData } from '../src/maskPersonalData.ts';

describe('maskPersonalData', () => {
  it.each([
    ['Write to jane.doe+shop@example.co.uk now', 'Write to [email] now'],
    ['Call +44 20 7946 0958 or (020) 7946-0958.', 'Call [phone] or [phone].'],
    ['My card 4111 1111 1111 1111 was charged', 'My card [card] was charged'],
    ['IBAN GB29 NWBK 6016 1331 9268 19, please', 'IBAN [account], please'],
    ['See https://example.com/?u=jane and www.example.com', 'See [link] and [link]'],
    ['4111\u200b1111\u200b1111\u200b1111', '[card]'],
    ['Order 12345 of 2026-03-01 cost 49.90', 'Order 12345 of 2026-03-01 cost 49.90'],
    ['My name is Jane Roe and I wait', 'My name is [name] and I wait'],
    ['my name is not on the invoice', 'my name is not on the invoice'],
    ['I spoke to Mrs. Green-Jones', 'I spoke to Mrs. [name]'],
    ['It is late. Kind regards, Anna', 'It is late. Kind regards, [name]'],
    ['Thanks,\nAnna Smith\n', 'Thanks,\n[name]\n'],
    ['Thank you for the pan. The best Pan', 'Thank you for the pan. The best Pan'],
    ['I live at 12 Green Street, Springfield, IL 62701.', 'I live at [address].'],
    ['send it to 7b old mill road please', 'send it to [address] please'],
    ['Lindenstraße 12, 10115 Berlin', '[address]'],
    ['near SW1A 1AA', 'near [postcode]'],
    [
      'I ordered 2 pans this way; 3 days in the queue on the street',
      'I ordered 2 pans this way; 3 days in the queue on the street',
    ],
    ['Where is SO-250000? It came 5 days late.', 'Where is SO-250000? It came 5 days late.'],
  ])('turns %s into %s', (text, masked) => {
    expect(maskPersonalData(text)).toBe(masked);
  });

  it.each([
    '1 a '.repeat(2_500),
    'Aa '.repeat(3_333),
    '1 Abc Abc Abc '.repeat(714),
    'my name is '.repeat(909),
  ])('leaves 10,000 characters that nearly match as they are', (text) => {
    expect(maskPersonalData(text)).toBe(text);
  });

  it('masks three hundred card numbers in one text', () => {
    const text = Array.from({ length: 300 }, () => '4111 1111 1111 1111').join(', ');
    expect(maskPersonalData(text)).toBe(Array.from({ length: 300 }, () => '[card]').join(', '));
  });
});
