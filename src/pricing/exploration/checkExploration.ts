import { badInputField } from '../../errors.ts';
import type { PriceExplorationPlanInput, PriceExplorationValueInput } from '../../generated/graphql.ts';
import { checkText, refuseBlanks } from '../../inputChecks.ts';
import type { UserError } from '../../mutationOutcome.ts';

const mostExplored = 0.2;
const mostLost = 0.5;
const longestItemId = 200;
const longestActor = 100;
const largestSeed = 2_147_483_647;
const mostOutcomes = 10_000;
const mostRuns = 100;
const mostPrices = 1_000;
const mostUnits = 1e12;

/** Checks what `priceExplorationPlan` has beyond `priceOptimize`; throws BAD_USER_INPUT naming field, rule and what was got. */
export function checkExplorationPlan({
  items,
  share,
  maximumLossRate,
  seed,
  actor,
  reason,
}: PriceExplorationPlanInput): UserError<'BLANK'>[] {
  if (!(share >= 0 && share <= mostExplored)) throw badInputField('share', `0 to ${mostExplored}`, share);
  if (!(maximumLossRate >= 0 && maximumLossRate <= mostLost))
    throw badInputField('maximumLossRate', `0 to ${mostLost}`, maximumLossRate);
  if (seed < 0) throw badInputField('seed', `0 to ${largestSeed}`, seed);
  const seen = new Set<string>();
  for (const [index, { id }] of items.entries()) {
    if (seen.has(id)) throw badInputField(`items.${index}.id`, 'given once', `'${id}' again`);
    if (id === '') throw badInputField(`items.${index}.id`, `1 to ${longestItemId} characters`, 'none');
    checkText(id, ['input', 'items', String(index), 'id'], longestItemId);
    seen.add(id);
  }
  checkText(actor, ['input', 'actor'], longestActor);
  checkText(reason, ['input', 'reason']);
  return refuseBlanks('BLANK', { actor, reason });
}

/** Checks the lists of `priceExplorationValue`; throws BAD_USER_INPUT naming field, rule and what was got. */
export function checkExplorationValue({ prices, outcomes }: PriceExplorationValueInput): void {
  if (outcomes.length < 1 || outcomes.length > mostOutcomes)
    throw badInputField('outcomes', `1 to ${mostOutcomes} outcomes`, outcomes.length);
  const runs = new Set(outcomes.map(({ runId }) => runId)).size;
  if (runs > mostRuns) throw badInputField('outcomes', `of at most ${mostRuns} runs`, runs);
  const seen = new Set<string>();
  for (const [index, { runId, itemId, units }] of outcomes.entries()) {
    if (!(units >= 0 && units <= mostUnits))
      throw badInputField(`outcomes.${index}.units`, '0 to 1e12', units);
    const key = `${runId} ${itemId}`;
    if (seen.has(key))
      throw badInputField(`outcomes.${index}.itemId`, 'given once a run', `'${itemId}' again`);
    seen.add(key);
  }
  if ((prices?.length ?? 0) > mostPrices)
    throw badInputField('prices', `at most ${mostPrices} prices`, prices?.length ?? 0);
  const priced = new Set<string>();
  for (const [index, { itemId }] of (prices ?? []).entries()) {
    if (priced.has(itemId)) throw badInputField(`prices.${index}.itemId`, 'given once', `'${itemId}' again`);
    priced.add(itemId);
  }
}
