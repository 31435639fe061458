import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Inference } from '../inference/inferenceRuntime.ts';

export type Metrics = ReturnType<typeof makeMetrics>;

/** Makes the process's Prometheus metrics; labels have few values, never names chosen by clients. */
export function makeMetrics(inference: Pick<Inference, 'stats'>) {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  registry.registerMetric(makeInferenceGauge(inference));
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

/** Model batches by state, read when Prometheus asks. */
function makeInferenceGauge(inference: Pick<Inference, 'stats'>): Gauge {
  return new Gauge({
    name: 'supplygraph_inference_batches',
    help: 'Model batches: waiting and running now; answered, failed, refused, timed out and lost to a crash so far.',
    labelNames: ['state'],
    registers: [],
    collect() {
      const { busy, queued, answered, failed, refused, timedOut, crashed } = inference.stats().pool;
      const states = { busy, queued, answered, failed, refused, timedOut, crashed };
      for (const [state, batches] of Object.entries(states)) this.set({ state }, batches);
    },
  });
}
