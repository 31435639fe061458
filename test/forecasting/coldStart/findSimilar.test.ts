import { describe, expect, it } from 'vitest';
import { type Described, findSimilar } from '../../../src/forecasting/coldStart/findSimilar.ts';
import { makeTextSimilarity, readWords } from '../../../src/forecasting/coldStart/textSimilarity.ts';

const describedAs = (id: number, text: string, price = 10, currency = 'GBP'): Described => ({
  id,
  text,
  price,
  currency,
});
const similarTo = (target: Described, candidates: readonly Described[]) =>
  findSimilar([{ targets: [target], candidates }]).get(target.id) ?? [];

describe('words of a text', () => {
  it('are lower case without accents, punctuation, single characters and the s of plurals', () => {
    expect(readWords("Café LIGHTS, a set of 12 glass hooks' T")).toEqual([
      'cafe',
      'light',
      'set',
      'of',
      '12',
      'glass',
      'hook',
    ]);
  });
});

describe('the similarity of texts', () => {
  it('is the cosine of TF-IDF vectors', () => {
    // Three texts; "red" is in two of them, "lamp" in two, "mug" in one: idf = ln(4/3) + 1 twice and ln(4/2) + 1.
    const [common, rare] = [Math.log(4 / 3) + 1, Math.log(4 / 2) + 1];
    const cosines = makeTextSimilarity(['red lamp', 'red mug', 'lamp'])('red lamps');
    expect(cosines[0]).toBeCloseTo(1, 12);
    expect(cosines[1]).toBeCloseTo((common * common) / (common * Math.SQRT2 * Math.hypot(common, rare)), 12);
    expect(cosines[2]).toBeCloseTo(1 / Math.SQRT2, 12);
  });

  it('is 0 for a text without words', () => {
    expect([...makeTextSimilarity(['red lamp', ''])('')]).toEqual([0, 0]);
  });
});

describe('similar variants', () => {
  it('share words, and have a price that is near', () => {
    const found = similarTo(describedAs(1, 'red lamp'), [
      describedAs(2, 'blue mug'),
      describedAs(3, 'red lamp', 20),
      describedAs(4, 'red lamp', 11),
    ]);
    expect(found.map(({ variantId }) => variantId)).toEqual([4, 3, 2]);
    expect(found[0]?.similarity).toBeCloseTo(Math.exp(-0.5 * (Math.log(1.1) / 0.7) ** 2), 12);
    expect(found[1]?.similarity).toBeCloseTo(Math.exp(-0.5 * (Math.log(2) / 0.7) ** 2), 12);
    expect(found[2]?.similarity).toBeCloseTo(0.05, 12);
    expect(found.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 12);
  });

  it('are compared by words alone where a price is unknown or in another currency', () => {
    const target = describedAs(1, 'red lamp');
    const found = similarTo(target, [describedAs(2, 'red lamp', 0), describedAs(3, 'red lamp', 900, 'JPY')]);
    for (const { similarity } of found) expect(similarity).toBeCloseTo(1, 12);
    expect(found).toHaveLength(2);
  });

  it('are never the variant itself, and twenty at most', () => {
    const candidates = Array.from({ length: 30 }, (_, id) => describedAs(id, 'red lamp'));
    const found = similarTo(describedAs(3, 'red lamp'), candidates);
    expect(found).toHaveLength(20);
    expect(found.some(({ variantId }) => variantId === 3)).toBe(false);
  });

  it('are none where there is nothing to compare with', () => {
    expect(similarTo(describedAs(1, 'red lamp'), [])).toEqual([]);
  });
});
