import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { listSkuCandidates, matchEntities, pickEntities } from '../../src/triage/findEntities.ts';

/** A Wednesday. */
const now = new Date('2026-11-25T09:00:00Z');
const findEntities = (text: string, skus: readonly string[] = []) =>
  pickEntities({ candidates: listSkuCandidates(text), matches: matchEntities(text, now) }, new Set(skus));
const find = (text: string, skus: readonly string[] = []) =>
  findEntities(text, skus).map(({ entity, value, start, end }) => [entity, value, text.slice(start, end)]);

describe('findEntities', () => {
  it.each([
    ['where is order AB-1234?', 'order_number', 'AB-1234', 'AB-1234'],
    ['My order number is: 73412', 'order_number', '73412', '73412'],
    ['ref #a-5521 please', 'order_number', 'A-5521', 'a-5521'],
    ['order 1135426177359', 'order_number', '1135426177359', '1135426177359'],
    ['order 4111 1111 1111 1111', 'card_number', '**** 1111', '4111 1111 1111 1111'],
    ['it is 113542617', 'order_number', '113542617', '113542617'],
    ['ordered on 2026-02-03', 'date', '2026-02-03', '2026-02-03'],
    ['since 23/11/2026', 'date', '2026-11-23', '23/11/2026'],
    ['since 11/23/26', 'date', '2026-11-23', '11/23/26'],
    ['since 3.2.2026', 'date', '2026-02-03', '3.2.2026'],
    ['since 3rd of May 2024', 'date', '2024-05-03', '3rd of May 2024'],
    ['since May 7th, 2025!', 'date', '2025-05-07', 'May 7th, 2025'],
    ['since January 2', 'date', '2027-01-02', 'January 2'],
    ['since 20 dec', 'date', '2026-12-20', '20 dec'],
    ['came Yesterday', 'date', '2026-11-24', 'Yesterday'],
    ['came three weeks ago', 'date', '2026-11-04', 'three weeks ago'],
    ['a month ago', 'date', '2026-10-25', 'a month ago'],
    ['in 2 days', 'date', '2026-11-27', 'in 2 days'],
    ['last monday', 'date', '2026-11-23', 'last monday'],
    ['last Wednesday', 'date', '2026-11-18', 'last Wednesday'],
    ['next friday', 'date', '2026-11-27', 'next friday'],
    ['next month', 'date', '2026-12-25', 'next month'],
    ['paid $1,200.50', 'amount', '1200.50 USD', '$1,200.50'],
    ['paid 1.000,00 euro', 'amount', '1000.00 EUR', '1.000,00 euro'],
    ['paid £3.', 'amount', '3 GBP', '£3'],
    ['paid 50€', 'amount', '50 EUR', '50€'],
    ['paid EUR 7', 'amount', '7 EUR', 'EUR 7'],
    ['paid 5 cents', 'amount', '0.05 USD', '5 cents'],
    ['jo.doe+x@shop.example', 'email', 'j***@***.example', 'jo.doe+x@shop.example'],
    ['call +44 20 7946 0958', 'phone', '***58', '+44 20 7946 0958'],
    ['call (555) 123-4567', 'phone', '***67', '(555) 123-4567'],
    ['card 4111 1111 1111 1111', 'card_number', '**** 1111', '4111 1111 1111 1111'],
    ['😀 <b>order</b> \u200b order 5512', 'order_number', '5512', '5512'],
  ])('reads %j', (text, entity, value, span) => {
    expect(find(text)).toEqual([[entity, value, span]]);
  });

  it.each([
    '31/02/2026',
    '2026-13-01',
    '32 December',
    'May I return 3 shirts?',
    'version 1.2.3.4',
    '',
    'in a',
  ])('finds nothing in %j', (text) => {
    expect(find(text)).toEqual([]);
  });

  it('takes for an article only what the store knows, whatever the case', () => {
    expect(find('the 85123a broke, not the 99999z.', ['85123A'])).toEqual([['sku', '85123A', '85123a']]);
  });

  it('is surer of a card number whose check digit is right', () => {
    const confidences = findEntities('4111111111111111 or 4111111111111112').map(
      ({ confidence }) => confidence,
    );
    expect(confidences).toEqual([0.98, 0.6]);
  });

  it('masks three hundred card numbers', () => {
    const found = find('4111 1111 1111 1111, '.repeat(300));
    expect(found).toHaveLength(300);
    expect(new Set(found.map(([, value]) => value))).toEqual(new Set(['**** 1111']));
  });

  it('gives parts of any text that lie in it, in order, without overlap', () => {
    const part = fc.constantFrom(
      'order ',
      '12345',
      '$',
      '1.2.',
      ' ago',
      'in ',
      '@a.b',
      '+1 ',
      'may ',
      '3rd ',
      '-',
      '😀',
      ',',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 60 }), (parts) => {
        const text = parts.join('');
        let last = 0;
        for (const { start, end, value, confidence } of findEntities(text)) {
          expect(start).toBeGreaterThanOrEqual(last);
          expect(end).toBeGreaterThan(start);
          expect(end).toBeLessThanOrEqual(text.length);
          expect(value).not.toMatch(/NaN|undefined/);
          expect(confidence).toBeGreaterThan(0);
          last = end;
        }
      }),
    );
  });
});
