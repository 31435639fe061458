import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, executors, startTestServer, type TestServer } from '../support/testServer.ts';

type Series = Readonly<Record<string, unknown>>;
type Forecast = {
  readonly id: string | null;
  readonly points: readonly {
    readonly periodStart: string | null;
    readonly mean: number;
    readonly quantiles: readonly { readonly level: number; readonly value: number }[];
  }[];
  readonly members: readonly { readonly name: string; readonly weight: number }[];
};

const query = `
  query ($input: ForecastSeriesInput!) {
    forecastSeries(input: $input) {
      model { name version }
      series { id points { periodStart mean quantiles { level value } } members { name weight } }
    }
  }`;
const weekly = Array.from({ length: 56 }, (_, day) => 20 + 10 * Math.sin((2 * Math.PI * day) / 7));

describe.each(executors)('forecastSeries under the %s executor', (executor) => {
  let server: TestServer;
  const ask = (input: unknown): Promise<Answer> => server.ask(query, { input });
  const askSeries = async (series: readonly Series[], more: object = {}): Promise<readonly Forecast[]> => {
    const { data, errors } = await ask({ frequency: 'DAILY', horizon: 7, series, ...more });
    expect(errors).toBeUndefined();
    return data.forecastSeries.series;
  };

  beforeAll(async () => {
    server = await startTestServer({ SUPPLYGRAPH_EXECUTOR: executor });
  });

  afterAll(() => server.close());

  it('answers a planned price cut by the elasticity that past cuts showed, and names it', async () => {
    const prices = Array.from({ length: 67 }, (_, day) => (day % 9 === 4 || day >= 60 ? 0.8 : 1));
    const values = prices.slice(0, 60).map((price) => Math.round(100 * price ** -2));
    const covariates = [{ name: 'price_ratio', values: prices }];
    const { data } = await server.ask(
      `query ($input: ForecastSeriesInput!) {
        forecastSeries(input: $input) { series { points { mean } influences { name coefficient standardError } } }
      }`,
      { input: { frequency: 'DAILY', horizon: 7, series: [{ values, covariates }, { values }] } },
    );
    const [cut, plain] = data.forecastSeries.series;
    expect(cut.influences).toEqual([
      { name: 'price_ratio', coefficient: expect.closeTo(-2, 1), standardError: expect.any(Number) },
    ]);
    expect(plain.influences).toEqual([]);
    for (const { mean } of cut.points) expect(mean / 156).toBeCloseTo(1, 0.8);
  });

  it('answers complaints by the demand that was lost behind them, and names their effect', async () => {
    const complaints = Array.from({ length: 97 }, (_, week) => (week % 30 >= 26 && week % 30 < 29 ? 0.2 : 0));
    const values = complaints
      .slice(0, 89)
      .map((_, week) => (week % 30 >= 27 || week % 30 < 3 ? 25 : 50) + (week % 3));
    const { data, errors } = await server.ask(
      `query ($input: ForecastSeriesInput!) {
        forecastSeries(input: $input) { series { points { mean } influences { name coefficient standardError } } }
      }`,
      {
        input: {
          frequency: 'WEEKLY',
          horizon: 8,
          series: [{ values, covariates: [{ name: 'complaint_rate', values: complaints }] }, { values }],
        },
      },
    );
    expect(errors).toBeUndefined();
    const [hearing, deaf] = data.forecastSeries.series;
    const [influence] = hearing.influences;
    expect(influence.name).toBe('complaint_rate');
    expect(influence.coefficient).toBeLessThan(-influence.standardError);
    expect(deaf.influences).toEqual([]);
    const lost = (series: Forecast) => (series.points[0]?.mean ?? 0) / (series.points[7]?.mean ?? 1);
    expect(lost(hearing)).toBeLessThan(lost(deaf)); // demand is expected to recover
  });

  it('reads the covariate stock_out as the flag inStock', async () => {
    const out = weekly.map((_, day) => (day % 5 === 0 ? 1 : 0));
    const covariates = [{ name: 'stock_out', values: [...out, 0, 0, 0, 0, 0, 0, 0] }];
    const [flagged, told] = await askSeries([
      { values: weekly, inStock: out.map((empty) => empty === 0) },
      { values: weekly, covariates },
    ]);
    for (const [period, { mean }] of (told?.points ?? []).entries())
      expect(mean).toBeCloseTo(flagged?.points[period]?.mean ?? Number.NaN, 5);
    expect(told?.points).toHaveLength(7);
  });

  it('answers in input order with the ids given, each point dated, every number finite and ordered', async () => {
    const given = [
      { id: 'season', start: '2026-01-01', values: weekly },
      { values: [3] },
      { id: 'zero', values: Array.from({ length: 30 }).fill(0) },
      { id: 'constant', values: Array.from({ length: 30 }).fill(7) },
      { id: 'large', values: weekly.map((value) => value * 1e12) },
      { id: 'gaps', values: weekly.map((value, day) => (day % 3 === 0 ? null : value)) },
      { id: 'negative', values: weekly.map((value) => -value) },
      { id: 'season', values: weekly, inStock: weekly.map((_, day) => day % 5 !== 0) },
    ];
    const series = await askSeries(given);
    expect(series.map(({ id }) => id)).toEqual(given.map(({ id }) => id ?? null));
    expect(series[0]?.points.map(({ periodStart }) => periodStart)).toEqual(
      [26, 27, 28]
        .map((day) => `2026-02-${day}`)
        .concat(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']),
    );
    expect(series[1]?.points[0]?.periodStart).toBeNull();
    for (const { points, members } of series) {
      expect(points).toHaveLength(7);
      expect(members.reduce((sum, { weight }) => sum + weight, 0)).toBeCloseTo(1, 9);
      for (const { mean, quantiles } of points) {
        expect(quantiles.map(({ level }) => level)).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
        const values = quantiles.map(({ value }) => value);
        expect([mean, ...values].every(Number.isFinite)).toBe(true);
        expect(values).toEqual([...values].sort((a, b) => a - b));
      }
    }
  });

  it.each([
    ['DAILY', 7],
    ['MONTHLY', 12],
    ['QUARTERLY', 4],
    ['YEARLY', 1],
  ])('answers awkward histories up to the longest horizon, finite and ordered: %s', async (frequency, m) => {
    const almostTwoSeasons = Array.from({ length: Math.max(1, 2 * m - 1) }, (_, t) => 50 + (t % m));
    const rare = Array.from({ length: 60 }, (_, t) => (t % 11 === 3 ? 5 : 0));
    const awkward = {
      'two seasons less one': almostTwoSeasons,
      'one value': [4],
      'one value among nulls': [...Array.from({ length: 40 }).fill(null), 4, null],
      'mostly nulls': rare.map((value, t) => (t % 10 === 3 ? value : null)),
      zeros: Array.from({ length: 60 }).fill(0),
      'zeros after demand': [...rare, ...Array.from({ length: 60 }).fill(0)],
      'rare demand of a trillion': rare.map((value) => value * 1e12),
      'rare and negative': rare.map((value) => -value),
      'about zero': rare.map((value, t) => (t % 2 === 0 ? value : -3)),
      fractions: rare.map((value) => value / 7),
      'tiny numbers': rare.map((value) => value * 1e-12),
    };
    const series = await askSeries(
      [
        ...Object.entries(awkward).map(([id, values]) => ({ id, values })),
        { id: 'never in stock', values: rare, inStock: rare.map(() => false) },
        { id: 'never in stock, nothing sold', values: rare.map(() => 0), inStock: rare.map(() => false) },
      ],
      { frequency, horizon: 64 },
    );
    for (const { id, points } of series) {
      expect(points, id ?? '').toHaveLength(64);
      for (const { mean, quantiles } of points) {
        const values = quantiles.map(({ value }) => value);
        expect([mean, ...values].every(Number.isFinite), id ?? '').toBe(true);
        expect(values, id ?? '').toEqual([...values].sort((a, b) => a - b));
      }
    }
    const medianOf = (id: string) =>
      series.find((one) => one.id === id)?.points[0]?.quantiles[4]?.value ?? Number.NaN;
    expect(medianOf('zeros')).toBe(0);
    expect(medianOf('never in stock, nothing sold')).toBe(0);
    expect(medianOf('two seasons less one') / 50).toBeCloseTo(1, 0);
    // Nothing was ever below 0 there, so nothing may be forecast below it.
    for (const id of ['zeros after demand', 'fractions', 'never in stock'])
      for (const { quantiles } of series.find((one) => one.id === id)?.points ?? [])
        expect(quantiles[0]?.value).toBeGreaterThanOrEqual(0);
  });

  it('refuses a whole batch that has one bad series, and names it', async () => {
    const { data, errors } = await ask({
      frequency: 'DAILY',
      horizon: 7,
      series: [{ values: weekly }, { values: [1, 2] }, { values: [null, null] }, { values: [3] }],
    });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      {
        message: 'input.series.2.values must be a list with at least one value that is not null, got none.',
        extensions: { code: 'BAD_USER_INPUT', field: ['input', 'series', '2', 'values'] },
      },
    ]);
  });

  it('keeps to the scale of the series', async () => {
    const medians = (
      await askSeries([
        { values: Array.from({ length: 30 }).fill(0) },
        { values: Array.from({ length: 30 }).fill(7) },
        { values: Array.from({ length: 30 }).fill(7e12) },
      ])
    ).map(({ points }) => points[0]?.quantiles[4]?.value ?? Number.NaN);
    expect(medians[0]).toBeCloseTo(0, 6);
    expect((medians[1] ?? 0) / 7).toBeCloseTo(1, 1);
    expect((medians[2] ?? 0) / 7e12).toBeCloseTo(1, 1);
  });

  it('gives the quantiles asked for, at the dates of the frequency', async () => {
    const [series] = await askSeries([{ start: '2026-01-31', values: weekly.slice(0, 24) }], {
      frequency: 'MONTHLY',
      horizon: 2,
      quantileLevels: [0.05, 0.5, 0.99],
    });
    expect(series?.points.map(({ quantiles }) => quantiles.map(({ level }) => level))).toEqual([
      [0.05, 0.5, 0.99],
      [0.05, 0.5, 0.99],
    ]);
    expect(series?.points.map(({ periodStart }) => periodStart?.slice(0, 7))).toEqual(['2028-01', '2028-02']);
  });

  it('runs the model once for many series', async () => {
    const series = Array.from({ length: 50 }, () => ({ values: weekly }));
    const { extensions } = await ask({ frequency: 'DAILY', horizon: 7, series });
    expect(extensions.inference.reduce((sum, { runs }) => sum + runs, 0)).toBeLessThanOrEqual(1);
  });

  it('forecasts a series alike alone and among others', async () => {
    const one = { values: weekly };
    const [alone] = await askSeries([one]);
    const [, among] = await askSeries([{ values: [1, 2, 3] }, one, { values: [9] }]);
    const medians = (series: Forecast | undefined) =>
      series?.points.map(({ quantiles }) => quantiles[4]?.value ?? 0) ?? [];
    for (const [index, value] of medians(alone).entries())
      expect(medians(among)[index]).toBeCloseTo(value, 3);
  });

  it.each([
    [
      'series',
      { series: Array.from({ length: 501 }, () => ({ values: [1] })) },
      'input.series must be 1 to 500 series, got 501.',
    ],
    ['series', { series: [] }, 'input.series must be 1 to 500 series, got 0.'],
    [
      'series.0.values',
      { series: [{ values: Array.from({ length: 2_001 }).fill(1) }] },
      'input.series.0.values must be 1 to 2000 values, got 2001.',
    ],
    [
      'series.0.values',
      { series: [{ values: [] }] },
      'input.series.0.values must be 1 to 2000 values, got 0.',
    ],
    [
      'series.0.values',
      { series: [{ values: [null] }] },
      'input.series.0.values must be a list with at least one value that is not null, got none.',
    ],
    [
      'series.0.values.1',
      { series: [{ values: [1, 1e16] }] },
      'input.series.0.values.1 must be −1000000000000000 to 1000000000000000, got 10000000000000000.',
    ],
    [
      'series.0.inStock',
      { series: [{ values: [1, 2], inStock: [true] }] },
      'input.series.0.inStock must be 2 entries, one a value, got 1.',
    ],
    ['horizon', { horizon: 65 }, 'input.horizon must be 1 to 64 periods, got 65.'],
    ['horizon', { horizon: 0 }, 'input.horizon must be 1 to 64 periods, got 0.'],
    ['horizon', { horizon: -1 }, 'input.horizon must be 1 to 64 periods, got -1.'],
    ['quantileLevels.0', { quantileLevels: [0] }, 'input.quantileLevels.0 must be 0.001 to 0.999, got 0.'],
    [
      'quantileLevels.1',
      { quantileLevels: [0.5, 0.5] },
      'input.quantileLevels.1 must be greater than the level before it, got 0.5.',
    ],
    [
      'series.0.covariates.0.name',
      { series: [{ values: [1], covariates: [{ name: 'moon', values: [] }] }] },
      'input.series.0.covariates.0.name must be one of price_ratio, promotion, holiday, stock_out, complaint_rate, sentiment, got moon.',
    ],
    [
      'series.0.covariates.0.values',
      { series: [{ values: [1], covariates: [{ name: 'holiday', values: [1] }] }] },
      'input.series.0.covariates.0.values must be 8 entries, values and horizon, got 1.',
    ],
    [
      'series.0.covariates.0.values.1',
      { series: [{ values: [1], covariates: [{ name: 'price_ratio', values: [1, 0, 1, 1, 1, 1, 1, 1] }] }] },
      'input.series.0.covariates.0.values.1 must be above 0 and at most 100, got 0.',
    ],
    [
      'series.0.covariates.0.values.0',
      { series: [{ values: [1], covariates: [{ name: 'promotion', values: [2, 0, 0, 0, 0, 0, 0, 0] }] }] },
      'input.series.0.covariates.0.values.0 must be 0 or 1, got 2.',
    ],
    [
      'series.0.covariates.0.values.0',
      { horizon: 1, series: [{ values: [1], covariates: [{ name: 'complaint_rate', values: [-1, 0] }] }] },
      'input.series.0.covariates.0.values.0 must be 0 to 1,000, got -1.',
    ],
    [
      'series.0.covariates.0.values.0',
      { horizon: 1, series: [{ values: [1], covariates: [{ name: 'sentiment', values: [2, 0] }] }] },
      'input.series.0.covariates.0.values.0 must be −1 to 1, got 2.',
    ],
  ])('refuses a bad %s: %#', async (field, change, message) => {
    const { data, errors } = await ask({
      frequency: 'DAILY',
      horizon: 7,
      series: [{ values: [1] }],
      ...change,
    });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([
      { message, extensions: { code: 'BAD_USER_INPUT', field: ['input', ...field.split('.')] } },
    ]);
  });

  it('refuses NaN and Infinity, which JSON and GraphQL do not have', async () => {
    for (const value of ['NaN', 'Infinity', 'x']) {
      const { errors } = await ask({ frequency: 'DAILY', horizon: 1, series: [{ values: [value] }] });
      expect(errors?.[0]?.message).toContain('Float cannot represent non numeric value');
    }
    const { errors } = await server.ask(
      '{ forecastSeries(input: { frequency: DAILY, horizon: 1, series: [{ values: [1e999] }] }) { model { name } } }',
    );
    expect(errors).toHaveLength(1);
    expect(errors?.[0]?.extensions.code).not.toBe('INTERNAL_SERVER_ERROR');
  });

  it('answers where the calendar ends', async () => {
    const { errors, data } = await ask({
      frequency: 'YEARLY',
      horizon: 64,
      series: [{ start: '9999-12-31', values: [1, 2] }],
    });
    if (errors === undefined) expect(data.forecastSeries.series[0].points).toHaveLength(64);
    else expect(errors[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });
});
