import { badInputField } from '../../errors.ts';
import type { PriceExplorationPolicy, PriceExplorationValueInput } from '../../generated/graphql.ts';
import { fromGlobalId } from '../../globalId.ts';
import { unitGain } from '../optimiser/priceValues.ts';
import type { ExplorationRow, ExplorationRunRow } from './explorationRepository.ts';
import type { LoggedChoice } from './policyValue.ts';

/** Prices are given to this, since they are written by people. */
const priceTolerance = 0.001;

/** Row ids of the runs of outcomes, in order; throws BAD_USER_INPUT for an id of another thing. */
export function readRunIds(outcomes: PriceExplorationValueInput['outcomes']): number[] {
  return outcomes.map(({ runId }, index) =>
    fromGlobalId('PriceExplorationRun', runId, ['input', 'outcomes', String(index), 'runId']),
  );
}

/**
 * Outcomes as logged choices, in order, with what the policy would have done; throws BAD_USER_INPUT for an outcome of no
 * logged item, runs of different objectives, and a policy whose price had no chance.
 */
export function toLoggedChoices(
  { outcomes, policy, prices }: PriceExplorationValueInput,
  log: { readonly runs: readonly ExplorationRunRow[]; readonly items: readonly ExplorationRow[] },
): LoggedChoice[] {
  const runs = new Map(log.runs.map((run) => [run.id, run]));
  const logged = new Map(log.items.map((item) => [`${item.runId} ${item.itemId}`, item]));
  const fixed = new Map(prices?.map(({ itemId, price }, index) => [itemId, { price, index }]));
  const objective = log.runs[0]?.objective ?? 'MARGIN';
  return readRunIds(outcomes).map((runId, index) => {
    const path = `outcomes.${index}`;
    const { itemId, units } = outcomes[index] ?? { itemId: '', units: 0 };
    const run = runs.get(runId);
    if (run === undefined)
      throw badInputField(`${path}.runId`, 'the id of an existing run', `'${outcomes[index]?.runId ?? ''}'`);
    if (run.objective !== objective)
      throw badInputField(`${path}.runId`, `of a run for ${objective} like the first one's`, run.objective);
    const item = logged.get(`${runId} ${itemId}`);
    if (item === undefined) throw badInputField(`${path}.itemId`, 'an item of its run', `'${itemId}'`);
    const given = fixed.get(itemId);
    const shares = given === undefined ? findShares(item, policy, run.share) : findGivenShares(item, given);
    const price = item.prices[item.chosenIndex] ?? 0;
    return {
      cluster: itemId,
      reward: unitGain(price, item.unitCost, objective) * units,
      propensity: item.propensities[item.chosenIndex] ?? 0,
      policyShare: shares[item.chosenIndex] ?? 0,
      expectedReward: item.expectedResults[item.chosenIndex] ?? 0,
      expectedPolicyReward: shares.reduce((sum, share, g) => sum + share * (item.expectedResults[g] ?? 0), 0),
    };
  });
}

/** Chances that a policy gives an item's candidates. */
function findShares(item: ExplorationRow, policy: PriceExplorationPolicy, share: number): number[] {
  const { recommendedIndex, currentIndex, propensities } = item;
  if (policy === 'RECOMMENDED') return propensities.map((_, g) => Number(g === recommendedIndex));
  if (policy === 'CURRENT') {
    if (propensities[currentIndex] === 0)
      throw badInputField(
        'policy',
        `one whose prices had a chance, as CURRENT of '${item.itemId}' had not`,
        policy,
      );
    return propensities.map((_, g) => Number(g === currentIndex));
  }
  if (share === 0) throw badInputField('policy', 'another than EXPLORE for a run with a share of 0', policy);
  return propensities.map(
    (chance, g) => Math.max(0, chance - (g === recommendedIndex ? 1 - share : 0)) / share,
  );
}

function findGivenShares(
  item: ExplorationRow,
  { price, index }: { readonly price: number; readonly index: number },
): number[] {
  const g = item.prices.findIndex((candidate) => Math.abs(candidate - price) < priceTolerance);
  if (g < 0 || (item.propensities[g] ?? 0) === 0)
    throw badInputField(`prices.${index}.price`, `a price that '${item.itemId}' could have got`, price);
  return item.prices.map((_, candidate) => Number(candidate === g));
}
