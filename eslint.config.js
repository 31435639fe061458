// Only for schema.graphql; TypeScript is Biome's.
import graphqlPlugin from '@graphql-eslint/eslint-plugin';

const { 'flat/schema-recommended': recommended, 'flat/schema-relay': relay } = graphqlPlugin.configs;

const valueTypes = [
  'BacktestBaseline',
  'BacktestCalibration',
  'BacktestCategory',
  'BacktestScores',
  'BacktestStep',
  'ComplaintAction',
  'ComplaintFacts',
  'ComplaintLabel',
  'ComplaintMessage',
  'ComplaintOverride',
  'ComplaintRateAlert',
  'ComplaintStatistic',
  'ComplaintTriage',
  'ComplaintWeek',
  'DemandDuringLeadTime',
  'CovariateInfluence',
  'ForecastAccuracy',
  'ForecastBaseline',
  'ForecastColdStart',
  'Forecast',
  'ForecastMember',
  'ForecastOverrideRemoval',
  'ForecastPoint',
  'ForecastValueAdded',
  'InventoryConsistency',
  'InventoryDifference',
  'InventoryReservationLine',
  'ModelActivation',
  'ModelLabels',
  'ModelRef',
  'ModelVersion',
  'Money',
  'PageInfo',
  'ProductSignal',
  'PurchaseOrderLine',
  'QuantileValue',
  'RecommendationEvent',
  'ReorderCalculation',
  'ReplenishmentOutcome',
  'ReplenishmentPlanItem',
  'SalesImportRefusal',
  'SimilarComplaint',
  'SimilarVariant',
  'SalesImportRefusalCount',
  'SalesImportSummary',
  'SalesPeriod',
  'SeriesForecast',
  'VariantPrice',
  'ScoredLabel',
  'TextEntity',
  'TextSpan',
  'TextTriage',
  'TriageHeadEnsemble',
  'TriageMember',
];

export default [
  {
    files: ['schema.graphql'],
    languageOptions: {
      parser: graphqlPlugin.parser,
      parserOptions: { graphQLConfig: { schema: 'schema.graphql' } },
    },
    plugins: { '@graphql-eslint': graphqlPlugin },
    rules: {
      ...recommended.rules,
      ...relay.rules,
      // `nodes` beside `edges`, as GitHub and Shopify have it, and the fixed shapes list values, not nodes.
      '@graphql-eslint/relay-edge-types': [
        'error',
        { withEdgeSuffix: true, shouldImplementNode: true, listTypeCanWrapOnlyEdgeType: false },
      ],
      // Values have no identity of their own; everything that has one implements Node.
      '@graphql-eslint/strict-id-in-types': [
        'error',
        { exceptions: { suffixes: ['Connection', 'Edge', 'Payload', 'UserError'], types: valueTypes } },
      ],
      '@graphql-eslint/require-description': [
        'error',
        {
          types: true,
          DirectiveDefinition: true,
          FieldDefinition: true,
          InputValueDefinition: true,
          EnumValueDefinition: true,
        },
      ],
    },
  },
];
