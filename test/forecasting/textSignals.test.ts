import { describe, expect, it } from 'vitest';
import { estimateEffects } from '../../src/forecasting/covariateEffects.ts';
import type { SeriesHistory } from '../../src/forecasting/member.ts';
import { readSignal, signalHalfLife } from '../../src/forecasting/textSignals.ts';
import { drawPoisson, makeRandom } from '../../src/maths/random.ts';

const horizon = 8;
const length = 120;
/** Complaints of three weeks every thirty, rising from none to 0.2 a unit. */
const complaints = Float64Array.from({ length: length + horizon }, (_, t) =>
  t % 30 >= 15 && t % 30 < 18 ? 0.2 : 0,
);

/** Weekly demand of about 50 that is `effect` times that in the six weeks behind the first complaint. */
function makeHistory(effect: number, given: Float64Array = complaints, weeks = length): SeriesHistory {
  const random = makeRandom(7);
  const values = Float64Array.from({ length: weeks }, (_, t) =>
    drawPoisson(random, t % 30 >= 16 && t % 30 < 22 ? 50 * effect : 50),
  );
  return { values, seasonLength: 1, covariates: [{ name: 'complaint_rate', values: given }] };
}

describe('a signal', () => {
  it('is the exponentially weighted mean of what came before, in deviations from the usual', () => {
    const given = Float64Array.from({ length: 14 }, (_, t) => (t === 6 ? 1 : 0));
    const x = readSignal(given, { history: 12, total: 14, halfLife: 1 }) ?? new Float64Array();
    expect(Math.max(...x.subarray(1, 7))).toBeLessThan(0); // nothing is heard before it was said
    expect(x.indexOf(Math.max(...x))).toBe(7);
    // Weights 1/2, 1/4 …: of seven values the last one has 1/2 of 127/128, and half of that a period later.
    const heard = [64 / 127, 64 / 255];
    const usual = x[1] ?? 0; // of zeros
    expect(((x[8] ?? 0) - usual) / ((x[7] ?? 0) - usual)).toBeCloseTo((heard[1] ?? 0) / (heard[0] ?? 1), 9);
  });

  it('falls back to what is usual over the horizon, and does not read what is given for it', () => {
    const given = Float64Array.from({ length: 20 }, (_, t) => (t >= 10 && t < 12 ? 1 : 0));
    const periods = { history: 12, total: 20, halfLife: 2 };
    const x = readSignal(given, periods) ?? new Float64Array();
    expect((x[18] ?? 0) / (x[16] ?? 1)).toBeCloseTo(0.5, 9);
    expect(
      readSignal(
        given.map((value, t) => (t < 12 ? value : 9)),
        periods,
      ),
    ).toEqual(x);
  });

  it('says nothing where it never differs or is hardly known', () => {
    const periods = { history: 30, total: 30, halfLife: 4 };
    expect(readSignal(new Float64Array(30).fill(0.1), periods)).toBeNull();
    const rare = Float64Array.from({ length: 30 }, (_, t) => (t < 7 ? t : Number.NaN));
    expect(readSignal(rare, periods)).toBeNull();
  });

  it('counts half after four weeks, in the periods of the history', () => {
    expect([7, 52, 1, 12].map(signalHalfLife)).toEqual([28, 4, 4, 1]);
  });
});

describe('the effect of complaints', () => {
  it('is found where demand falls behind them, and recovers over the horizon', () => {
    const history = makeHistory(0.5, complaints, 110); // it ends in the second week behind complaints
    const effects = estimateEffects(history, horizon);
    const [influence] = effects?.influences ?? [];
    expect(influence?.name).toBe('complaint_rate');
    expect((influence?.coefficient ?? 0) / (influence?.standardError ?? 1)).toBeLessThan(-2);
    const ahead = [...(effects?.factors.subarray(110) ?? [])];
    expect(ahead[0]).toBeLessThan(0.9);
    expect(ahead).toEqual([...ahead].sort((a, b) => a - b));
  });

  it('is left out where demand does not mind, or rises', () => {
    expect(estimateEffects(makeHistory(1.5), horizon)).toBeNull();
    const believed = Array.from({ length: 40 }, (_, seed) => {
      const random = makeRandom(seed);
      const values = Float64Array.from({ length }, () => drawPoisson(random, 50));
      const noise = Float64Array.from({ length: length + horizon }, () => random.uniform());
      return estimateEffects(
        { values, seasonLength: 1, covariates: [{ name: 'complaint_rate', values: noise }] },
        horizon,
      );
    }).filter((effects) => effects !== null);
    expect(believed.length).toBeLessThan(14); // a sixth of them on average by chance
    for (const { factors } of believed)
      for (const factor of factors) expect(Math.abs(Math.log(factor))).toBeLessThan(0.2);
  });

  it('does not depend on what was said later', () => {
    const later = complaints.map((value, t) => (t < length ? value : 5));
    expect(estimateEffects(makeHistory(0.5, later), horizon)).toEqual(
      estimateEffects(makeHistory(0.5), horizon),
    );
  });
});
