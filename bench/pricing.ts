/**
 * Elasticities and prices against the truth of simulated shops:
 * `npm run bench:pricing [-- --family logit] [--items 50] [--seed 1] [--closed-loop 6] [--export items.jsonl]`
 *
 * Without a seed the shops are the frozen ones of `bench/pricing/shops.json`. Families and what their elasticity is:
 * `bench/pricing/demandFamilies.ts`; plain methods: `olsElasticity.ts`, `plainPrices.ts`.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { findMostRounds, formatLoops, runClosedLoop } from './pricing/closedLoop.ts';
import { exportItems } from './pricing/exportItems.ts';
import { formatScores, formatTargets } from './pricing/formatScores.ts';
import { makeShop, type SimulatedShop } from './pricing/makeShops.ts';
import { answerPlainly, scoreShop } from './pricing/scoreShop.ts';
import { DEMAND_FAMILIES, readShopPlans } from './pricing/shopFile.ts';

const { values: options } = parseArgs({
  options: {
    family: { type: 'string' },
    items: { type: 'string' },
    seed: { type: 'string' },
    'closed-loop': { type: 'string' },
    export: { type: 'string' },
  },
});
const [seed, items, rounds] = [
  readWhole('seed', options.seed),
  readWhole('items', options.items),
  readWhole('closed-loop', options['closed-loop']),
];
if (options.family !== undefined && !DEMAND_FAMILIES.some((family) => family === options.family))
  throw new Error(`--family must be one of ${DEMAND_FAMILIES.join(', ')}, got ${options.family}.`);
const shops = readShopPlans({ ...(seed === null ? {} : { seed }), ...(items === null ? {} : { items }) })
  .filter(({ family }) => options.family === undefined || family === options.family)
  .map(makeShop);

if (options.export !== undefined) writeFileSync(options.export, shops.map(exportItems).join(''));
else if (rounds !== null) process.stdout.write(await runLoops(rounds));
else {
  const scores = shops.map((shop) => scoreShop(shop, answerPlainly(shop)));
  process.stdout.write(`${formatScores(scores)}\n${formatTargets(scores, 'OLS with controls')}`);
}

async function runLoops(count: number): Promise<string> {
  const loops: Parameters<typeof formatLoops>[0][number][] = [];
  for (const shop of shops) {
    const most = findMostRounds(shop);
    if (count > most) throw new Error(`--closed-loop must be at most ${most} rounds, got ${count}.`);
    const methods = answerPlainly(shop).map(({ method }) => method);
    const pricers = methods.map((method, place) => ({
      method,
      answer: (now: SimulatedShop) =>
        Promise.resolve(answerPlainly(now)[place] ?? { method, prices: [], slopes: null }),
    }));
    const scores = [];
    for (const pricer of pricers) scores.push(await runClosedLoop(shop, pricer, count));
    loops.push({ family: shop.family, scores });
  }
  return formatLoops(loops);
}

function readWhole(name: string, text: string | undefined): number | null {
  if (text === undefined) return null;
  if (!/^[1-9]\d*$/.test(text)) throw new Error(`--${name} must be a whole number from 1, got ${text}.`);
  return Number(text);
}
