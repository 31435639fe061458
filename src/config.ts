import { DomainError } from './errors.ts';

/** Where and how the process runs; made once by `readConfig`. */
export type Config = {
  readonly environment: 'development' | 'production' | 'test';
  readonly host: string;
  readonly port: number;
  /** PostgreSQL connection string, or undefined for the embedded database. */
  readonly databaseUrl: string | undefined;
  /** Connections to PostgreSQL that this process may hold. */
  readonly databaseConnections: number;
  /** Folder of the embedded database. */
  readonly dataFolder: string;
  /** Folder of the models that come with the program. */
  readonly modelsFolder: string;
  /** Folder of the versions of models that were trained on own labels: one folder a model, in it one a version. */
  readonly modelVersionsFolder: string;
  /** Fill an empty store with the demo shop. */
  readonly demo: boolean;
  /** Keys that open the API (header `x-api-key`); empty = open, allowed outside production only. */
  readonly apiKeys: readonly string[];
  /** Keys that open the API and show texts of customers as written; with none, nobody reads them unmasked. */
  readonly personalDataKeys: readonly string[];
  readonly introspection: boolean;
  readonly executor: 'compiled' | 'reference';
  readonly logLevel: 'silent' | 'fatal' | 'error' | 'warn' | 'info' | 'debug';
  /** Threads that run ONNX models. */
  readonly inferenceThreads: number;
  /** Threads that run the classical members of forecasts. */
  readonly forecastThreads: number;
  readonly inferenceQueueLimit: number;
  readonly inferenceDeadlineMs: number;
  /** Parts of jobs that this process does at a time; 0 = none, another process works. */
  readonly jobWorkers: number;
  /** Seconds after which a part of a job counts as lost with its worker. */
  readonly jobTimeoutSeconds: number;
  /** Cron line (UTC) at which the nightly plan starts; undefined = never by itself. */
  readonly nightlyCron: string | undefined;
  readonly complaintPolicy: {
    /** Days after an order within which a refund may be proposed. */
    readonly refundWindowDays: number;
    /** Amount, in the order's currency, above which a refund takes two people. */
    readonly secondPersonAbove: number;
  };
  readonly pricePolicy: {
    /** Per cent of a price above which a recommended step takes two people. */
    readonly secondPersonAbovePercent: number;
  };
  readonly requestTimeoutMs: number;
  readonly bodyLimitBytes: number;
  readonly maxDepth: number;
  readonly maxAliases: number;
  readonly maxCost: number;
};

/**
 * Reads the environment; throws one error that lists every bad key. A server in production needs an API key; a
 * command of the shell serves nobody and does not.
 */
