import type { ForecastingService } from '../../forecasting/service.ts';
import type { LevelEngine } from '../engines.ts';
import { sumOverHorizon } from './sumOverHorizon.ts';
import { toDemandHistory } from './toDemandHistory.ts';

/** Makes the engine that forecasts demand at current prices: the ensemble of forecasting, price and promotion as covariates. */
export function makeLevelEngine(forecasting: Pick<ForecastingService, 'forecastHistories'>): LevelEngine {
  return {
    async forecast(items, frequency, horizon, onRun) {
      if (items.length === 0) return [];
      const histories = items.map((item) => toDemandHistory(item, frequency, horizon));
      return (await forecasting.forecastHistories({ histories, frequency, horizon }, onRun)).map(
        sumOverHorizon,
      );
    },
  };
}
