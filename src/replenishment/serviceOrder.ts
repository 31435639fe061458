import { runStock, type StockRun } from './stockRun.ts';

const searchSteps = 50;

/**
 * The smallest order, before terms, with E[units met] / E[units asked] ≥ `level` in the periods that it is the last to
 * reach; negative where less stock than there is would do.
 *
 * Where units expire before those periods end, no order may reach the level: then the largest that is tried.
 */
export function findServiceOrder(run: StockRun, level: number): number {
  const served = { ...run, measuredPeriods: run.reviewPeriods };
  const fillRate = (orderNow: number) => {
    const { asked, lost } = runStock(served, { orderNow, orderUpTo: new Float64Array(1) });
    return asked > 0 ? 1 - lost / asked : 1;
  };
  let [low, high] = [-mostStock(run), mostAsked(run)];
  if (fillRate(low) >= level) return low;
  for (let step = 0; step < searchSteps; step += 1) {
    const middle = (low + high) / 2;
    if (fillRate(middle) >= level) high = middle;
    else low = middle;
  }
  return high;
}

function mostStock({ onHand, incoming }: StockRun): number {
  return incoming.reduce((sum, units) => sum + units, Math.max(0, onHand));
}

function mostAsked({ demand }: StockRun): number {
  let most = 0;
  for (let path = 0; path < demand.paths; path += 1) {
    let asked = 0;
    for (let t = 0; t < demand.periods; t += 1) asked += demand.values[path * demand.periods + t] ?? 0;
    most = Math.max(most, asked);
  }
  return most;
}
