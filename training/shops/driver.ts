import { drawNormal, type Random } from '../../src/maths/random.ts';

/** A known or hidden course of things that moves demand, prices or both; about 0, with a deviation of about 1. */
export type Driver = Float64Array;

/** A yearly season of one to three waves, or of short peaks, on days of the calendar. */
export function drawSeason(random: Random, days: readonly number[]): Driver {
  const waves = Array.from({ length: 1 + Math.floor(3 * random.uniform()) }, (_, k) => ({
    height: drawNormal(random) / (k + 1),
    phase: 2 * Math.PI * random.uniform(),
  }));
  const peaks = Array.from(
    { length: random.uniform() < 0.4 ? 1 + Math.floor(3 * random.uniform()) : 0 },
    () => ({
      day: 365.25 * random.uniform(),
      width: 5 + 20 * random.uniform(),
      height: 1 + 2 * random.uniform(),
    }),
  );
  const at = (day: number) => {
    const angle = (2 * Math.PI * day) / 365.25;
    const wave = waves.reduce(
      (sum, { height, phase }, k) => sum + height * Math.sin((k + 1) * angle + phase),
      0,
    );
    return peaks.reduce((sum, peak) => {
      const off = Math.abs((((day - peak.day) % 365.25) + 365.25) % 365.25);
      return sum + peak.height * Math.exp(-0.5 * (Math.min(off, 365.25 - off) / peak.width) ** 2);
    }, wave);
  };
  return standardise(Float64Array.from(days, at));
}

/** A line, an S-shaped change or a slow wave. */
export function drawTrend(random: Random, length: number): Driver {
  const kind = random.uniform();
  const middle = random.uniform();
  const width = 0.03 + 0.2 * random.uniform();
  const phase = 2 * Math.PI * random.uniform();
  const cycles = 0.5 + 2 * random.uniform();
  const at = (share: number) => {
    if (kind < 0.35) return share;
    if (kind < 0.7) return Math.tanh((share - middle) / width);
    return Math.sin(2 * Math.PI * cycles * share + phase);
  };
  return standardise(Float64Array.from({ length }, (_, t) => at(t / length)));
}

/** A random walk, or a few shifts of level: what nobody can foresee. */
export function drawWalk(random: Random, length: number): Driver {
  const isShift = random.uniform() < 0.4;
  let level = 0;
  return standardise(
    Float64Array.from({ length }, () => {
      if (!isShift) level += drawNormal(random);
      else if (random.uniform() < 3 / length) level += 2 * drawNormal(random);
      return level;
    }),
  );
}

/** A course that forgets at a drawn pace: xₜ = ρ xₜ₋₁ + noise. */
export function drawAutoregressive(random: Random, length: number): Driver {
  const keep = random.uniform() < 0.3 ? 0 : 0.98 * random.uniform();
  let level = drawNormal(random);
  return standardise(
    Float64Array.from({ length }, () => {
      level = keep * level + Math.sqrt(1 - keep ** 2) * drawNormal(random);
      return level;
    }),
  );
}

/** A bend through which a driver works: straight, saturating, quadratic, kinked or wavy. */
export function drawBend(random: Random): (x: number) => number {
  const kind = Math.floor(6 * random.uniform());
  const shift = drawNormal(random) * 0.5;
  if (kind === 0) return (x) => 1.5 * Math.tanh(1.5 * (x + shift));
  if (kind === 1) return (x) => 0.6 * ((x + shift) ** 2 - 1);
  if (kind === 2) return (x) => 1.4 * Math.max(0, x + shift) - 0.5;
  if (kind === 3) return (x) => Math.sin(2 * (x + shift));
  return (x) => x;
}

/** Moves and scales to mean 0 and deviation 1; a constant becomes 0. */
export function standardise(values: Float64Array): Driver {
  const mean = values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / Math.max(1, values.length);
  const deviation = Math.sqrt(square);
  return values.map((value) => (deviation < 1e-9 ? 0 : (value - mean) / deviation));
}
