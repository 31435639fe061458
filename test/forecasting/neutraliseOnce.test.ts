import { describe, expect, it } from 'vitest';
import { answerForecastTask } from '../../src/forecasting/forecastTask.ts';
import type { SeriesHistory } from '../../src/forecasting/member.ts';

/** A hundred weeks of 200 units at the usual price, twice as many in every fourth, whose price is 30 % lower. */
const ratios = Float64Array.from({ length: 108 }, (_, t) => (t < 100 && t % 4 === 0 ? 0.7 : 1));
const history: SeriesHistory = {
  values: Float64Array.from({ length: 100 }, (_, t) => (t % 4 === 0 ? 400 : 200)),
  seasonLength: 1,
  covariates: [{ name: 'price_ratio', values: ratios }],
};

describe('histories at neutral influences', () => {
  it('have neither the effects nor the influences any more', () => {
    const task = { kind: 'neutraliseOnce', series: [history], horizon: 8 } as const;
    const [neutral] = answerForecastTask(task) as readonly SeriesHistory[]; // the answer to a task of this kind
    expect(neutral?.covariates).toBeUndefined();
    for (const [t, value] of (neutral?.values ?? []).entries())
      expect(Math.abs(value / 200 - 1), `week ${t}`).toBeLessThan(0.15);
  });
});
