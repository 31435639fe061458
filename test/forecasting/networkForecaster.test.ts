import { describe, expect, it } from 'vitest';
import { makeNetworkForecaster } from '../../src/forecasting/networkForecaster.ts';
import type { DemandNetwork } from '../../src/inference/demandNetwork.ts';

/** A network that answers with the number of values it was shown, and keeps what it was asked. */
function makeCountingNetwork() {
  const asked: Parameters<DemandNetwork['predict']>[0][] = [];
  const predict: DemandNetwork['predict'] = async (series, horizon) => {
    asked.push(series);
    return series.map(({ values }) => ({
      levels: [0.1, 0.5, 0.9],
      quantiles: new Float64Array(3 * horizon).fill(values.length),
      zeroProbability: new Float64Array(horizon),
      undisturbed: new Float64Array(values.length),
    }));
  };
  // Only `predict` is used.
  return { asked, forecaster: makeNetworkForecaster({ predict } as DemandNetwork, () => undefined) };
}

const steady = (length: number) => Float64Array.from({ length }, (_, t) => 10 + t);

describe('the network as a member', () => {
  it('looks at the whole history and at its last two seasons, in one call', async () => {
    const { asked, forecaster } = makeCountingNetwork();
    const [forecast] = await forecaster([{ values: steady(60), seasonLength: 12 }], 2);
    expect(asked.length).toBe(1);
    expect(asked[0]?.map(({ values }) => [values.length, values[0]])).toEqual([
      [60, 10],
      [24, 46],
    ]);
    expect(forecast?.quantiles[0]).toBeCloseTo(0.65 * 60 + 0.35 * 24, 12);
    expect(forecast?.mean[1]).toBeCloseTo(0.65 * 60 + 0.35 * 24, 12);
  });

  it('cuts the flags of stock with the values', async () => {
    const { asked, forecaster } = makeCountingNetwork();
    const inStock = Array.from({ length: 10 }, (_, t) => t % 2 === 0);
    await forecaster([{ values: steady(10), inStock, seasonLength: 1 }], 1);
    expect(asked[0]?.[1]?.inStock).toEqual(inStock.slice(4));
  });

  it('looks once where demand pauses often or there is no more than two seasons', async () => {
    const { asked, forecaster } = makeCountingNetwork();
    const pausing = Float64Array.from({ length: 40 }, (_, t) => (t % 3 === 0 ? 0 : 5));
    const answers = await forecaster(
      [
        { values: pausing, seasonLength: 7 },
        { values: steady(24), seasonLength: 12 },
        { values: steady(25), seasonLength: 12 },
      ],
      1,
    );
    expect(asked[0]?.map(({ values }) => values.length)).toEqual([40, 24, 25, 24]);
    expect(answers.map(({ quantiles }) => quantiles[0])).toEqual([40, 24, 0.65 * 25 + 0.35 * 24]);
  });
});
