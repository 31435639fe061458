import { describe, expect, it } from 'vitest';
import { drawComplaints } from '../../bench/support/complaintSeries.ts';
import { findRateJump } from '../../src/complaints/rateAlert.ts';
import { makeRandom } from '../../src/maths/random.ts';

const flat = (complaints: number, weeks: number, exposure = 100) =>
  Array.from({ length: weeks }, () => ({ complaints, exposure }));

describe('findRateJump', () => {
  it('sees a big jump in one week, by the numbers of its rule', () => {
    // r = 52.5 / 2600 → μ = 2.019; weeks that never differ weigh φ = 1.05, 1.25 and 1.5 by .902, .091 and .008, so that
    // P(Y > 8) = 0.00073 and P(Y > 7) = 0.00247 around 0.001
    expect(findRateJump([...flat(2, 26), { complaints: 9, exposure: 100 }])).toEqual({
      weeks: 1,
      complaints: 9,
      expected: expect.closeTo(52.5 / 26, 10),
      limit: 8,
    });
    expect(findRateJump([...flat(2, 26), { complaints: 8, exposure: 100 }])).toBeNull();
  });

  it('adds four weeks up to see a small one', () => {
    expect(findRateJump([...flat(2, 26), ...flat(6, 4)])).toMatchObject({ weeks: 4, complaints: 24 });
  });

  it('asks for more where the weeks before differed more', () => {
    const bursts = Array.from({ length: 26 }, (_, week) => ({
      complaints: week % 4 === 0 ? 8 : 0,
      exposure: 100,
    }));
    expect(findRateJump([...bursts, { complaints: 9, exposure: 100 }])).toBeNull();
    const limit = findRateJump([...bursts, { complaints: 40, exposure: 100 }])?.limit ?? 0;
    expect(limit).toBeGreaterThan(14);
  });

  it('goes by the rate: more sales explain more complaints', () => {
    expect(findRateJump([...flat(2, 26), { complaints: 9, exposure: 450 }])).toBeNull();
  });

  it('says nothing of a short history, of fewer than three complaints, and of nothing', () => {
    expect(findRateJump([...flat(2, 7), { complaints: 30, exposure: 100 }])).toBeNull();
    expect(findRateJump([...flat(0, 26), { complaints: 2, exposure: 100 }])).toBeNull();
    expect(findRateJump([])).toBeNull();
    expect(findRateJump(flat(5, 30, 0))).toBeNull();
  });

  it('raises few false alarms where complaints come in bursts, on 4,400 simulated weeks', () => {
    const random = makeRandom(11);
    let alarms = 0;
    for (let each = 0; each < 200; each += 1) {
      const series = drawComplaints(random, { mean: 4, dispersion: 3, weeks: 78 });
      for (let week = 56; week < 78; week += 1)
        if (findRateJump(series.slice(0, week + 1)) !== null) alarms += 1;
    }
    expect(alarms / 4_400).toBeLessThan(0.005);
  });

  it('raises few false alarms on 8,800 simulated weeks, and finds most jumps to three times the rate', () => {
    const random = makeRandom(7);
    let [alarms, watched, found] = [0, 0, 0];
    for (let each = 0; each < 400; each += 1) {
      const calm = drawComplaints(random, { mean: 4, dispersion: 1, weeks: 52 });
      for (let week = 30; week < 52; week += 1) {
        watched += 1;
        if (findRateJump(calm.slice(0, week + 1)) !== null) alarms += 1;
      }
      const jump = { at: 30, factor: 3 };
      const series = drawComplaints(random, { mean: 4, dispersion: 1, weeks: 34, jump });
      if ([31, 32, 33, 34].some((end) => findRateJump(series.slice(0, end)) !== null)) found += 1;
    }
    expect(watched).toBe(8_800);
    expect(alarms / watched).toBeLessThan(0.001);
    expect(found / 400).toBeGreaterThan(0.9);
  });
});
