import type { CompetitorPriceRecordUserErrorCode as Code } from '../../../generated/graphql.ts';
import { checkLines, checkText, isBlank, refuseBlanks } from '../../../inputChecks.ts';
import type { UserError } from '../../../mutationOutcome.ts';
import { isPrice, priceRule } from '../amount.ts';
import { checkCurrency } from '../checkCurrency.ts';
import type { CompetitorObservation } from './competitorRepository.ts';

/** Input of `competitorPriceRecord`. */
export type CompetitorPricesInput = {
  readonly source: string;
  readonly prices: readonly CompetitorObservation[];
};

/** Longest name of a competitor or a source, in characters. */
export const maximumNameLength = 100;
/** Milliseconds that the clock of whoever observes may be ahead of ours. */
export const clockToleranceMs = 5 * 60_000;

const maximumLines = 1_000;

/** Checks observations against the currencies of the variants they name. Throws BAD_USER_INPUT for an empty list and a text that is too long. */
export function checkCompetitorPrices(
  { source, prices }: CompetitorPricesInput,
  currencies: ReadonlyMap<number, string>,
  now: Date,
): UserError<Code>[] {
  checkText(source, ['input', 'source'], maximumNameLength);
  const seen = new Set<string>();
  return [
    ...refuseBlanks<Code>('BLANK', { source }),
    ...checkLines<CompetitorObservation, Code>('prices', prices, maximumLines, (line, field) => {
      checkText(line.competitor, [...field, 'competitor'], maximumNameLength);
      const key = keyOf(line);
      const isRepeated = seen.has(key);
      seen.add(key);
      return [
        ...checkCurrency(line, field, currencies),
        ...checkLine(line, field, now),
        ...(isRepeated
          ? [refuse('DUPLICATE', field, 'of another moment than before for its competitor', line.observedAt)]
          : []),
      ];
    }),
  ];
}

/** What makes two observations the same. */
export function keyOf({ variantId, competitor, observedAt }: CompetitorObservation): string {
  return JSON.stringify([variantId, competitor, observedAt]);
}

function checkLine(line: CompetitorObservation, field: readonly string[], now: Date): UserError<Code>[] {
  const errors: UserError<Code>[] = [];
  if (isBlank(line.competitor))
    errors.push(
      refuse('BLANK', [...field, 'competitor'], 'a name with a character that can be seen', 'none'),
    );
  if (!isPrice(line.price)) errors.push(refuse('INVALID_PRICE', [...field, 'price'], priceRule, line.price));
  if (Date.parse(line.observedAt) > now.getTime() + clockToleranceMs)
    errors.push(
      refuse('OBSERVED_IN_FUTURE', [...field, 'observedAt'], 'a moment that has passed', line.observedAt),
    );
  return errors;
}

function refuse(code: Code, field: readonly string[], rule: string, got: string): UserError<Code> {
  return { code, field, message: `${field.join('.')} must be ${rule}, got ${got}.` };
}
