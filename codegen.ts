import type { CodegenConfig } from '@graphql-codegen/cli';

const config: CodegenConfig = {
  schema: 'schema.graphql',
  generates: {
    'src/generated/graphql.ts': {
      plugins: ['typescript', 'typescript-resolvers'],
      config: {
        contextType: '../context.ts#Context',
        useTypeImports: true,
        enumsAsTypes: true,
        immutableTypes: true,
        avoidOptionals: { field: true, defaultValue: true },
        maybeValue: 'T | null',
        inputMaybeValue: 'T | null | undefined',
        defaultScalarType: 'unknown',
        makeResolverTypeCallable: true,
        resolversNonOptionalTypename: false,
        scalars: {
          ID: { input: 'string', output: 'string' },
          DateTime: { input: 'Date', output: 'Date' },
          Date: { input: 'string', output: 'string' },
          Decimal: { input: 'string', output: 'string' },
          CurrencyCode: { input: 'string', output: 'string' },
          JSON: { input: 'unknown', output: 'unknown' },
        },
        mappers: {
          Category: '../catalogue/repository.ts#CategoryRow',
          Product: '../catalogue/repository.ts#ProductRow',
          ProductVariant: '../catalogue/repository.ts#VariantRow',
          Supplier: '../purchasing/repository.ts#SupplierRow',
          SupplierOffer: '../purchasing/repository.ts#SupplierOfferRow',
          PurchaseOrder: '../purchasing/repository.ts#PurchaseOrderRow',
          PurchaseOrderLine: '../purchasing/repository.ts#PurchaseOrderLineRow',
          Warehouse: '../inventory/repository.ts#WarehouseRow',
          InventoryLevel: '../inventory/repository.ts#LevelRow',
          InventoryMovement: '../inventory/repository.ts#MovementRow',
          InventoryReservation: '../inventory/repository.ts#ReservationRow',
          InventoryReservationLine: '../inventory/repository.ts#ReservationLineRow',
          ReorderProposal: '../replenishment/repository.ts#ProposalRow',
          Forecast: '../forecasting/forecastRow.ts#ShownForecast',
          ForecastColdStart: '../forecasting/forecastRow.ts#ColdStart',
          SimilarVariant: '../forecasting/coldStart/findSimilar.ts#SimilarVariant as SimilarVariantRow',
          ForecastOverride: '../forecasting/overrides/overrideRepository.ts#OverrideRow',
          ForecastOverrideConnection:
            '../forecasting/overrides/overrideRepository.ts#OverrideConnection as ForecastOverrideConnectionRows',
          Model: '../inference/modelCard.ts#ModelCard',
          Job: '../jobs/repository.ts#JobRow',
          BacktestJob: '../jobs/repository.ts#JobRow',
          ComplaintTriageJob: '../jobs/repository.ts#JobRow',
          Complaint: '../complaints/repository.ts#ComplaintRow',
          ComplaintTriage: '../complaints/triageRepository.ts#TriageRow as ComplaintTriageRow',
          ComplaintOverride: '../complaints/threadRepository.ts#OverrideRow as ComplaintOverrideRow',
          ComplaintMessage: '../complaints/threadRepository.ts#MessageRow as ComplaintMessageRow',
          SimilarComplaint: '../complaints/similarRepository.ts#SimilarRow as SimilarComplaintRow',
          ComplaintStatistic: '../complaints/statistics.ts#Statistic',
          ComplaintWeek: '../complaints/statistics.ts#StatisticWeek',
          ComplaintConnection: '../complaints/repository.ts#ComplaintConnection as ComplaintConnectionRows',
          NightlyPlanJob: '../jobs/repository.ts#JobRow',
          JobConnection: '../jobs/repository.ts#JobConnection as JobConnectionRows',
          Backtest: '../backtesting/repository.ts#BacktestRow',
          BacktestSeries: '../backtesting/seriesRepository.ts#BacktestSeriesRow',
          BacktestCategory: '../backtesting/backtestSummary.ts#CategoryRow as BacktestCategoryRow',
          BacktestConnection: '../backtesting/repository.ts#BacktestConnection as BacktestConnectionRows',
          BacktestSeriesConnection:
            '../backtesting/seriesRepository.ts#BacktestSeriesConnection as BacktestSeriesConnectionRows',
          CategoryConnection: '../catalogue/repository.ts#CategoryConnection as CategoryConnectionRows',
          ProductConnection: '../catalogue/repository.ts#ProductConnection as ProductConnectionRows',
          ProductVariantConnection:
            '../catalogue/repository.ts#ProductVariantConnection as ProductVariantConnectionRows',
          SupplierConnection: '../purchasing/repository.ts#SupplierConnection as SupplierConnectionRows',
          PurchaseOrderConnection:
            '../purchasing/repository.ts#PurchaseOrderConnection as PurchaseOrderConnectionRows',
          WarehouseConnection: '../inventory/repository.ts#WarehouseConnection as WarehouseConnectionRows',
          InventoryLevelConnection:
            '../inventory/repository.ts#InventoryLevelConnection as InventoryLevelConnectionRows',
          InventoryMovementConnection:
            '../inventory/repository.ts#InventoryMovementConnection as InventoryMovementConnectionRows',
          ReorderProposalConnection:
            '../replenishment/repository.ts#ReorderProposalConnection as ReorderProposalConnectionRows',
          TextTriage: '../triage/triageResult.ts#ReadText',
          Node: '../context.ts#NodeRow',
        },
      },
    },
  },
};
export default config;
