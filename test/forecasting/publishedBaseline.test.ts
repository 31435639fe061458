import { describe, expect, it } from 'vitest';
import {
  findDataFolder,
  PUBLISHED_TASKS,
  readPublishedScores,
  readPublishedTask,
} from '../../bench/support/dataSets.ts';
import { scoreSet } from '../../bench/support/score.ts';
import { STANDARD_LEVELS } from '../../src/forecasting/member.ts';
import { seasonalNaive } from '../../src/forecasting/seasonalNaive.ts';

const folder = findDataFolder();

describe('seasonal naive on the published tasks', () => {
  for (const task of PUBLISHED_TASKS) {
    it(`has the published scores on ${task}`, (context) => {
      if (folder === null) return context.skip('The folder of shared data is absent; set SUPPLYGRAPH_DATA.');
      const set = readPublishedTask(folder, task);
      const forecasts = set.series.map(({ train }) => {
        const history = { values: train, seasonLength: set.seasonLength };
        const forecast = seasonalNaive.predict(history, set.horizon, STANDARD_LEVELS);
        // The published baseline is a point forecast: every quantile is its mean.
        const width = STANDARD_LEVELS.length;
        return {
          ...forecast,
          quantiles: forecast.quantiles.map((_, i) => forecast.mean[Math.floor(i / width)] ?? 0),
        };
      });
      const { wql, mase } = scoreSet(set, forecasts);
      const published = readPublishedScores(folder).find(
        (score) => score.task === task && score.model === 'seasonal_naive',
      );
      expect(Math.abs(wql - (published?.wql ?? 0))).toBeLessThan(1e-4);
      expect(Math.abs(mase - (published?.mase ?? 0))).toBeLessThan(2e-4);
      return undefined;
    });
  }
});
