import type {
  ForecastOverrideRemoveUserErrorCode,
  ForecastOverrideSetUserErrorCode,
} from '../../generated/graphql.ts';
import { checkLines, checkReason, checkText, formatCount, notFound } from '../../inputChecks.ts';
import type { UserError } from '../../mutationOutcome.ts';
import { toDayNumber } from '../dayNumber.ts';
import type { OverrideRow } from './overrideRepository.ts';

export type SetCode = ForecastOverrideSetUserErrorCode;
export type RemoveCode = ForecastOverrideRemoveUserErrorCode;

/** One line of `forecastOverrideSet`; the id is a row id, days are 'YYYY-MM-DD'. */
export type OverrideLine = {
  readonly variantId: number;
  readonly from: string;
  readonly to: string;
  readonly units: number | null;
  readonly factor: number | null;
};
/** Input of `forecastOverrideSet`. */
export type SetInput = {
  readonly overrides: readonly OverrideLine[];
  readonly reason: string;
  readonly author: string;
};
/** Input of `forecastOverrideRemove`; ids are row ids. */
export type RemoveInput = {
  readonly overrideIds: readonly number[];
  readonly reason: string;
  readonly author: string;
};

/** Days after the last reported one that an override may reach: the 64 weeks of the longest forecast. */
export const longestReachDays = 448;

const maximumLines = 500;
const maximumAuthorLength = 100;
const maximumUnits = 1_000_000_000;
const maximumFactor = 100;

/** Checks what can be checked without the store. Throws BAD_USER_INPUT for an empty list and a text that is too long. */
export function checkSet({ overrides, reason, author }: SetInput): UserError<SetCode>[] {
  return [
    ...checkReason(reason),
    ...checkAuthor(author),
    ...checkLines<OverrideLine, SetCode>('overrides', overrides, maximumLines, (line, field) => [
      ...checkValue(line, field),
      ...checkOrder(line, field),
    ]),
    ...(overrides.length > maximumLines ? [] : checkOverlaps(overrides)),
  ];
}

/** Checks a line's days against the first day of its variant's forecast; null = there is no forecast. */
export function checkPeriod(
  { from, to }: OverrideLine,
  field: readonly string[],
  firstDay: string | null,
): UserError<SetCode>[] {
  if (firstDay === null) {
    const message = `${[...field, 'variantId'].join('.')} must be a variant that has a forecast, got one of a store without sales.`;
    return [{ code: 'NO_FORECAST', field: [...field, 'variantId'], message }];
  }
  if (from < firstDay)
    return [
      refuse(
        'PERIOD_PASSED',
        [...field, 'from'],
        `${firstDay} or later, since earlier sales are reported`,
        from,
      ),
    ];
  if (toDayNumber(to) >= toDayNumber(firstDay) + longestReachDays)
    return [
      refuse(
        'INVALID_PERIOD',
        [...field, 'to'],
        `less than ${longestReachDays} days after ${firstDay}, the first day of the forecast`,
        to,
      ),
    ];
  return [];
}

/** Checks a removal against the locked overrides. Throws BAD_USER_INPUT for an empty list and a text that is too long. */
export function checkRemove(
  { overrideIds, reason, author }: RemoveInput,
  locked: readonly Pick<OverrideRow, 'id' | 'status'>[],
): UserError<RemoveCode>[] {
  const statuses = new Map(locked.map(({ id, status }) => [id, status]));
  return [
    ...checkReason(reason),
    ...checkAuthor(author),
    ...checkLines<number, RemoveCode>('overrideIds', overrideIds, maximumLines, (id, field) => {
      const status = statuses.get(id);
      if (status === undefined) return [notFound('ForecastOverride', id, field)];
      return status === 'ACTIVE' ? [] : [refuse('NOT_ACTIVE', field, 'in state ACTIVE', status)];
    }),
  ];
}

function checkAuthor(author: string): UserError<'BLANK_AUTHOR'>[] {
  const field = ['input', 'author'];
  checkText(author, field, maximumAuthorLength);
  if (author.trim() !== '') return [];
  const message = `input.author must have 1 to ${maximumAuthorLength} characters that are not blank, got none.`;
  return [{ code: 'BLANK_AUTHOR', field, message }];
}

function checkValue({ units, factor }: OverrideLine, field: readonly string[]): UserError<SetCode>[] {
  if ((units === null) === (factor === null)) {
    const message = `${field.join('.')} must have either units or factor, got ${units === null ? 'neither' : 'both'}.`;
    return [{ code: 'INVALID_VALUE', field, message }];
  }
  if (units !== null && !(units >= 0 && units <= maximumUnits))
    return [refuse('INVALID_VALUE', [...field, 'units'], `0 to ${formatCount(maximumUnits)}`, units)];
  if (factor !== null && !(factor >= 0 && factor <= maximumFactor))
    return [refuse('INVALID_VALUE', [...field, 'factor'], `0 to ${maximumFactor}`, factor)];
  return [];
}

function checkOrder({ from, to }: OverrideLine, field: readonly string[]): UserError<SetCode>[] {
  return to >= from
    ? []
    : [refuse('INVALID_PERIOD', [...field, 'to'], `${from} or later, the first day`, to)];
}

/** Lines of a variant in order of their days: each must begin after the one before has ended. */
function checkOverlaps(lines: readonly OverrideLine[]): UserError<SetCode>[] {
  const order = lines
    .map((line, index) => ({ ...line, index }))
    .sort((a, b) => a.variantId - b.variantId || (a.from < b.from ? -1 : 1));
  return order.flatMap((line, place) => {
    const before = order[place - 1];
    if (before === undefined || before.variantId !== line.variantId || line.from > before.to) return [];
    const field = ['input', 'overrides', String(line.index), 'from'];
    const rule = `after ${before.to}, the last day of input.overrides.${before.index} of the same variant`;
    return [refuse('OVERLAPPING_PERIODS', field, rule, line.from)];
  });
}

function refuse<Code extends string>(
  code: Code,
  field: readonly string[],
  rule: string,
  got: number | string,
): UserError<Code> {
  return { code, field, message: `${field.join('.')} must be ${rule}, got ${got}.` };
}
