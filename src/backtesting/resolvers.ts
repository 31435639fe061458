import { connectionFields } from '../database/connection.ts';
import { found } from '../found.ts';
import type { BacktestSeriesFilter, Resolvers } from '../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import { beatsBaseline, type ScoreRecord, toBaselineScores, toScores } from './backtestScores.ts';
import type { SeriesFilter } from './seriesRepository.ts';

/** GraphQL fields of backtests. */
export const backtestingResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'BacktestJob'
  | 'Backtest'
  | 'BacktestCategory'
  | 'BacktestConnection'
  | 'BacktestSeries'
  | 'BacktestSeriesConnection'
> = {
  Query: {
    backtests: (_, { filter, ...page }, { services }) =>
      services.backtesting.listBacktests(filter ?? {}, page),
    backtest: (_, { id }, { loaders }) =>
      loaders.backtesting.backtestById.load(fromGlobalId('Backtest', id, ['id'])),
  },
  Mutation: {
    backtestRun: async (_, { input }, { services, loaders }, info) => {
      const { frequency, origins, horizon = null, step = null, categoryId, requestedBy = null } = input;
      const category =
        categoryId == null ? null : fromGlobalId('Category', categoryId, ['input', 'categoryId']);
      const outcome = await services.backtesting.start(
        { frequency, origins, horizon, step, categoryId: category, requestedBy },
        idempotencyOf(info, input),
      );
      return outcome.kind === 'refused'
        ? { job: null, userErrors: outcome.userErrors }
        : { job: found(await loaders.jobs.jobById.load(outcome.result)), userErrors: [] };
    },
  },
  BacktestJob: { backtest: ({ id }, _, { loaders }) => loaders.backtesting.backtestByJob.load(id) },
  Backtest: {
    id: ({ id }) => toGlobalId('Backtest', id),
    job: ({ jobId }, _, { loaders }) => loaders.jobs.jobById.loadRequired(jobId),
    category: ({ categoryId }, _, { loaders }) =>
      categoryId === null ? null : loaders.catalogue.categoryById.load(categoryId),
    model: ({ modelName, modelVersion }) => ({ name: modelName, version: modelVersion }),
    scores: ({ summary }) => (summary === null ? null : show(summary.overall).scores),
    baseline: ({ summary }) => (summary === null ? null : show(summary.overall).baseline),
    beatsBaseline: ({ summary }) => (summary === null ? null : beatsBaseline(summary.overall)),
    categories: ({ summary }) => summary?.categories ?? [],
    steps: ({ summary }) =>
      (summary?.steps ?? []).map((record, index) => ({ step: index + 1, ...show(record) })),
    calibration: ({ summary }) => {
      if (summary === null) return [];
      const { levels, calibration } = summary;
      const share = (counts: readonly number[], k: number) =>
        calibration.periods === 0 ? 0 : (counts[k] ?? 0) / calibration.periods;
      return levels.map((level, k) => ({
        level,
        share: share(calibration.atOrBelow, k),
        shareBelow: share(calibration.below, k),
      }));
    },
    series: ({ id }, { filter, orderBy, ...page }, { services }) => {
      const order = {
        field: orderBy?.field ?? 'EXCESS_LOSS',
        direction: orderBy?.direction ?? 'DESC',
      } as const;
      return services.backtesting.listSeries(id, { filter: toFilter(filter), order, page });
    },
  },
  BacktestCategory: {
    category: ({ categoryId }, _, { loaders }) => loaders.catalogue.categoryById.load(categoryId),
    scores: ({ record }) => show(record).scores,
    baseline: ({ record }) => show(record).baseline,
    beatsBaseline: ({ record }) => beatsBaseline(record),
  },
  BacktestConnection: connectionFields,
  BacktestSeries: {
    id: ({ id }) => toGlobalId('BacktestSeries', id),
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    scores: (row) => show(row).scores,
    baseline: (row) => show(row).baseline,
    beatsBaseline: (row) => beatsBaseline(row),
  },
  BacktestSeriesConnection: connectionFields,
};

/** A record as the API shows it. */
function show(record: ScoreRecord) {
  const { units, periods, loss, naiveLoss } = record;
  return {
    scores: { ...toScores(record), loss, units, periods },
    baseline: { name: 'seasonal_naive', loss: naiveLoss, ...toBaselineScores(record) },
    beatsBaseline: beatsBaseline(record),
  };
}

function toFilter(filter: BacktestSeriesFilter | null | undefined): SeriesFilter {
  const toRowIds = (
    type: 'Category' | 'ProductVariant',
    name: string,
    ids: readonly string[] | null | undefined,
  ) => ids?.map((id, index) => fromGlobalId(type, id, ['filter', name, String(index)])) ?? null;
  return {
    categoryIds: toRowIds('Category', 'categoryIds', filter?.categoryIds),
    variantIds: toRowIds('ProductVariant', 'variantIds', filter?.variantIds),
    beatsBaseline: filter?.beatsBaseline,
  };
}
