import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.ts';
import { DomainError } from '../src/errors.ts';

function messageOf(env: Record<string, string>): string {
  try {
    readConfig(env);
  } catch (error) {
    if (error instanceof DomainError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('the defaults', () => {
  it('are an open, local, embedded development server with the demo shop', () => {
    expect(readConfig({})).toEqual({
      environment: 'development',
      host: '127.0.0.1',
      port: 4000,
      databaseUrl: undefined,
      databaseConnections: 10,
      dataFolder: 'data/store',
      modelsFolder: 'models',
      modelVersionsFolder: 'data/models',
      demo: true,
      apiKeys: [],
      personalDataKeys: [],
      introspection: true,
      executor: 'compiled',
      logLevel: 'info',
      inferenceThreads: 1,
      forecastThreads: 1,
      inferenceQueueLimit: 256,
      inferenceDeadlineMs: 20_000,
      jobWorkers: 1,
      jobTimeoutSeconds: 300,
      nightlyCron: undefined,
      complaintPolicy: { refundWindowDays: 30, secondPersonAbove: 100 },
      pricePolicy: { secondPersonAbovePercent: 10 },
      requestTimeoutMs: 30_000,
      bodyLimitBytes: 67_108_864,
      maxDepth: 12,
      maxAliases: 50,
      maxCost: 250_000,
    });
  });

  it('take an empty value for an absent one', () => {
    expect(readConfig({ SUPPLYGRAPH_PORT: '', DATABASE_URL: '', NODE_ENV: '' })).toEqual(readConfig({}));
  });

  it('hide the schema and leave the demo shop out in production', () => {
    const config = readConfig({ NODE_ENV: 'production', SUPPLYGRAPH_API_KEYS: 'one' });
    expect(config).toMatchObject({ introspection: false, demo: false });
  });

  it('give way to what production asks for', () => {
    const config = readConfig({
      NODE_ENV: 'production',
      SUPPLYGRAPH_API_KEYS: 'one',
      SUPPLYGRAPH_INTROSPECTION: 'true',
      SUPPLYGRAPH_DEMO: 'true',
    });
    expect(config).toMatchObject({ introspection: true, demo: true });
  });
});

describe('values', () => {
  it('are read by their kind', () => {
    const config = readConfig({
      SUPPLYGRAPH_PORT: '0',
      SUPPLYGRAPH_HOST: '0.0.0.0',
      SUPPLYGRAPH_EXECUTOR: 'reference',
      SUPPLYGRAPH_DEMO: 'false',
      DATABASE_URL: 'postgres://localhost/shop',
    });
    expect(config).toMatchObject({
      port: 0,
      host: '0.0.0.0',
      executor: 'reference',
      demo: false,
      databaseUrl: 'postgres://localhost/shop',
    });
  });

  it('of a list lose their blanks and empty parts', () => {
    expect(readConfig({ SUPPLYGRAPH_API_KEYS: ' one, two ,,' }).apiKeys).toEqual(['one', 'two']);
  });
});

describe('refusals', () => {
  it.each([
    [
      { SUPPLYGRAPH_PORT: '65536' },
      "Configuration: SUPPLYGRAPH_PORT must be a whole number from 0 to 65535, got '65536'.",
    ],
    [{ SUPPLYGRAPH_DEMO: 'yes' }, "Configuration: SUPPLYGRAPH_DEMO must be true or false, got 'yes'."],
    [
      { SUPPLYGRAPH_EXECUTOR: 'fast' },
      "Configuration: SUPPLYGRAPH_EXECUTOR must be one of compiled, reference, got 'fast'.",
    ],
    [
      { SUPPLYGRAPH_NIGHTLY_CRON: 'daily' },
      "Configuration: SUPPLYGRAPH_NIGHTLY_CRON must be a cron line of five fields such as '0 2 * * *', got 'daily'.",
    ],
    [
      { SUPPLYGRAPH_JOB_WORKERS: '65' },
      "Configuration: SUPPLYGRAPH_JOB_WORKERS must be a whole number from 0 to 64, got '65'.",
    ],
    [{ DATABASE_URL: 'mysql://localhost' }, 'Configuration: DATABASE_URL must begin with postgresql://.'],
    [
      { NODE_ENV: 'production' },
      'Configuration: SUPPLYGRAPH_API_KEYS must hold at least one key when NODE_ENV is production, got none.',
    ],
  ])('name the key, what must hold and what was got: %o', (env, message) => {
    expect(messageOf(env)).toBe(message);
  });

  it.each(['-1', '1.5', 'ten', ' ', '0x10', '1e3'])('hold for the port %o', (port) => {
    expect(messageOf({ SUPPLYGRAPH_PORT: port })).toContain(`got '${port}'`);
  });

  it('report every bad key at once', () => {
    const message = messageOf({
      NODE_ENV: 'staging',
      DATABASE_URL: 'shop.db',
      SUPPLYGRAPH_MAX_COST: '1',
      SUPPLYGRAPH_LOG_LEVEL: 'loud',
      SUPPLYGRAPH_INTROSPECTION: '1',
    });
    expect(message).toBe(
      "Configuration: NODE_ENV must be one of development, production, test, got 'staging'; " +
        'DATABASE_URL must begin with postgresql://; ' +
        "SUPPLYGRAPH_INTROSPECTION must be true or false, got '1'; " +
        "SUPPLYGRAPH_LOG_LEVEL must be one of silent, fatal, error, warn, info, debug, got 'loud'; " +
        "SUPPLYGRAPH_MAX_COST must be a whole number from 100 to 100000000, got '1'.",
    );
  });

  it('never show a part of the database URL, which may hold a password', () => {
    expect(messageOf({ DATABASE_URL: 'mysql://me:secret@localhost' })).not.toContain('secret');
  });
});

it('asks no API key of a shell command in production: it serves nobody', () => {
  expect(readConfig({ NODE_ENV: 'production' }, 'command').apiKeys).toEqual([]);
});
