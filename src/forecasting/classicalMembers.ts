/** The members that need no trained model, in the order their weights are kept. */

import { dampedTrend } from './dampedTrend.ts';
import { exponentialSmoothing } from './exponentialSmoothing.ts';
import type { ForecastMember } from './member.ts';
import { seasonalNaive } from './seasonalNaive.ts';
import { seasonalWindow } from './seasonalWindow.ts';
import { logTheta, theta } from './theta.ts';
import { tsbNegativeBinomial } from './tsbNegativeBinomial.ts';

/** Seasonal naive comes first: it is the baseline that accuracy is shown beside. */
export const CLASSICAL_MEMBERS: readonly ForecastMember[] = [
  seasonalNaive,
  theta,
  logTheta,
  exponentialSmoothing,
  dampedTrend,
  tsbNegativeBinomial,
  seasonalWindow,
];

/** Name of the network among the members; it comes after the classical ones. */
export const NETWORK_MEMBER = 'network';
