/**
 * The rules of the VN2 inventory challenge on earlier windows of its file: eight weeks, one order a week for six weeks,
 * arrival two weeks later, 0.20 per unit left at the end of a week, 1.00 per unit of lost sale, cost of weeks 3–8.
 *
 * `npm run bench:vn2 [-- --origins 149,136 --sight own|recorded]`: the windows begin at the given weeks of the file (0 = its
 * first); the default six, a quarter of a year apart and ending with the file's last eight weeks, were fixed before any
 * result was seen. Every window starts from the stock that the organisers' rule has after eight weeks of its own.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { withServices } from '../src/cli/withServices.ts';
import { makePlanPolicy } from '../src/replenishment/simulation/planPolicy.ts';
import {
  makeClairvoyantPolicy,
  makeEmpiricalPolicy,
  makeNormalPolicy,
  seasonalMeanPolicy,
} from '../src/replenishment/simulation/referencePolicies.ts';
import {
  type OrderPolicy,
  type RecordedDemand,
  type WalkOutcome,
  type WalkRule,
  walkForward,
} from '../src/replenishment/simulation/walkForward.ts';
import { warmUp } from '../src/replenishment/simulation/warmUp.ts';
import { formatTable } from './reads/table.ts';
import { findDataFolder } from './support/dataSets.ts';
import { readVn2 } from './support/vn2.ts';

const reportedOrigins = '149,136,123,110,97,84';
const costs = { holdingCost: 0.2, shortageCost: 1 };

const { values: options } = parseArgs({
  options: {
    origins: { type: 'string', default: reportedOrigins },
    sight: { type: 'string', default: 'own' },
  },
});
const sight = options.sight === 'recorded' ? 'recorded' : 'own';
const origins = options.origins.split(',').map(Number);

const dataFolder = findDataFolder();
if (dataFolder === null)
  process.stdout.write('No figures: set SUPPLYGRAPH_DATA to the folder of shared data.\n');
else await report(dataFolder);

async function report(folder: string): Promise<void> {
  const { recorded, weeks } = readVn2(folder);
  const store = mkdtempSync(join(tmpdir(), 'supplygraph-vn2-'));
  const env = { ...process.env, SUPPLYGRAPH_DATA_FOLDER: store };
  await withServices(env, async ({ services }) => {
    const plan = makePlanPolicy(
      (input) => services.replenishment.planItems(input, () => undefined),
      costs,
      'WEEKLY',
    );
    const policies = [
      seasonalMeanPolicy,
      makeNormalPolicy(services.forecasting.smoothDemand),
      makeEmpiricalPolicy(),
      plan,
      makeClairvoyantPolicy(recorded),
    ];
    const outcomes: WalkOutcome[][] = [];
    for (const origin of origins) {
      const window = await replay(recorded, origin, policies);
      outcomes.push(window);
      process.stdout.write(describe(`weeks from ${weeks[origin]}`, policies, window));
    }
    const means = policies.map((_, p) => meanOutcome(outcomes.flatMap((window) => window[p] ?? [])));
    const { name, version } = services.forecasting.model;
    process.stdout.write(
      describe(`mean of ${origins.length} windows, sight ${sight}, ${name} ${version}`, policies, means),
    );
  });
  rmSync(store, { recursive: true });
}

async function replay(
  recorded: RecordedDemand,
  origin: number,
  policies: readonly OrderPolicy[],
): Promise<WalkOutcome[]> {
  const rule: WalkRule = { origin, periods: 8, orders: 6, leadTimePeriods: 2, unscored: 2, ...costs, sight };
  const start = await warmUp(recorded, rule);
  const outcomes: WalkOutcome[] = [];
  for (const policy of policies) outcomes.push(await walkForward(recorded, start, rule, policy));
  return outcomes;
}

function meanOutcome(outcomes: readonly WalkOutcome[]): WalkOutcome {
  const mean = (read: (outcome: WalkOutcome) => number) =>
    outcomes.reduce((sum, outcome) => sum + read(outcome), 0) / outcomes.length;
  return {
    cost: mean(({ cost }) => cost),
    holding: mean(({ holding }) => holding),
    shortage: mean(({ shortage }) => shortage),
    fillRate: mean(({ fillRate }) => fillRate),
    lostUnits: mean(({ lostUnits }) => lostUnits),
    averageStock: mean(({ averageStock }) => averageStock),
    end: { onHand: new Float64Array(), incoming: [] },
  };
}

function describe(title: string, policies: readonly OrderPolicy[], outcomes: readonly WalkOutcome[]): string {
  const rule = outcomes[0]?.cost ?? Number.NaN;
  const rows = outcomes.map((outcome, p) => [
    policies[p]?.name ?? '',
    outcome.cost.toFixed(0),
    `${(100 * (outcome.cost / rule - 1)).toFixed(1)} %`,
    outcome.holding.toFixed(0),
    outcome.shortage.toFixed(0),
    `${(100 * outcome.fillRate).toFixed(1)} %`,
    outcome.averageStock.toFixed(0),
  ]);
  const head = ['policy', 'cost', 'against the rule', 'holding', 'shortage', 'fill rate', 'stock (units)'];
  return `${formatTable(title, head, rows)}\n`;
}
