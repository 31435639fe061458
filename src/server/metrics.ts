import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client';

export type Metrics = ReturnType<typeof makeMetrics>;

/** Makes the process's Prometheus metrics; labels have few values, never names chosen by clients. */
export function makeMetrics() {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    requestSeconds: new Histogram({
      name: 'supplygraph_request_duration_seconds',
      help: 'Duration of requests to /graphql by HTTP status class.',
      labelNames: ['status'],
      buckets: [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
      registers: [registry],
    }),
    statements: new Counter({
      name: 'supplygraph_sql_statements_total',
      help: 'SQL statements sent on behalf of requests.',
      registers: [registry],
    }),
    modelRuns: new Counter({
      name: 'supplygraph_model_runs_total',
      help: 'Model runs that requests took part in.',
      labelNames: ['model'],
      registers: [registry],
    }),
    modelRows: new Counter({
      name: 'supplygraph_model_rows_total',
      help: 'Rows that requests put into model runs.',
      labelNames: ['model'],
      registers: [registry],
    }),
    errors: new Counter({
      name: 'supplygraph_graphql_errors_total',
      help: 'Errors in answers.',
      registers: [registry],
    }),
  };
}
