/**
 * Elasticities and prices against the truth of simulated shops:
 * `npm run bench:pricing [-- --family logit] [--items 50] [--seed 1] [--closed-loop 6] [--still-prices] [--export items.jsonl] [--models folder]`
 *
 * `--closed-loop` prices that many times; `--still-prices` takes shops that hardly ever changed a price before.
 * Without a seed the shops are the frozen ones of `bench/pricing/shops.json`. Families and what their elasticity is:
 * `bench/pricing/demandFamilies.ts`; plain methods: `olsElasticity.ts`, `plainPrices.ts`.
 */

import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import {
  findMostRounds,
  formatLoops,
  type LoopScore,
  runClosedLoop,
  type ShopPricer,
} from './pricing/closedLoop.ts';
import { exportItems } from './pricing/exportItems.ts';
import { formatScores, formatTargets } from './pricing/formatScores.ts';
import { makeShop } from './pricing/makeShops.ts';
import { type OurPricing, startOurPricing, toAnswer, toExploringAnswer } from './pricing/ourPrices.ts';
import { answerPlainly, type ShopScore, scoreShop } from './pricing/scoreShop.ts';
import { DEMAND_FAMILIES, readShopPlans, stillPrices } from './pricing/shopFile.ts';

/** As much as may be explored, at the least caution that is the default. */
const exploration = { share: 0.2, maximumLossRate: 0.05 };

const { values: options } = parseArgs({
  options: {
    family: { type: 'string' },
    items: { type: 'string' },
    seed: { type: 'string' },
    'closed-loop': { type: 'string' },
    'still-prices': { type: 'boolean', default: false },
    export: { type: 'string' },
    models: { type: 'string', default: 'models' },
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
  .map((plan) => makeShop(options['still-prices'] ? stillPrices(plan) : plan));

if (options.export === undefined) await measure(await startOurPricing(options.models));
else writeFileSync(options.export, shops.map(exportItems).join(''));

async function measure(ours: OurPricing): Promise<void> {
  try {
    process.stdout.write(`Prices of simulated shops by ${ours.title}\n\n`);
    process.stdout.write(rounds === null ? await scoreOnce(ours) : await runLoops(ours, rounds));
  } finally {
    await ours.close();
  }
}

async function scoreOnce(ours: OurPricing): Promise<string> {
  const scores: ShopScore[] = [];
  for (const shop of shops)
    scores.push(scoreShop(shop, [toAnswer(await ours.advise(shop)), ...answerPlainly(shop)]));
  return `${formatScores(scores)}\n${formatTargets(scores, 'ours')}`;
}

async function runLoops(ours: OurPricing, count: number): Promise<string> {
  const loops: Parameters<typeof formatLoops>[0][number][] = [];
  for (const shop of shops) {
    const most = findMostRounds(shop);
    if (count > most) throw new Error(`--closed-loop must be at most ${most} rounds, got ${count}.`);
    const plain = answerPlainly(shop).map(
      ({ method }, place): ShopPricer => ({
        method,
        answer: (now) => Promise.resolve(answerPlainly(now)[place] ?? { method, prices: [], slopes: null }),
      }),
    );
    const pricers: readonly ShopPricer[] = [
      { method: 'ours', answer: async (now) => toAnswer(await ours.advise(now)) },
      {
        method: 'ours, exploring',
        answer: async (now, round) =>
          toExploringAnswer(await ours.advise(now), { ...exploration, seed: round }),
      },
      ...plain,
    ];
    const scores: LoopScore[] = [];
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