export function readConfig(
  env: Readonly<Record<string, string | undefined>>,
  purpose: 'server' | 'command' = 'server',
): Config {
  const problems: string[] = [];
  const read = makeReader(env, problems);
  const environment = read.choice('NODE_ENV', ['development', 'production', 'test'], 'development');
  const apiKeys = read.list('SUPPLYGRAPH_API_KEYS');
  const config: Config = {
    environment,
    host: read.text('SUPPLYGRAPH_HOST', '127.0.0.1'),
    port: read.integer('SUPPLYGRAPH_PORT', 4000, 0, 65_535),
    databaseUrl: readDatabaseUrl(env, problems),
    databaseConnections: read.integer('SUPPLYGRAPH_DATABASE_CONNECTIONS', 10, 2, 200),
    dataFolder: read.text('SUPPLYGRAPH_DATA_FOLDER', 'data/store'),
    modelsFolder: read.text('SUPPLYGRAPH_MODELS_FOLDER', 'models'),
    modelVersionsFolder: read.text('SUPPLYGRAPH_MODEL_VERSIONS_FOLDER', 'data/models'),
    demo: read.flag('SUPPLYGRAPH_DEMO', environment !== 'production'),
    apiKeys,
    personalDataKeys: read.list('SUPPLYGRAPH_PERSONAL_DATA_KEYS'),
    introspection: read.flag('SUPPLYGRAPH_INTROSPECTION', environment !== 'production'),
    executor: read.choice('SUPPLYGRAPH_EXECUTOR', ['compiled', 'reference'], 'compiled'),
    logLevel: read.choice(
      'SUPPLYGRAPH_LOG_LEVEL',
      ['silent', 'fatal', 'error', 'warn', 'info', 'debug'],
      'info',
    ),
    inferenceThreads: read.integer('SUPPLYGRAPH_INFERENCE_THREADS', 1, 1, 64),
    forecastThreads: read.integer('SUPPLYGRAPH_FORECAST_THREADS', 1, 1, 64),
    inferenceQueueLimit: read.integer('SUPPLYGRAPH_INFERENCE_QUEUE_LIMIT', 256, 1, 100_000),
    inferenceDeadlineMs: read.integer('SUPPLYGRAPH_INFERENCE_DEADLINE_MS', 20_000, 10, 600_000),
    jobWorkers: read.integer('SUPPLYGRAPH_JOB_WORKERS', 1, 0, 64),
    jobTimeoutSeconds: read.integer('SUPPLYGRAPH_JOB_TIMEOUT_SECONDS', 300, 1, 3_600),
    nightlyCron: readCron(env, problems),
    complaintPolicy: {
      refundWindowDays: read.integer('SUPPLYGRAPH_REFUND_WINDOW_DAYS', 30, 0, 3_650),
      secondPersonAbove: read.integer('SUPPLYGRAPH_REFUND_SECOND_PERSON_ABOVE', 100, 0, 1_000_000_000),
    },
    pricePolicy: {
      secondPersonAbovePercent: read.integer('SUPPLYGRAPH_PRICE_SECOND_PERSON_ABOVE_PERCENT', 10, 0, 1_000),
    },
    requestTimeoutMs: read.integer('SUPPLYGRAPH_REQUEST_TIMEOUT_MS', 30_000, 100, 600_000),
    bodyLimitBytes: read.integer('SUPPLYGRAPH_BODY_LIMIT_BYTES', 64 * 1024 * 1024, 1_024, 1_073_741_824),
    maxDepth: read.integer('SUPPLYGRAPH_MAX_DEPTH', 12, 3, 100),
    maxAliases: read.integer('SUPPLYGRAPH_MAX_ALIASES', 50, 1, 10_000),
    maxCost: read.integer('SUPPLYGRAPH_MAX_COST', 250_000, 100, 100_000_000),
  };
  if (purpose === 'server' && environment === 'production' && apiKeys.length === 0)
    problems.push('SUPPLYGRAPH_API_KEYS must hold at least one key when NODE_ENV is production, got none');
  if (problems.length > 0) throw new DomainError('BAD_USER_INPUT', `Configuration: ${problems.join('; ')}.`);
  return config;
}

function readDatabaseUrl(
  env: Readonly<Record<string, string | undefined>>,
  problems: string[],
): string | undefined {
  const url = env.DATABASE_URL;
  if (url === undefined || url === '') return undefined;
  if (!/^postgres(ql)?:\/\//.test(url)) problems.push('DATABASE_URL must begin with postgresql://');
  return url;
}

/** Minute, hour, day of the month, month, day of the week: numbers, ranges, lists and steps. */
const cronLine = /^[\d*,/-]+( [\d*,/-]+){4}$/;

function readCron(env: Readonly<Record<string, string | undefined>>, problems: string[]): string | undefined {
  const line = env.SUPPLYGRAPH_NIGHTLY_CRON;
  if (line === undefined || line === '') return undefined;
  if (!cronLine.test(line))
    problems.push(
      `SUPPLYGRAPH_NIGHTLY_CRON must be a cron line of five fields such as '0 2 * * *', got '${line}'`,
    );
  return line;
}

function makeReader(env: Readonly<Record<string, string | undefined>>, problems: string[]) {
  const get = (key: string) => (env[key] === '' ? undefined : env[key]);
  return {
    text: (key: string, fallback: string) => get(key) ?? fallback,
    list: (key: string) =>
      (get(key) ?? '')
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    integer(key: string, fallback: number, low: number, high: number): number {
      const text = get(key);
      if (text === undefined) return fallback;
      const value = /^\d{1,12}$/.test(text) ? Number(text) : Number.NaN;
      if (value >= low && value <= high) return value;
      problems.push(`${key} must be a whole number from ${low} to ${high}, got '${text}'`);
      return fallback;
    },
    flag(key: string, fallback: boolean): boolean {
      const text = get(key);
      if (text === undefined) return fallback;
      if (text === 'true' || text === 'false') return text === 'true';
      problems.push(`${key} must be true or false, got '${text}'`);
      return fallback;
    },
    choice<const T extends string>(key: string, choices: readonly T[], fallback: T): T {
      const text = get(key);
      if (text === undefined) return fallback;
      const found = choices.find((choice) => choice === text);
      if (found !== undefined) return found;
      problems.push(`${key} must be one of ${choices.join(', ')}, got '${text}'`);
      return fallback;
    },
  };
}
