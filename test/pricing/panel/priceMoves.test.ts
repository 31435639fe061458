import { expect, test } from 'vitest';
import { readPriceMoves } from '../../../src/pricing/response/panel/priceMoves.ts';

const logs = (prices: readonly number[]) => Float64Array.from(prices, (price) => Math.log(price));

test('a cut is the first period of a noticeably lower price, a reduction lasts', () => {
  const { cuts, reductions } = readPriceMoves(logs([10, 10, 8, 8, 8, 10, 9.9]));
  expect([...cuts]).toEqual([0, 0, 1, 0, 0, 0, 0]);
  expect([...reductions]).toEqual([0, 0, 1, 1, 1, 0, 0]);
});

test('after eight periods a lower price is the usual one, unless a regular price says otherwise', () => {
  const prices = [10, ...new Array<number>(10).fill(8)];
  expect([...readPriceMoves(logs(prices)).reductions]).toEqual([0, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]);
  const regular = new Float64Array(11).fill(Math.log(10));
  expect([...readPriceMoves(logs(prices), regular).reductions].slice(9)).toEqual([1, 1]);
});

test('nothing follows from prices that are unknown', () => {
  const { cuts, reductions } = readPriceMoves(logs([10, Number.NaN, 8]));
  expect([...cuts]).toEqual([0, 0, 0]);
  expect([...reductions]).toEqual([0, 0, 1]);
});
