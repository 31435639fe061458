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
  ])('turns %s into %s', (text, masked) => {
    expect(maskPersonalData(text)).toBe(masked);
  });

  it('masks three hundred card numbers in one text', () => {
    const text = Array.from({ length: 300 }, () => '4111 1111 1111 1111').join(', ');
    expect(maskPersonalData(text)).toBe(Array.from({ length: 300 }, () => '[card]').join(', '));
  });
});
