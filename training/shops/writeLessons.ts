/**
 * Writes what the pricing network learns from: per drawn item the features that serving gives it, and what is true of it.
 *
 * `npx tsx training/shops/writeLessons.ts --items 200000 --seed 1 --out FILE`; float32 rows of `ROW` numbers: features,
 * log of future units ÷ recent level, log of the promotion's factor (NaN = never promoted), family's number, then
 * `QUERIES` pairs of log (price ÷ current price) and mean elasticity from the current price to there, the first at 0.
 */

import { closeSync, openSync, writeSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { makeRandom, type Random } from '../../src/maths/random.ts';
import { daysPerPeriod } from '../../src/pricing/level/toDemandHistory.ts';
import { FEATURE_COUNT } from '../../src/pricing/response/evidenceFeatures.ts';
import { gatherResponses } from '../../src/pricing/response/gatherResponses.ts';
import { type DrawnItem, drawShop } from './drawShop.ts';
import { meanElasticity } from './meanElasticity.ts';

const QUERIES = 9;
const families = ['isoelastic', 'exponential', 'linear', 'logit', 'segments', 'steps'];
const rowLength = FEATURE_COUNT + 3 + 2 * QUERIES;

const { values } = parseArgs({
  options: { items: { type: 'string' }, seed: { type: 'string' }, out: { type: 'string' } },
});
writeLessons(Number(values.items ?? 1_000), Number(values.seed ?? 1), values.out ?? 'lessons.f32');

function writeLessons(wanted: number, seed: number, path: string): void {
  const file = openSync(path, 'w');
  const random = makeRandom(seed);
  let written = 0;
  while (written < wanted) {
    const shop = drawShop(random);
    const gathered = gatherResponses(
      shop.items.map(({ item }) => item),
      daysPerPeriod(shop.frequency),
    );
    const rows = new Float32Array(rowLength * shop.items.length);
    for (const [index, drawn] of shop.items.entries()) {
      const { features, evidence } = gathered[index] ?? {};
      if (features === undefined || evidence === undefined) continue;
      rows.set(features, index * rowLength);
      rows.set(describeTruth(random, drawn, evidence.recentLevel), index * rowLength + FEATURE_COUNT);
    }
    writeSync(file, new Uint8Array(rows.buffer));
    const before = Math.floor(written / 10_000);
    written += shop.items.length;
    if (Math.floor(written / 10_000) > before) process.stderr.write(`${written} items\n`);
  }
  closeSync(file);
}

function describeTruth(random: Random, drawn: DrawnItem, recentLevel: number): number[] {
  const queries = Array.from({ length: QUERIES }, (_, q) => {
    const x = q === 0 ? 0 : q % 2 === 0 ? 0.5 * (2 * random.uniform() - 1) : 0.2 * (2 * random.uniform() - 1);
    return [x, meanElasticity(drawn, x)];
  });
  return [
    Math.log(Math.max(1e-3, drawn.futureUnits)) - recentLevel,
    Math.log(drawn.promotionLift),
    families.indexOf(drawn.family),
    ...queries.flat(),
  ];
}
