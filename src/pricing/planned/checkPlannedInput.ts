import { badInputField as refuse } from '../../errors.ts';
import type { PlannedDemandInput, PlannedPriceInput } from '../../generated/graphql.ts';
import { checkObservations, checkPrice } from '../checkObservations.ts';
import type { DayOf } from '../toPriceItem.ts';

const maximumItems = 1_000;
const maximumPeriods = 64;

/** Checks the input of `plannedDemand`; throws BAD_USER_INPUT naming the field, what must hold and what was got. */
export function checkPlannedInput({ frequency, items }: PlannedDemandInput, dayOf: DayOf): void {
  if (frequency === 'HOURLY')
    throw refuse('frequency', 'DAILY or longer, since an observation is dated by its day', frequency);
  if (items.length < 1 || items.length > maximumItems)
    throw refuse('items', `1 to ${maximumItems} items`, items.length);
  for (const [index, { history, plan }] of items.entries()) {
    const path = `items.${index}`;
    const competitors = checkObservations(history, { path: `${path}.history`, frequency, dayOf });
    if (plan.length < 1 || plan.length > maximumPeriods)
      throw refuse(`${path}.plan`, `1 to ${maximumPeriods} periods`, plan.length);
    const lastDay = Math.max(...history.map(({ date }) => dayOf(date)));
    for (const [period, planned] of plan.entries()) {
      checkPlanned(planned, { path: `${path}.plan.${period}`, competitors });
      if (dayOf(planned.date) <= Math.max(lastDay, dayOf(plan[period - 1]?.date ?? planned.date) - 1))
        throw refuse(
          `${path}.plan.${period}.date`,
          'after the history and the period before it',
          planned.date,
        );
    }
  }
}

function checkPlanned(
  { price, regularPrice, competitorPrices }: PlannedPriceInput,
  { path, competitors }: { readonly path: string; readonly competitors: number },
): void {
  checkPrice(price, `${path}.price`);
  checkPrice(regularPrice, `${path}.regularPrice`);
  if (competitorPrices == null || competitorPrices.length === 0) return;
  if (competitorPrices.length !== competitors)
    throw refuse(
      `${path}.competitorPrices`,
      `${competitors} entries as in the history`,
      competitorPrices.length,
    );
  for (const [index, one] of competitorPrices.entries()) checkPrice(one, `${path}.competitorPrices.${index}`);
}
