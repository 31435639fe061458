/** Scores of the simulated shops as Markdown tables. */

import { type MethodScore, mean, type ShopScore } from './scoreShop.ts';

/** A figure to reach. */
interface Target {
  readonly name: string;
  readonly value: number;
  readonly isMet: (bound: 'must' | 'aim') => boolean;
  readonly bounds: string;
  readonly format: (value: number) => string;
}

/** One row a family and method, then each method's means and worst family. */
export function formatScores(scores: readonly ShopScore[]): string {
  const rows = scores.flatMap(({ family, methods }) => methods.map((one) => formatRow(family, one)));
  const names = scores[0]?.methods.map(({ method }) => method) ?? [];
  const means = names.map((method) => formatRow('mean of families', averageMethod(scores, method)));
  const worst = names.map((method) => formatWorst(scores, method));
  return [
    '| family | method | elasticity MAE | 95 % coverage | profit ÷ oracle | > 1 % below current | infeasible |',
    '|---|---|---:|---:|---:|---:|---:|',
    ...rows,
    ...means,
    ...worst,
    '',
  ].join('\n');
}

/** The figures for one method, with what must and what is meant to be reached. */
export function formatTargets(scores: readonly ShopScore[], method: string): string {
  const lines = listTargets(scores, method).map(({ name, value, isMet, bounds, format }) => {
    const verdict = isMet('aim') ? 'aim' : isMet('must') ? 'must' : 'missed';
    return `| ${name} | ${format(value)} | ${bounds} | ${verdict} |`;
  });
  return ['| figure | value | must; aim | reached |', '|---|---:|---|---|', ...lines, ''].join('\n');
}

function listTargets(scores: readonly ShopScore[], method: string): Target[] {
  const all = averageMethod(scores, method);
  const find = (name: string) =>
    scores.find(({ family }) => family === 'log-linear')?.methods.find((one) => one.method === name);
  const [error, controlled] = [find(method)?.elasticityError, find('OLS with controls')?.elasticityError];
  const shares = scores.map((score) => pick(score, method)?.profitShare ?? Number.NaN);
  const worst = Math.min(...shares);
  const decimal = (value: number) => value.toFixed(3);
  return [
    {
      name: 'elasticity MAE, log-linear',
      value: error ?? Number.NaN,
      isMet: (bound) =>
        (error ?? Number.NaN) <= (bound === 'aim' ? 0.12 : Math.min(0.25, (controlled ?? Number.NaN) / 2)),
      bounds: `≤ .25 and ≤ half of OLS with controls (${((controlled ?? Number.NaN) / 2).toFixed(3)}); ≤ .12`,
      format: decimal,
    },
    {
      name: '95 % coverage, families with an elasticity',
      value: all.coverage,
      isMet: (bound) =>
        Math.abs(all.coverage - (bound === 'aim' ? 0.95 : 0.94)) <= (bound === 'aim' ? 0.02 : 0.04),
      bounds: '90–98 %; 93–97 %',
      format: formatShare,
    },
    {
      name: 'profit ÷ oracle, mean of families',
      value: all.profitShare,
      isMet: (bound) => all.profitShare >= (bound === 'aim' ? 0.97 : 0.94),
      bounds: '≥ .94; ≥ .97',
      format: decimal,
    },
    {
      name: 'profit ÷ oracle, worst family',
      value: worst,
      isMet: (bound) => worst >= (bound === 'aim' ? 0.92 : 0.85),
      bounds: '≥ .85; ≥ .92',
      format: decimal,
    },
    {
      name: 'items > 1 % below the current price',
      value: all.shareOfLosers,
      isMet: (bound) => all.shareOfLosers <= (bound === 'aim' ? 0.02 : 0.05),
      bounds: '≤ 5 %; ≤ 2 %',
      format: formatShare,
    },
  ];
}

function averageMethod(scores: readonly ShopScore[], method: string): MethodScore {
  const all = scores.flatMap((score) => pick(score, method) ?? []);
  const average = (read: (one: MethodScore) => number) =>
    mean(all.map(read).filter((value) => !Number.isNaN(value)));
  return {
    method,
    elasticityError: average((one) => one.elasticityError),
    coverage: average((one) => one.coverage),
    profitShare: average((one) => one.profitShare),
    shareOfLosers: average((one) => one.shareOfLosers),
    infeasible: all.reduce((sum, { infeasible }) => sum + infeasible, 0),
  };
}

function formatWorst(scores: readonly ShopScore[], method: string): string {
  const all = scores.flatMap((score) => {
    const one = pick(score, method);
    return one === undefined ? [] : [{ family: score.family, one }];
  });
  const worst = all.toSorted((a, b) => a.one.profitShare - b.one.profitShare)[0];
  return worst === undefined ? '' : formatRow(`worst profit: ${worst.family}`, worst.one);
}

function pick({ methods }: ShopScore, method: string): MethodScore | undefined {
  return methods.find((one) => one.method === method);
}

function formatRow(family: string, one: MethodScore): string {
  const cells = [
    ...[family, one.method],
    Number.isNaN(one.elasticityError) ? '—' : one.elasticityError.toFixed(3),
    Number.isNaN(one.coverage) ? '—' : formatShare(one.coverage),
    ...[one.profitShare.toFixed(3), formatShare(one.shareOfLosers), `${one.infeasible}`],
  ];
  return `| ${cells.join(' | ')} |`;
}

function formatShare(share: number): string {
  return `${(100 * share).toFixed(1)} %`;
}
