import { formatCount } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';
import { type BrokenRule, maximumLevelQuantity } from './ledger.ts';

/** Says which rule of levels the value in `field` would break. */
export function describeBrokenRule(
  broken: BrokenRule,
  field: readonly string[],
): UserError<'NEGATIVE_RESULT' | 'INVALID_QUANTITY'> {
  const path = field.join('.');
  switch (broken.rule) {
    case 'BELOW_ZERO':
      return {
        code: 'NEGATIVE_RESULT',
        field,
        message: `${path} must leave ${broken.name} at 0 or more, got ${formatCount(broken.value)}.`,
      };
    case 'ABOVE_MAXIMUM':
      return {
        code: 'INVALID_QUANTITY',
        field,
        message: `${path} must leave ${broken.name} at ${formatCount(maximumLevelQuantity)} or less, got ${formatCount(broken.value)}.`,
      };
    case 'ON_HAND_BELOW_HELD':
      return {
        code: 'NEGATIVE_RESULT',
        field,
        message: `${path} must leave on hand the ${formatCount(broken.held)} units committed, reserved or damaged, got ${formatCount(broken.value)}.`,
      };
  }
}
