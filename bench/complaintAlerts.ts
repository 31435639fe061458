/**
 * Alerts of complaint rates on simulated series: false alarms without a jump, and jumps that are found within four weeks:
 * `npx tsx bench/complaintAlerts.ts [--series 2000] [--seed 1] [--history 52]`
 *
 * Each series has 22 weeks that are watched behind those that are history only and four more. See `bench/support/complaintSeries.ts`.
 */

import { parseArgs } from 'node:util';
import { findRateJump } from '../src/complaints/rateAlert.ts';
import { makeRandom } from '../src/maths/random.ts';
import { drawComplaints } from './support/complaintSeries.ts';

const { values: options } = parseArgs({
  options: {
    series: { type: 'string', default: '2000' },
    seed: { type: 'string', default: '1' },
    history: { type: 'string', default: '52' },
  },
});
const count = Number(options.series);
const random = makeRandom(Number(options.seed));
const patience = 4;
/** The longest window leaves the weeks of history before it. */
const firstWatched = Number(options.history) + 4;
const weeks = firstWatched + 22;

console.log(
  '| mean a week | variance by mean | false alarms in 1,000 weeks | found ×2 | found ×3 | found ×5 |',
);
console.log('|---:|---:|---:|---:|---:|---:|');
for (const mean of [0.5, 2, 8, 30])
  for (const dispersion of [1, 1.5, 3]) {
    const found = [2, 3, 5].map((factor) => `${(100 * shareFound(mean, dispersion, factor)).toFixed(0)} %`);
    const alarms = (1_000 * falseAlarms(mean, dispersion)).toFixed(2);
    console.log(`| ${mean} | ${dispersion} | ${alarms} | ${found.join(' | ')} |`);
  }

/** Alerts by watched weeks without a jump. */
function falseAlarms(mean: number, dispersion: number): number {
  let alarms = 0;
  for (let each = 0; each < count; each += 1) {
    const series = drawComplaints(random, { mean, dispersion, weeks });
    for (let week = firstWatched; week < weeks; week += 1)
      if (findRateJump(series.slice(0, week + 1)) !== null) alarms += 1;
  }
  return alarms / (count * (weeks - firstWatched));
}

/** Share of jumps with an alert in their first four weeks. */
function shareFound(mean: number, dispersion: number, factor: number): number {
  let found = 0;
  for (let each = 0; each < count; each += 1) {
    const jump = { at: firstWatched, factor };
    const series = drawComplaints(random, { mean, dispersion, weeks: firstWatched + patience, jump });
    const ends = Array.from({ length: patience }, (_, week) => firstWatched + week + 1);
    if (ends.some((end) => findRateJump(series.slice(0, end)) !== null)) found += 1;
  }
  return found / count;
}
