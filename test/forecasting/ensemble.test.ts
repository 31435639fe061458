import { describe, expect, it } from 'vitest';
import {
  type EnsembleBatch,
  type EnsembleForecast,
  forecastEnsemble,
} from '../../src/forecasting/ensemble.ts';
import { batchBuffers, packBatch, unpackBatch } from '../../src/forecasting/ensemblePacking.ts';
import {
  answerEnsembleTask,
  type EnsembleAnswer,
  type EnsembleTask,
  makePooledEngines,
} from '../../src/forecasting/ensembleTask.ts';
import { finishEnsemble } from '../../src/forecasting/finishEnsemble.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { seasonalNaive } from '../../src/forecasting/seasonalNaive.ts';
import { drawNegativeBinomial, drawNormal, makeRandom } from '../../src/maths/random.ts';
import { WorkerPool } from '../../src/workers/workerPool.ts';
import { makePromotedSeries } from '../support/promotedSeries.ts';

const random = makeRandom(11);
const seasonal: SeriesHistory = {
  values: Float64Array.from(
    { length: 72 },
    (_, t) => 100 + t + 30 * Math.sin((t * Math.PI) / 6) + 4 * drawNormal(random),
  ),
  seasonLength: 12,
};
const lumpy: SeriesHistory = {
  values: Float64Array.from({ length: 60 }, () => drawNegativeBinomial(random, 0.6, 0.5)),
  inStock: Array.from({ length: 60 }, (_, t) => t % 11 !== 0),
  seasonLength: 12,
};
const short: SeriesHistory = { values: Float64Array.of(4, 5), seasonLength: 12 };
const promoted = makePromotedSeries({
  length: 96,
  horizon: 6,
  elasticity: -2.5,
  lift: 0.3,
  seed: 5,
  nextRatio: 0.7,
});
const request = { series: [seasonal, lumpy, short], horizon: 6, levels: [0.05, 0.5, 0.95] };

async function fakeNetwork(
  histories: readonly SeriesHistory[],
  horizon: number,
): Promise<QuantileForecast[]> {
  return histories.map((history) => seasonalNaive.predict(history, horizon, STANDARD_LEVELS));
}

