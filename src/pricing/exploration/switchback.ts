/** A switch-back test: items change between two prices by blocks of periods, in an order drawn by lot. */

import { makeRandom, seedFromText } from '../../maths/random.ts';

/** CONTROL: the price as it is; TREATMENT: the price that is tested. */
export type SwitchbackArm = 'CONTROL' | 'TREATMENT';

/** What is fixed before a test. */
export interface SwitchbackDesign {
  readonly itemIds: readonly string[];
  /** Periods of the whole test. */
  readonly periods: number;
  /** Periods from one draw to the next. */
  readonly blockPeriods: number;
  /** First periods of each block that do not count, while demand still answers to the price before; below `blockPeriods`. */
  readonly washoutPeriods: number;
  /** Whether all items change together, as items that take each other's demand must. */
  readonly isShared: boolean;
  readonly seed: number;
}

/** A run of periods of one item at one price; periods count from 0, both ends included. */
export interface SwitchbackBlock {
  readonly firstPeriod: number;
  readonly lastPeriod: number;
  /** First period that counts. */
  readonly countsFrom: number;
  readonly arm: SwitchbackArm;
}

/** Pairs of blocks that fit into a test; what is left at its end is not used. */
export function countPairs({ periods, blockPeriods }: SwitchbackDesign): number {
  return Math.floor(periods / (2 * blockPeriods));
}

/**
 * The blocks of each item, in order. Blocks come in pairs of one block each way, whose order a fair coin decides: so each
 * item has as much of either in every part of the test, and trend and season cannot pass for an effect. The same
 * design has the same draw; an item's does not depend on the others.
 */
export function planSwitchback(design: SwitchbackDesign): SwitchbackBlock[][] {
  return design.itemIds.map((id) => {
    const random = makeRandom(seedFromText(design.isShared ? '' : id, design.seed));
    return Array.from({ length: countPairs(design) }, (_, pair) => {
      const arms = random.uniform() < 0.5 ? ARMS : [...ARMS].reverse();
      return arms.map((arm, place) => {
        const firstPeriod = (2 * pair + place) * design.blockPeriods;
        return {
          firstPeriod,
          lastPeriod: firstPeriod + design.blockPeriods - 1,
          countsFrom: firstPeriod + design.washoutPeriods,
          arm,
        };
      });
    }).flat();
  });
}

const ARMS: readonly SwitchbackArm[] = ['CONTROL', 'TREATMENT'];
