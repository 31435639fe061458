import type { DemandHistory } from '../../sales/service.ts';
import type { RecordedDemand } from './walkForward.ts';
import { numberWeeks } from './weekOfYear.ts';

const msPerDay = 86_400_000;

/**
 * Daily demand in weeks of seven days that end on the last day of all, `longest` of them at most. A week counts as
 * limited by stock where one of its days was, or was before the first or after the last day known of the item.
 *
 * @param items one a history, in the same order
 */
export function toWeeklyRecords(
  histories: readonly DemandHistory[],
  items: RecordedDemand['items'],
  longest: number,
): RecordedDemand {
  const known = histories.filter(({ start }) => start !== '');
  const end = Math.max(...known.map((history) => firstDay(history) + history.values.length));
  const days = end - Math.min(...known.map(firstDay));
  const periods = known.length === 0 ? 0 : Math.min(longest, Math.floor(days / 7));
  const begin = end - 7 * periods;
  const demand = new Float64Array(items.length * periods);
  const inStock = new Uint8Array(items.length * periods);
  for (const [i, history] of histories.entries()) {
    if (history.start === '') continue;
    const offset = firstDay(history) - begin;
    const knownDays = new Uint8Array(periods);
    for (const [day, units] of history.values.entries()) {
      const week = Math.floor((offset + day) / 7);
      if (week < 0 || week >= periods) continue;
      demand[i * periods + week] = (demand[i * periods + week] ?? 0) + units;
      if (history.inStock[day] === true) knownDays[week] = (knownDays[week] ?? 0) + 1;
    }
    for (let week = 0; week < periods; week += 1) inStock[i * periods + week] = knownDays[week] === 7 ? 1 : 0;
  }
  return { items, periods, demand, inStock, seasonPositions: numberWeeks(begin, periods) };
}

function firstDay({ start }: DemandHistory): number {
  return Date.parse(`${start}T00:00:00Z`) / msPerDay;
}
