/**
 * How the members of the response ensemble do alone and together on drawn shops, from which `NETWORK_WEIGHT` is chosen:
 * `npx tsx training/shops/weighMembers.ts --items 4000 --seed 301 [--without-texts]`
 *
 * Per weight of the network: mean quantile loss and mean absolute error of the log demand ratio over drawn moves of the price,
 * error and 95 % coverage of the elasticity at the current price. `--without-texts` hides sentiment, which is the ablation
 * of signals from texts.
 */

import { parseArgs } from 'node:util';
import { makeInference } from '../../src/inference/inferenceRuntime.ts';
import { makePricingNetwork } from '../../src/inference/pricingNetwork.ts';
import { quantileLoss } from '../../src/maths/pinball.ts';
import { makeRandom, type Random } from '../../src/maths/random.ts';
import { type DemandResponse, RESPONSE_LEVELS } from '../../src/pricing/demandResponse.ts';
import { daysPerPeriod } from '../../src/pricing/level/toDemandHistory.ts';
import { combineResponse, type NetworkReading } from '../../src/pricing/response/combineResponse.ts';
import { FEATURE_COUNT } from '../../src/pricing/response/evidenceFeatures.ts';
import { answerResponseTask, type ItemReading } from '../../src/pricing/response/responseTask.ts';
import { type DrawnItem, type DrawnShop, drawShop } from './drawShop.ts';
import { meanElasticity } from './meanElasticity.ts';

const weights = [0, 0.25, 0.5, 0.6, 0.7, 0.8, 0.9, 1] as const;
const movesPerItem = 6;
const width = RESPONSE_LEVELS.length;
const median = RESPONSE_LEVELS.indexOf(0.5);

interface Score {
  loss: number;
  error: number;
  moves: number;
  elasticityError: number;
  covered: number;
  elasticities: number;
}

const { values } = parseArgs({
  options: {
    items: { type: 'string' },
    seed: { type: 'string' },
    'without-texts': { type: 'boolean' },
  },
});
await weighMembers(
  Number(values.items ?? 4_000),
  Number(values.seed ?? 301),
  values['without-texts'] ?? false,
);

async function weighMembers(wanted: number, seed: number, withoutTexts: boolean): Promise<void> {
  const inference = await makeInference({
    modelsFolder: 'models',
    threads: 1,
    queueLimit: 64,
    deadlineMs: 60_000,
  });
  const network = makePricingNetwork(inference);
  if (network === undefined) throw new Error("The model 'pricing' must be in models/, and it is not.");
  const random = makeRandom(seed);
  const scores = weights.map(() => ({
    loss: 0,
    error: 0,
    moves: 0,
    elasticityError: 0,
    covered: 0,
    elasticities: 0,
  }));
  for (let done = 0; done < wanted; ) {
    const drawn = drawShop(random);
    const shop = withoutTexts ? hideTexts(drawn) : drawn;
    done += shop.items.length;
    const items = shop.items.map(({ item }) => item);
    const { readings, features } = answerResponseTask({ items, periodDays: daysPerPeriod(shop.frequency) });
    const moves = items.map(() => drawMoves(random));
    const answers = await network.predict(
      moves.map((logPriceRatios, index) => ({
        features: features.subarray(index * FEATURE_COUNT, (index + 1) * FEATURE_COUNT),
        logPriceRatios,
      })),
    );
    for (const [index, one] of shop.items.entries()) {
      const [reading, answer, ratios] = [readings[index], answers[index], moves[index]];
      if (reading === undefined || answer === undefined || ratios === undefined) continue;
      for (const [k, weight] of weights.entries())
        addScore(scores[k], one, ratios, respond({ reading, answer, weight }, ratios));
    }
  }
  await inference.close();
  process.stdout.write(formatScores(scores));
}

function respond(
  {
    reading,
    answer,
    weight,
  }: { readonly reading: ItemReading; readonly answer: NetworkReading; readonly weight: number },
  ratios: Float64Array,
): DemandResponse {
  return combineResponse(reading, answer, ratios, weight);
}

function drawMoves(random: Random): Float64Array {
  return Float64Array.from({ length: movesPerItem }, () => 0.4 * (2 * random.uniform() - 1));
}

function hideTexts(shop: DrawnShop): DrawnShop {
  const items = shop.items.map((one) => ({
    ...one,
    item: { ...one.item, history: one.item.history.map((row) => ({ ...row, sentiment: Number.NaN })) },
  }));
  return { ...shop, items };
}

function addScore(
  score: Score | undefined,
  drawn: DrawnItem,
  ratios: Float64Array,
  { elasticity, ratioQuantiles }: DemandResponse,
): void {
  if (score === undefined) return;
  for (const [g, x] of ratios.entries()) {
    const truth = x * meanElasticity(drawn, x);
    const logs = [...ratioQuantiles.subarray(g * width, (g + 1) * width)].map(Math.log);
    for (const [k, level] of RESPONSE_LEVELS.entries())
      score.loss += quantileLoss(truth, logs[k] ?? 0, level) / width;
    score.error += Math.abs(truth - (logs[median] ?? 0));
    score.moves += 1;
  }
  if (drawn.family === 'steps') return;
  const truth = meanElasticity(drawn, 0);
  score.elasticityError += Math.abs(elasticity.value - truth);
  score.covered += elasticity.low <= truth && truth <= elasticity.high ? 1 : 0;
  score.elasticities += 1;
}

function formatScores(scores: readonly Score[]): string {
  const rows = scores.map((score, k) => {
    const { loss, error, moves, elasticityError, covered, elasticities } = score;
    const cells = [
      `${weights[k]}`,
      (loss / moves).toFixed(5),
      (error / moves).toFixed(4),
      (elasticityError / elasticities).toFixed(3),
      `${((100 * covered) / elasticities).toFixed(1)} %`,
    ];
    return `| ${cells.join(' | ')} |\n`;
  });
  const head =
    '| network | quantile loss | MAE log ratio | MAE elasticity | coverage 95 % |\n|---|---:|---:|---:|---:|\n';
  return head + rows.join('');
}