describe('the ensemble', () => {
  it('asks the network once for all series and all their windows', async () => {
    const calls: number[] = [];
    const result = await forecastEnsemble(request, {
      network: (histories, horizon) => {
        calls.push(histories.length);
        return fakeNetwork(histories, horizon);
      },
    });
    expect(calls).toEqual([3 + 2 + 2]);
    expect(result.networkUsed).toBe(true);
    expect(result.series[0]?.members.map((member) => member.name)).toContain('network');
  });

  it('answers without a network and says so', async () => {
    const result = await forecastEnsemble(request, { network: null });
    expect(result.networkUsed).toBe(false);
    expect(result.series[0]?.members.map((member) => member.name)).not.toContain('network');
  });

  it('forecasts a price cut and a promotion as often as it has seen them', async () => {
    const plain = makePromotedSeries({
      length: 96,
      horizon: 6,
      elasticity: -2.5,
      lift: 0.3,
      seed: 5,
      nextRatio: 1,
    });
    const levels = [0.1, 0.5, 0.9];
    const { series } = await forecastEnsemble(
      { series: [promoted, plain], horizon: 6, levels, isPooled: false },
      { network: fakeNetwork },
    );
    const truth = 40 * 0.7 ** -2.5 * Math.exp(0.3);
    expect(series[0]?.forecast.quantiles[1]).toBeGreaterThan(0.85 * truth);
    expect(series[0]?.forecast.quantiles[1]).toBeLessThan(1.15 * truth);
    expect(series[1]?.forecast.quantiles[1]).toBeGreaterThan(0.85 * 40);
    expect(series[1]?.forecast.quantiles[1]).toBeLessThan(1.15 * 40);
    const { wape, baseline } = series[0]?.accuracy ?? {};
    expect(wape).toBeLessThan(0.5 * (baseline?.wape ?? 0));
  });

  it('asks the network without covariates', async () => {
    await forecastEnsemble(
      { ...request, series: [promoted] },
      {
        network: (histories, horizon) => {
          expect(histories.every(({ covariates }) => covariates === undefined)).toBe(true);
          return fakeNetwork(histories, horizon);
        },
      },
    );
    expect.assertions(1);
  });

  it('asks nobody about nothing', async () => {
    const result = await forecastEnsemble(
      { ...request, series: [] },
      { network: () => Promise.reject(new Error()) },
    );
    expect(result).toEqual({ series: [], networkUsed: false });
  });

  it('passes on the failure of the network', async () => {
    const failure = new Error('The network is away.');
    await expect(forecastEnsemble(request, { network: () => Promise.reject(failure) })).rejects.toBe(failure);
  });

  it('gives ascending quantiles at the levels asked for and weights that sum to 1', () => {
    for (const { forecast, members } of finishEnsemble({ ...request, network: null })) {
      expect(forecast.levels).toEqual(request.levels);
      expect(forecast.quantiles).toHaveLength(18);
      for (let h = 0; h < 6; h += 1) {
        const [low = 0, mid = 0, high = 0] = forecast.quantiles.subarray(3 * h, 3 * h + 3);
        expect(low).toBeLessThanOrEqual(mid);
        expect(mid).toBeLessThanOrEqual(high);
      }
      expect(members.reduce((sum, member) => sum + member.weight, 0)).toBeCloseTo(1, 9);
    }
  });

  it('judges slow sellers in the light of each other, unless each is to be alone', async () => {
    const dead: SeriesHistory = { values: new Float64Array(60), seasonLength: 12 };
    const ask = async (series: readonly SeriesHistory[], isPooled: boolean) => {
      const result = await forecastEnsemble({ ...request, series, isPooled }, { network: null });
      return result.series[0]?.forecast.quantiles;
    };
    const crowd = [lumpy, ...new Array<SeriesHistory>(30).fill(dead)];
    expect(await ask(crowd, true)).not.toEqual(await ask([lumpy], true));
    expect(await ask(crowd, false)).toEqual(await ask([lumpy], false));
  });

  it('weighs the population where there are zeros, and not where there are none', async () => {
    const { series } = await forecastEnsemble(request, { network: null });
    const weights = series.map(
      ({ members }) => members.find(({ name }) => name === 'countPopulation')?.weight,
    );
    expect(weights[0]).toBe(0);
    expect(weights[1]).toBeGreaterThan(0.2);
  });

  it('shows accuracy beside the baseline, and none for a history too short to test', () => {
    const [first, second, third] = finishEnsemble({ ...request, network: null });
    expect(first?.accuracy?.wape).toBeLessThan(first?.accuracy?.baseline.wape ?? 0);
    expect(second?.accuracy?.coverage80).toBeGreaterThan(0);
    expect(third?.accuracy).toBeNull();
  });

  it('answers a history without a single value with zeros', () => {
    const series = [{ values: Float64Array.of(Number.NaN), seasonLength: 12 }];
    const [answer] = finishEnsemble({ series, horizon: 2, levels: [0.1, 0.9], network: null });
    expect([...(answer?.forecast.quantiles ?? [])]).toEqual([0, 0, 0, 0]);
  });
});

describe('a packed batch', () => {
  it('is the same batch on the other side', async () => {
    const histories = [seasonal, lumpy, short];
    const network = await fakeNetwork([...histories, ...histories, seasonal], 6);
    const batch: EnsembleBatch = { ...request, network };
    const copy = unpackBatch(packBatch(batch));
    expect(copy.series.map((history) => [...history.values])).toEqual(
      histories.map((history) => [...history.values]),
    );
    expect(copy.series[1]?.inStock).toEqual(lumpy.inStock);
    expect(copy.series[0]?.inStock ?? 'always').toBe('always');
    expect(copy.network).toEqual(network);
  });

  it('moves every buffer', () => {
    const packed = packBatch({ ...request, network: null });
    expect(new Set(batchBuffers(packed)).size).toBe(4);
    expect(answerEnsembleTask({ kind: 'finish', batch: packed }).transfer).toHaveLength(5);
  });

  it('gets the same answer in a worker thread as here', async () => {
    const pool = new WorkerPool<EnsembleTask, EnsembleAnswer>({
      name: 'ensemble',
      script: new URL('../../src/forecasting/ensembleWorker.ts', import.meta.url),
      threads: 1,
      queueLimit: 4,
    });
    const priced = { ...request, series: [...request.series, promoted] };
    const expected = await forecastEnsemble(priced, { network: fakeNetwork });
    const { series } = await forecastEnsemble(priced, { network: fakeNetwork, ...makePooledEngines(pool) });
    await pool.close();
    const plain = (answers: readonly EnsembleForecast[]) =>
      answers.map(({ forecast, members, influences, accuracy }) => [
        [...forecast.quantiles],
        [...forecast.mean],
        members,
        influences,
        accuracy,
      ]);
    expect(plain(series)).toEqual(plain(expected.series));
    expect(series.at(-1)?.influences.map(({ name }) => name)).toEqual(['price_ratio', 'promotion']);
  });
});
