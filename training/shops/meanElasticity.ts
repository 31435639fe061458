import type { DrawnItem } from './drawShop.ts';

/** Half of the band of log prices over which the elasticity at a price is measured. */
const band = 0.02;

/** Mean elasticity from the current price to the one e^x times as high: log (demand ratio) ÷ x; about 0 over two per cent to either side. */
export function meanElasticity({ item, ratioAt }: DrawnItem, x: number): number {
  const to = Math.abs(x) < band ? band : x;
  const from = Math.abs(x) < band ? -band : 0;
  const at = (log: number) => Math.log(Math.max(1e-9, ratioAt(item.currentPrice * Math.exp(log))));
  return Math.max(-15, Math.min(2, (at(to) - at(from)) / (to - from)));
}
