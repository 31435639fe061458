/** Simulated shops with complaints and sentiment, whose truth differs from what the forecast assumes of it. */

import {
  drawNegativeBinomial,
  drawNormal,
  drawPoisson,
  makeRandom,
  type Random,
} from '../../src/maths/random.ts';

/**
 * quality: problems come and go, complaints rise first and demand falls behind them. harmless: the same complaints, but
 * demand does not mind. quiet: no problem at all, the signals are noise.
 */
export type ShopKind = 'quality' | 'harmless' | 'quiet';

/** One product by weeks; the signals of a week are known at its end. */
export interface SignalSeries {
  /** `[weeks]` */
  readonly units: Float64Array;
  /** `[weeks]`, complaints per unit sold in this week and the one before. */
  readonly complaintRate: Float64Array;
  /** `[weeks]`, −1 … 1, NaN = nobody wrote. */
  readonly sentiment: Float64Array;
  /** `[weeks]`, severity of the problem, 0 = none. */
  readonly severity: Float64Array;
}

/**
 * One product of `weeks` weeks. Demand is negative binomial around a level with a yearly season and a drifting trend. A
 * problem lasts 3 to 14 weeks and grows over its first two; while it lasts 5 to 35 % of the buyers complain instead of
 * 2 %, and from its second week on demand loses up to 60 %, a third of the way each week, and comes back a fifth of the way
 * each week.
 */
export function makeSignalSeries(kind: ShopKind, weeks: number, seed: number): SignalSeries {
  const random = makeRandom(seed);
  const level = Math.exp(2 + 1.2 * random.uniform() + drawNormal(random) * 0.5);
  const size = 2 + 8 * random.uniform();
  const [phase, swing, drift] = [random.uniform() * 52, 0.25 * random.uniform(), 0.03 * random.uniform()];
  const severity = kind === 'quiet' ? new Float64Array(weeks) : drawProblems(random, weeks);
  const harm = 0.3 + 0.3 * random.uniform();
  const noise = { complaints: 0.05 + 0.3 * random.uniform(), mood: 0.1 + 0.4 * random.uniform() };
  const series = {
    units: new Float64Array(weeks),
    complaintRate: new Float64Array(weeks),
    sentiment: new Float64Array(weeks).fill(Number.NaN),
    severity,
  };
  let [lost, trend, before] = [0, 0, 0];
  for (let t = 0; t < weeks; t += 1) {
    const aim = kind === 'quality' ? harm * (severity[t - 2] ?? 0) : 0;
    lost += (aim > lost ? 1 / 3 : 1 / 5) * (aim - lost);
    trend += drift * drawNormal(random);
    const season = 1 + swing * Math.sin((2 * Math.PI * (t + phase)) / 52);
    const units = drawNegativeBinomial(random, level * Math.exp(trend) * season * (1 - lost), size);
    const ill = severity[t] ?? 0;
    const buyers = units + before;
    const complaints = drawPoisson(random, buyers * (0.02 + noise.complaints * ill));
    series.units[t] = units;
    series.complaintRate[t] = buyers > 0 ? complaints / buyers : 0;
    const texts = complaints + drawPoisson(random, 0.1 * buyers);
    if (texts > 0) {
      const mood = 0.3 - (0.3 + noise.mood) * ill + (0.4 * drawNormal(random)) / Math.sqrt(texts);
      series.sentiment[t] = Math.max(-1, Math.min(1, mood));
    }
    before = units;
  }
  return series;
}

/** Spreads weeks of whole units over their days at random: `[7 · weeks]`. */
export function spreadOverDays(weeks: Float64Array, seed: number): Float64Array {
  const random = makeRandom(seed);
  const days = new Float64Array(7 * weeks.length);
  for (const [week, units] of weeks.entries())
    for (let unit = 0; unit < units; unit += 1) {
      const day = 7 * week + Math.floor(7 * random.uniform());
      days[day] = (days[day] ?? 0) + 1;
    }
  return days;
}

/** Problems begin in one week of 40 on average and overlap by the worse. */
function drawProblems(random: Random, weeks: number): Float64Array {
  const severity = new Float64Array(weeks);
  for (let start = 0; start < weeks; start += 1) {
    if (random.uniform() > 1 / 40) continue;
    const [length, worst] = [3 + Math.floor(12 * random.uniform()), 0.4 + 0.6 * random.uniform()];
    for (let week = 0; week < length && start + week < weeks; week += 1)
      severity[start + week] = Math.max(severity[start + week] ?? 0, worst * Math.min(1, (week + 1) / 2));
  }
  return severity;
}
