import { badInput } from '../errors.ts';
import type { Frequency, Resolvers } from '../generated/graphql.ts';
import type { SalesFrequency } from './dailyHistory.ts';
import { longestHorizon } from './demandForecaster.ts';
import { type ForecastRow, type ShownForecast, toPoints } from './forecastRow.ts';
import { addPeriods } from './frequency.ts';
import { STANDARD_LEVELS } from './member.ts';

/** GraphQL fields of forecasting. */
export const forecastingResolvers: Pick<
  Resolvers,
  'Query' | 'Product' | 'ProductVariant' | 'Category' | 'Warehouse' | 'Forecast' | 'SimilarVariant'
> = {
  Query: {
    forecastSeries: async (_, { input }, { services, modelRuns }) => {
      const forecasts = await services.forecasting.forecastSeries(input, (run) => modelRuns.push(run));
      return {
        model: services.forecasting.model,
        series: forecasts.map(({ id, row, levels }) => ({
          id,
          points: toPoints(row, input.horizon, levels),
          members: row.members,
          influences: row.influences ?? [],
          accuracy: withBaselineName(row),
        })),
      };
    },
    totalDemandForecast: async (_, { horizon, frequency }, { loaders }) => {
      checkHorizon(horizon);
      return show(await loaders.hierarchy.forecastOfTotal.load(0, toSalesFrequency(frequency)), horizon);
    },
  },
  Product: {
    forecast: async ({ id }, { horizon, frequency }, { loaders }) => {
      checkHorizon(horizon);
      return show(await loaders.hierarchy.forecastByProduct.load(id, toSalesFrequency(frequency)), horizon);
    },
  },
  ProductVariant: {
    forecast: async ({ id }, { horizon, frequency }, { loaders }) => {
      checkHorizon(horizon);
      return show(await loaders.forecasting.forecastByVariant.load(id, toSalesFrequency(frequency)), horizon);
    },
  },
  Category: {
    forecast: async ({ id }, { horizon, frequency }, { loaders }) => {
      checkHorizon(horizon);
      return show(await loaders.hierarchy.forecastByCategory.load(id, toSalesFrequency(frequency)), horizon);
    },
  },
  Warehouse: {
    forecast: async ({ id }, { horizon, frequency }, { loaders }) => {
      checkHorizon(horizon);
      return show(await loaders.hierarchy.forecastByWarehouse.load(id, toSalesFrequency(frequency)), horizon);
    },
  },
  Forecast: {
    overrides: ({ overrideIds }, _, { loaders }) => loaders.overrides.loadAll(overrideIds),
  },
  SimilarVariant: {
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
  },
};

function show(row: ForecastRow | null, horizon: number): ShownForecast | null {
  if (row === null) return null;
  const { model, generatedAt, frequency, members, reconciliation = 'NONE', coldStart = null } = row;
  const points = toPoints(row, horizon, STANDARD_LEVELS);
  const shownTo = row.startsOn === null ? '' : addPeriods(row.startsOn, frequency, horizon);
  const overrideIds = (row.overrides ?? []).filter(({ startsOn }) => startsOn < shownTo).map(({ id }) => id);
  const accuracy = withBaselineName(row);
  return {
    model,
    generatedAt,
    frequency,
    members,
    reconciliation,
    horizon: points.length,
    points,
    accuracy,
    influences: row.influences ?? [],
    coldStart,
    overrideIds,
  };
}

function withBaselineName({ accuracy }: ForecastRow) {
  return accuracy === null
    ? null
    : { ...accuracy, baseline: { name: 'seasonal_naive', ...accuracy.baseline } };
}

function checkHorizon(horizon: number): void {
  if (horizon < 1 || horizon > longestHorizon)
    throw badInput(`horizon must be 1 to ${longestHorizon} periods, got ${horizon}.`, ['horizon']);
}

function toSalesFrequency(frequency: Frequency): SalesFrequency {
  if (frequency === 'DAILY' || frequency === 'WEEKLY' || frequency === 'MONTHLY') return frequency;
  throw badInput(`frequency must be DAILY, WEEKLY or MONTHLY, got ${frequency}.`, ['frequency']);
}
