import { describe, expect, it } from 'vitest';
import { estimatePolicyValue, type LoggedChoice } from '../../../src/pricing/exploration/policyValue.ts';
import { findTruth, type SimulatedPolicy, simulateLog } from './simulatedLog.ts';

const takeTurn = () => Promise.resolve();
const estimate = (choices: readonly LoggedChoice[], seed = 1) =>
  estimatePolicyValue(choices, { seed, takeTurn });

describe('the value of a policy', () => {
  it('is that of the worked example', async () => {
    // Two choices with weights 1 ÷ 0.5 = 2 and 0: inverse propensity (2·10 + 0) ÷ 2, self-normalised 20 ÷ 2, doubly
    // robust ((8 + 2·(10 − 7)) + 9) ÷ 2.
    const found = await estimate([
      {
        cluster: 'a',
        reward: 10,
        propensity: 0.5,
        policyShare: 1,
        expectedReward: 7,
        expectedPolicyReward: 8,
      },
      {
        cluster: 'b',
        reward: 6,
        propensity: 0.5,
        policyShare: 0,
        expectedReward: 5,
        expectedPolicyReward: 9,
      },
    ]);
    expect(found.inversePropensity.value).toBe(10);
    expect(found.selfNormalised.value).toBe(10);
    expect(found.doublyRobust.value).toBe(11.5);
    expect(found).toMatchObject({ logged: 8, gain: { value: 3.5 }, effectiveChoices: 1, clusters: 2 });
  });

  it('is the expected rewards’ own where the log has no price of the policy’s', async () => {
    const found = await estimate([
      {
        cluster: 'a',
        reward: 10,
        propensity: 0.5,
        policyShare: 0,
        expectedReward: 7,
        expectedPolicyReward: 8,
      },
      {
        cluster: 'b',
        reward: 6,
        propensity: 0.5,
        policyShare: 0,
        expectedReward: 5,
        expectedPolicyReward: 9,
      },
    ]);
    expect(found.doublyRobust.value).toBe(8.5);
    expect(found.effectiveChoices).toBe(0);
    expect(found.selfNormalised.value).toBeNaN();
  });

  it.each<[SimulatedPolicy, number, number]>([
    ['RECOMMENDED', 0.9, 0.99],
    ['CURRENT', 0.9, 0.99],
    ['EXPLORE', 0.9, 0.99],
  ])(
    'of %s is hardly biased, and the doubly robust interval holds as often as it says',
    async (policy, least, most) => {
      const share = 0.2;
      const truth = findTruth(policy, share);
      const logs = 250;
      const held = { value: 0, gain: 0, selfNormalised: 0 };
      let [bias, plain] = [0, 0];
      for (let seed = 0; seed < logs; seed += 1) {
        const found = await estimate(simulateLog(seed, { items: 100, rounds: 4, share, policy }), seed);
        const holds = ({ low, high }: { low: number; high: number }, value: number) =>
          Number(low <= value && value <= high) / logs;
        held.value += holds(found.doublyRobust, truth.value);
        held.gain += holds(found.gain, truth.gain);
        held.selfNormalised += holds(found.selfNormalised, truth.value);
        bias += (found.doublyRobust.value - truth.value) / logs;
        plain += (found.inversePropensity.high - found.inversePropensity.low) / logs;
        plain -= (found.doublyRobust.high - found.doublyRobust.low) / logs;
      }
      expect(Math.abs(bias) / truth.value).toBeLessThan(0.02);
      for (const coverage of Object.values(held)) {
        expect(coverage).toBeGreaterThan(least);
        expect(coverage).toBeLessThan(most);
      }
      expect(plain).toBeGreaterThan(0); // the model of rewards narrows the interval, though it is wrong
    },
  );

  it('lets other work be done', async () => {
    let turns = 0;
    const count = () => {
      turns += 1;
      return Promise.resolve();
    };
    await estimatePolicyValue(simulateLog(1, { items: 5, rounds: 1, share: 0.2, policy: 'EXPLORE' }), {
      seed: 1,
      takeTurn: count,
    });
    expect(turns).toBe(19);
  });
});
