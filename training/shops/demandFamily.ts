import { drawNormal, type Random } from '../../src/maths/random.ts';

/** How demand answers to a price, of one of several forms; what else moves demand multiplies it. */
export interface DemandFamily {
  readonly name: string;
  /** Demand at `price` relative to some level, > 0. */
  demand(price: number): number;
}

type Draw = (random: Random, elasticity: number, usual: number) => DemandFamily;

/**
 * Forms with their share of the items. Each has about the drawn elasticity near the usual price. Customers who remember prices
 * are not among them: that their answer wears off makes long moves of the price look as little answered as confounding does,
 * and a network taught both doubted elasticities that were right.
 */
const forms: readonly (readonly [share: number, draw: Draw])[] = [
  [0.44, drawIsoelastic],
  [0.12, drawExponential],
  [0.1, drawLinear],
  [0.16, drawLogit],
  [0.1, drawSegments],
  [0.08, drawSteps],
];

/** Draws a demand family whose elasticity (< 0) holds about the usual price. */
export function drawFamily(random: Random, elasticity: number, usual: number): DemandFamily {
  let left = random.uniform();
  for (const [share, draw] of forms) {
    left -= share;
    if (left < 0) return draw(random, elasticity, usual);
  }
  return drawIsoelastic(random, elasticity, usual);
}

function drawIsoelastic(_: Random, elasticity: number, usual: number): DemandFamily {
  return { name: 'isoelastic', demand: (price) => (price / usual) ** elasticity };
}

function drawExponential(_: Random, elasticity: number, usual: number): DemandFamily {
  return { name: 'exponential', demand: (price) => Math.exp(elasticity * (price / usual - 1)) };
}

/** A line that turns softly into a thin tail, so that demand stays above 0. */
function drawLinear(_: Random, elasticity: number, usual: number): DemandFamily {
  // Steeper lines end within the prices that shops ask.
  const slope = Math.max(-3, 0.8 * elasticity);
  const demand = (price: number) => {
    const line = 1 + slope * (price / usual - 1);
    return 0.1 * Math.log1p(Math.exp(Math.min(300, line / 0.1))) + 1e-6;
  };
  return { name: 'linear', demand };
}

/** A choice between the item and everything else, which holds `outside` of the market at the usual price. */
function drawLogit(random: Random, elasticity: number, usual: number): DemandFamily {
  const outside = 0.3 + 0.68 * random.uniform();
  const slope = -elasticity / outside;
  const odds = Math.log((1 - outside) / outside);
  return {
    name: 'logit',
    demand: (price) => 1 / (1 + Math.exp(slope * (price / usual - 1) - odds)),
  };
}

/** Customers of two kinds, one more sensitive than the other. */
function drawSegments(random: Random, elasticity: number, usual: number): DemandFamily {
  const share = 0.2 + 0.6 * random.uniform();
  const apart = 0.3 + 2 * random.uniform();
  const sensitive = elasticity - apart * (1 - share);
  const loyal = Math.min(-0.1, elasticity + apart * share);
  return {
    name: 'segments',
    demand: (price) => share * (price / usual) ** sensitive + (1 - share) * (price / usual) ** loyal,
  };
}

/** Constant elasticity with a fall at one or two prices that customers do not like to cross. */
function drawSteps(random: Random, elasticity: number, usual: number): DemandFamily {
  const steps = Array.from({ length: random.uniform() < 0.5 ? 1 : 2 }, () => ({
    at: usual * Math.exp(0.15 * drawNormal(random)),
    fall: 0.05 + 0.5 * random.uniform(),
    width: 0.002 + 0.02 * random.uniform(),
  }));
  const own = elasticity * (0.4 + 0.6 * random.uniform());
  const demand = (price: number) =>
    steps.reduce(
      (kept, { at, fall, width }) => kept * (1 - fall / (1 + Math.exp(-Math.log(price / at) / width))),
      (price / usual) ** own,
    );
  return { name: 'steps', demand };
}
