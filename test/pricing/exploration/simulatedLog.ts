import { drawNormal, makeRandom, type Random } from '../../../src/maths/random.ts';
import type { LoggedChoice } from '../../../src/pricing/exploration/policyValue.ts';

/** RECOMMENDED: always the price that was recommended; CURRENT: always the middle one; EXPLORE: as exploration draws. */
export type SimulatedPolicy = 'RECOMMENDED' | 'CURRENT' | 'EXPLORE';

type DrawnItem = {
  readonly scale: number;
  readonly best: number;
  readonly recommended: number;
  readonly exploring: readonly number[];
};

const places = [0, 1, 2, 3, 4];
const noise = 0.3;

/** A log of `items` × `rounds` choices whose expected rewards are wrong: 10 % too high, and best at the recommended price. */
export function simulateLog(
  seed: number,
  { items, rounds, share, policy }: { items: number; rounds: number; share: number; policy: SimulatedPolicy },
): LoggedChoice[] {
  const random = makeRandom(seed);
  return Array.from({ length: items }, (_, item) => {
    const drawn = drawItem(random);
    const propensities = places.map((g) => propensityOf(drawn, share, g));
    const shares = places.map((g) => shareOf(policy, drawn, g));
    const expected = places.map((g) => 1.1 * drawn.scale * (1 - 0.05 * (g - drawn.recommended) ** 2));
    const expectedPolicyReward = places.reduce((sum, g) => sum + (shares[g] ?? 0) * (expected[g] ?? 0), 0);
    return Array.from({ length: rounds }, (): LoggedChoice => {
      const g = drawPlace(random, propensities);
      return {
        cluster: `item ${item}`,
        reward: rewardOf(drawn, g) * Math.exp(noise * drawNormal(random) - noise ** 2 / 2),
        propensity: propensities[g] ?? 0,
        policyShare: shares[g] ?? 0,
        expectedReward: expected[g] ?? 0,
        expectedPolicyReward,
      };
    });
  }).flat();
}

/** True mean reward of a choice by a policy, and what it is more than that of a choice of the log, over very many items. */
export function findTruth(
  policy: SimulatedPolicy,
  share: number,
): { readonly value: number; readonly gain: number } {
  const random = makeRandom(99);
  let [value, logged] = [0, 0];
  const items = 100_000;
  for (let item = 0; item < items; item += 1) {
    const drawn = drawItem(random);
    for (const g of places) {
      value += shareOf(policy, drawn, g) * rewardOf(drawn, g);
      logged += propensityOf(drawn, share, g) * rewardOf(drawn, g);
    }
  }
  return { value: value / items, gain: (value - logged) / items };
}

function drawItem(random: Random): DrawnItem {
  const scale = Math.exp(3 + 0.5 * drawNormal(random));
  const best = Math.floor(5 * random.uniform());
  const recommended = Math.min(4, Math.max(0, best + Math.floor(3 * random.uniform()) - 1));
  const near = places.filter((g) => Math.abs(g - recommended) <= 1);
  const exploring = places.map((g) => 0.2 / places.length + (near.includes(g) ? 0.8 / near.length : 0));
  return { scale, best, recommended, exploring };
}

function rewardOf({ scale, best }: DrawnItem, g: number): number {
  return scale * (1 - 0.05 * (g - best) ** 2);
}

function propensityOf({ exploring, recommended }: DrawnItem, share: number, g: number): number {
  return share * (exploring[g] ?? 0) + (g === recommended ? 1 - share : 0);
}

function shareOf(policy: SimulatedPolicy, { recommended, exploring }: DrawnItem, g: number): number {
  if (policy === 'EXPLORE') return exploring[g] ?? 0;
  return Number(g === (policy === 'CURRENT' ? 2 : recommended));
}

function drawPlace(random: Random, shares: readonly number[]): number {
  let left = random.uniform();
  for (const [g, share] of shares.entries()) {
    left -= share;
    if (left < 0) return g;
  }
  return shares.length - 1;
}
