import type { UnitCostRecordUserErrorCode as Code } from '../../../generated/graphql.ts';
import { checkLines, checkText, refuseBlanks } from '../../../inputChecks.ts';
import type { UserError } from '../../../mutationOutcome.ts';
import { isAmount } from '../amount.ts';
import { checkCurrency } from '../checkCurrency.ts';
import type { CostLine } from './costRepository.ts';

/** Input of `unitCostRecord`. */
export type CostsInput = {
  readonly actor: string;
  readonly reference: string | null;
  readonly costs: readonly CostLine[];
};

const maximumLines = 1_000;
const maximumActorLength = 100;

/** Checks costs against the currencies of the variants they name. Throws BAD_USER_INPUT for an empty list and a text that is too long. */
export function checkCosts(
  { actor, reference, costs }: CostsInput,
  currencies: ReadonlyMap<number, string>,
): UserError<Code>[] {
  checkText(actor, ['input', 'actor'], maximumActorLength);
  if (reference !== null) checkText(reference, ['input', 'reference']);
  const seen = new Set<string>();
  return [
    ...refuseBlanks<Code>('BLANK', { actor }),
    ...checkLines<CostLine, Code>('costs', costs, maximumLines, (line, field) => {
      const key = `${line.variantId} ${line.validFrom}`;
      const isRepeated = seen.has(key);
      seen.add(key);
      return [
        ...checkCurrency(line, field, currencies),
        ...(isAmount(line.cost)
          ? []
          : [
              refuse(
                'INVALID_COST',
                [...field, 'cost'],
                '0 or more and below 10,000,000,000, with at most four decimals',
                line.cost,
              ),
            ]),
        ...(isRepeated
          ? [
              refuse(
                'DUPLICATE',
                [...field, 'validFrom'],
                'another day than before for its variant',
                line.validFrom,
              ),
            ]
          : []),
      ];
    }),
  ];
}

function refuse(code: Code, field: readonly string[], rule: string, got: string): UserError<Code> {
  return { code, field, message: `${field.join('.')} must be ${rule}, got ${got}.` };
}
