import { describe, expect, it } from 'vitest';
import {
  type EnsembleBatch,
  type EnsembleForecast,
  finishEnsemble,
  forecastEnsemble,
} from '../../src/forecasting/ensemble.ts';
import {
  finishPackedBatch,
  makePooledFinish,
  packBatch,
  packedBuffers,
  unpackBatch,
} from '../../src/forecasting/ensemblePacking.ts';
import { type QuantileForecast, type SeriesHistory, STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { seasonalNaive } from '../../src/forecasting/seasonalNaive.ts';
import { drawNegativeBinomial, drawNormal, makeRandom } from '../../src/maths/random.ts';
import { WorkerPool } from '../../src/workers/workerPool.ts';

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
    expect(copy.series[0]?.inStock?.every(Boolean)).toBe(true);
    expect(copy.network).toEqual(network);
  });

  it('moves every buffer', () => {
    const packed = packBatch({ ...request, network: null });
    expect(new Set(packedBuffers(packed)).size).toBe(4);
    expect(packedBuffers(finishPackedBatch(packed))).toHaveLength(4);
  });

  it('gets the same answer in a worker thread as here', async () => {
    const pool = new WorkerPool<
      Parameters<typeof finishPackedBatch>[0],
      ReturnType<typeof finishPackedBatch>
    >({
      name: 'ensemble',
      script: new URL('../../src/forecasting/ensembleWorker.ts', import.meta.url),
      threads: 1,
      queueLimit: 4,
    });
    const expected = finishEnsemble({ ...request, network: null });
    const { series } = await forecastEnsemble(request, { network: null, finish: makePooledFinish(pool) });
    await pool.close();
    const plain = (answers: readonly EnsembleForecast[]) =>
      answers.map(({ forecast, members, accuracy }) => [
        [...forecast.quantiles],
        [...forecast.mean],
        members,
        accuracy,
      ]);
    expect(plain(series)).toEqual(plain(expected));
  });
});
