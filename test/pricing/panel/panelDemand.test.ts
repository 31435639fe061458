import { describe, expect, test } from 'vitest';
import { fitFixedEffects, predictFixedEffects } from '../../../bench/pricing/juice/fixedEffects.ts';
import { fitPanel, type PanelDemand } from '../../../src/pricing/response/panel/panelDemand.ts';
import type { PanelSeries } from '../../../src/pricing/response/panel/panelSeries.ts';
import { SIMULATED_LIFT, SIMULATED_WIDTH, type SimulatedPanel, simulatePanel } from './simulatedPanel.ts';

describe('the panel model on panels of known truth', () => {
  const panel = simulatePanel({ groups: 8, items: 12, periods: 90, seed: 1 });
  const demand = fitPanel(panel.series, SIMULATED_WIDTH);

  test('finds the slopes of groups whose items share a shock, with errors that allow for it', () => {
    const scores = demand.responses.map(
      ({ together }, i) => (together.value - (panel.itemSlopes[i] ?? 0)) / together.standardError,
    );
    const covered = scores.filter((score) => Math.abs(score) < 1.96).length / scores.length;
    expect(covered).toBeGreaterThan(0.85);
    expect(meanError(demand, panel.itemSlopes)).toBeLessThan(0.2);
  });

  test('tells items of a group apart by their own slopes', () => {
    const own = demand.responses.map(({ alone }, i) => alone.value - (panel.groupSlopes[i] ?? 0));
    const truth = panel.itemSlopes.map((slope, i) => slope - (panel.groupSlopes[i] ?? 0));
    expect(correlate(own, truth)).toBeGreaterThan(0.7);
  });

  test('finds the effect of promotions and shrinks what demand does not mind', () => {
    for (const { effects } of demand.responses) {
      expect(Math.abs((effects[0]?.value ?? 0) - SIMULATED_LIFT)).toBeLessThan(0.3);
      expect(Math.abs(effects[1]?.value ?? 1)).toBeLessThan(0.1);
    }
  });

  test('forecasts periods to come better than least squares by item', () => {
    const ours = scoreFuture(panel, predictFuture(demand, panel));
    expect(ours).toBeLessThan(scoreFuture(panel, predictByItem(panel)));
    // Noise and shock leave .39 to the truth itself.
    expect(ours).toBeLessThan(0.45);
  });
});

describe('the panel model on single items', () => {
  test('short series borrow from the others, and their intervals hold', () => {
    const panel = simulatePanel({ groups: 60, items: 1, periods: 25, seed: 2 });
    const { responses } = fitPanel(panel.series, SIMULATED_WIDTH);
    const covered = responses.filter(
      ({ together }, i) =>
        Math.abs(together.value - (panel.itemSlopes[i] ?? 0)) < 1.96 * together.standardError,
    ).length;
    expect(covered / responses.length).toBeGreaterThan(0.85);
    const alone = panel.series.map((one) => fitItem(one).slopes[0] ?? 0);
    const error = panel.itemSlopes.reduce((sum, truth, i) => sum + Math.abs((alone[i] ?? 0) - truth), 0);
    expect(meanError({ responses }, panel.itemSlopes)).toBeLessThan(error / alone.length);
  });

  test('what is to come starts from the recent level', () => {
    const { series } = simulatePanel({ groups: 12, items: 1, periods: 60, seed: 3, shock: 0.05 });
    const shifted = series.map(
      (one): PanelSeries => ({
        ...one,
        logUnits: one.logUnits.map((value, t) => value + (t >= 44 ? 1 : 0)),
      }),
    );
    const usual = Float64Array.of(1, 0, 0);
    const asked = shifted.map(() => [{ day: 7 * 60, covariates: usual }]);
    const rise = (list: readonly PanelSeries[]) =>
      fitPanel(list, SIMULATED_WIDTH)
        .predict(asked)
        .reduce((sum, [value = 0]) => sum + value, 0) / list.length;
    // The mean rises by 16/60; the level at the end by 1.
    expect(rise(shifted) - rise(series)).toBeGreaterThan(0.6);
  });

  test('a price that never moved has the slope of the others and is doubted as much as a stranger', () => {
    const { series } = simulatePanel({ groups: 20, items: 1, periods: 60, seed: 4 });
    const [first, ...others] = series;
    if (first === undefined) throw new Error('The panel must have series.');
    const still = { ...first, covariates: first.covariates.map((value, k) => (k % 3 === 0 ? 1 : value)) };
    const { responses } = fitPanel([still, ...others], SIMULATED_WIDTH);
    const [own, ...rest] = responses.map(({ together }) => together);
    const mean = rest.reduce((sum, { value }) => sum + value, 0) / rest.length;
    expect(Math.abs((own?.value ?? 0) - mean)).toBeLessThan(0.3);
    expect(own?.standardError).toBeGreaterThan(1.5 * (rest[0]?.standardError ?? 1));
  });

  test.each([
    ['one item in one period', 1],
    ['one item in two periods', 2],
  ])('%s gives finite answers', (_, periods) => {
    const { series } = simulatePanel({ groups: 1, items: 1, periods, seed: 5 });
    const demand = fitPanel(series, SIMULATED_WIDTH);
    const { together, alone, effects } = demand.responses[0] ?? {};
    for (const slope of [together, alone, ...(effects ?? [])]) {
      expect(Number.isFinite(slope?.value)).toBe(true);
      expect(slope?.standardError).toBeGreaterThan(0);
    }
    const unknown = new Float64Array(SIMULATED_WIDTH).fill(Number.NaN);
    expect(Number.isFinite(demand.predict([[{ day: 100, covariates: unknown }]])[0]?.[0])).toBe(true);
  });
});

