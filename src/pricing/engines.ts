/** What pricing stands on: how demand answers to prices, and how much of it there will be. */

import type { OnModelRun } from '../forecasting/service.ts';
import type { Frequency, ModelRef } from '../generated/graphql.ts';
import type { DemandLevel, DemandResponse } from './demandResponse.ts';
import type { PriceItem } from './priceItem.ts';

/** Estimates how demand answers to prices. */
export interface ResponseEngine {
  /** The model behind the estimates. */
  readonly model: ModelRef;
  /**
   * Responses of the items, in order; items of one call inform each other.
   *
   * @param grids candidate prices of each item, above 0, strictly ascending, the item's current price among them
   * @param onRun told of every model run
   */
  estimate(
    items: readonly PriceItem[],
    grids: readonly Float64Array[],
    frequency: Frequency,
    onRun: OnModelRun,
  ): Promise<readonly DemandResponse[]>;
}

/** Forecasts demand at the current prices, whatever is in stock. */
export interface LevelEngine {
  /** Demand of the items over the next `horizon` periods together, in order; `onRun` is told of every model run. */
  forecast(
    items: readonly PriceItem[],
    frequency: Frequency,
    horizon: number,
    onRun: OnModelRun,
  ): Promise<readonly DemandLevel[]>;
}
