/** The economic order quantity: how much to order at once when demand is steady. */

/** Steady demand and what ordering and holding cost; the three share one unit of time. */
export interface EconomicOrderInput {
  /** Per order, ≥ 0. */
  readonly orderCost: number;
  /** Per unit held for one unit of time, > 0. */
  readonly holdingCost: number;
  /** Units per unit of time, ≥ 0. */
  readonly demandRate: number;
}

/**
 * Q* = √(2Kd/h) units, and the cost of ordering and holding √(2Kdh) per unit of time.
 *
 * Source: F. W. Harris (1913); L. V. Snyder and Z.-J. M. Shen, Fundamentals of Supply Chain Theory (2nd ed.,
 * 2019), eq. 3.4 and 3.5, example 3.1.
 */
export function planEconomicOrder(input: EconomicOrderInput): {
  readonly quantity: number;
  readonly cost: number;
} {
  const { orderCost, holdingCost, demandRate } = input;
  return {
    quantity: Math.sqrt((2 * orderCost * demandRate) / holdingCost),
    cost: Math.sqrt(2 * orderCost * demandRate * holdingCost),
  };
}