function meanError({ responses }: Pick<PanelDemand, 'responses'>, truth: readonly number[]): number {
  return (
    responses.reduce((sum, { together }, i) => sum + Math.abs(together.value - (truth[i] ?? 0)), 0) /
    truth.length
  );
}

function predictFuture(demand: PanelDemand, { future, series }: SimulatedPanel): readonly Float64Array[] {
  return demand.predict(
    future.map(({ covariates, logUnits }, i) =>
      Array.from(logUnits, (_, t) => ({
        day: 7 * ((series[i]?.days.length ?? 0) + t),
        covariates: covariates.slice(t * SIMULATED_WIDTH, (t + 1) * SIMULATED_WIDTH),
      })),
    ),
  );
}

function predictByItem({ series, future }: SimulatedPanel): readonly Float64Array[] {
  return series.map((one, i) => {
    const fit = fitItem(one);
    const { logUnits, covariates } = future[i] ?? {
      logUnits: new Float64Array(0),
      covariates: new Float64Array(0),
    };
    return logUnits.map((_, t) => predictFixedEffects(fit, 0, rowAt(covariates, t)));
  });
}

function fitItem({ days, logUnits, covariates }: PanelSeries) {
  return fitFixedEffects({
    units: days.map(() => 0),
    periods: days,
    targets: [...logUnits],
    regressors: days.map((_, t) => rowAt(covariates, t)),
  });
}

function rowAt(covariates: Float64Array, t: number): readonly number[] {
  return [...covariates.subarray(t * SIMULATED_WIDTH, (t + 1) * SIMULATED_WIDTH)];
}

function scoreFuture({ future }: SimulatedPanel, predicted: readonly Float64Array[]): number {
  const errors = future.flatMap(({ logUnits }, i) =>
    [...logUnits].map((value, t) => value - (predicted[i]?.[t] ?? 0)),
  );
  return Math.sqrt(errors.reduce((sum, error) => sum + error ** 2, 0) / errors.length);
}

function correlate(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [ma, mb] = [mean(a), mean(b)];
  const product = (x: readonly number[], mx: number, y: readonly number[], my: number) =>
    x.reduce((sum, value, i) => sum + (value - mx) * ((y[i] ?? 0) - my), 0);
  return product(a, ma, b, mb) / Math.sqrt(product(a, ma, a, ma) * product(b, mb, b, mb));
}
