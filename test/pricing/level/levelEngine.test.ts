import { describe, expect, it } from 'vitest';
import type { HistoriesInput, QuantileForecast } from '../../../src/forecasting/service.ts';
import { RESPONSE_LEVELS } from '../../../src/pricing/demandResponse.ts';
import { makeLevelEngine } from '../../../src/pricing/level/levelEngine.ts';
import { sumOverHorizon } from '../../../src/pricing/level/sumOverHorizon.ts';
import { toDemandHistory } from '../../../src/pricing/level/toDemandHistory.ts';
import { makePriceItem, observation } from '../../support/priceCases.ts';

const forecast: QuantileForecast = {
  horizon: 2,
  levels: [0.1, 0.5, 0.9],
  quantiles: Float64Array.of(8, 10, 12, 16, 20, 24),
  mean: Float64Array.of(10, 20),
};

describe('level of demand', () => {
  it('lays observations on even periods, with prices relative to the current one and 1 over the horizon', () => {
    const history = [
      { ...observation, day: 20_000, units: 5, price: 8, promoted: true },
      { ...observation, day: 20_014, units: 7, price: 12, inStock: false },
    ];
    const { values, inStock, covariates } = toDemandHistory(makePriceItem({ history }), 'WEEKLY', 2);
    expect([...values]).toEqual([5, Number.NaN, 7]);
    expect(inStock).toEqual([true, true, false]);
    expect(covariates?.map(({ name, values: known }) => [name, [...known]])).toEqual([
      ['price_ratio', [0.8, Number.NaN, 1.2, 1, 1]],
      ['promotion', [1, 0, 0, 0, 0]],
    ]);
  });

  it('adds up the periods of the horizon, whose errors go together', () => {
    const { units, unitQuantiles } = sumOverHorizon(forecast);
    expect(units).toBe(30);
    const deviation = Math.sqrt(0.5 * (4 ** 2 + 8 ** 2) + 0.5 * 12 ** 2) / 2.5631;
    const logDeviation = Math.sqrt(Math.log1p((deviation / 30) ** 2));
    const [low = 0, middle = 0] = [unitQuantiles[0], unitQuantiles[RESPONSE_LEVELS.indexOf(0.5)]];
    expect(Math.log(middle / low)).toBeCloseTo(1.96 * logDeviation, 3);
    expect(sumOverHorizon({ ...forecast, mean: new Float64Array(2) }).units).toBe(0);
  });

  it('asks for all items at once', async () => {
    const asked: HistoriesInput[] = [];
    const engine = makeLevelEngine({
      forecastHistories: async (input) => {
        asked.push(input);
        return input.histories.map(() => forecast);
      },
    });
    const items = [makePriceItem(), makePriceItem({ id: 'b' })];
    const levels = await engine.forecast(items, 'WEEKLY', 2, () => undefined);
    expect(levels.map(({ units }) => units)).toEqual([30, 30]);
    expect(asked).toMatchObject([{ frequency: 'WEEKLY', horizon: 2, histories: { length: 2 } }]);
    expect(await engine.forecast([], 'WEEKLY', 2, () => undefined)).toEqual([]);
    expect(asked).toHaveLength(1);
  });
});
