import { badInputField } from '../../errors.ts';
import type { PriceSwitchbackEffectInput, PriceSwitchbackInput } from '../../generated/graphql.ts';
import type { SwitchbackDesign } from './switchback.ts';

const maximumItems = 500;
const maximumBlockPeriods = 366;
const maximumCells = 50_000;
const largestSeed = 2_147_483_647;
const largestOutcome = 1e12;
/** Two pairs, without which a single item has no interval. */
const fewestBlocks = 4;

/** Checks the design of a switch-back test; throws BAD_USER_INPUT naming the field below `input`, the rule and what was got. */
export function toSwitchbackDesign(input: PriceSwitchbackInput, path = ''): SwitchbackDesign {
  const { itemIds, periods, blockPeriods, washoutPeriods, isShared, seed } = input;
  const refuse = (field: string, rule: string, got: number | string) =>
    badInputField(`${path}${field}`, rule, got);
  if (itemIds.length < 1 || itemIds.length > maximumItems)
    throw refuse('itemIds', `1 to ${maximumItems} ids`, itemIds.length);
  const twice = itemIds.findIndex((id, index) => itemIds.indexOf(id) < index);
  if (twice >= 0) throw refuse(`itemIds.${twice}`, 'given once', `'${itemIds[twice]}' again`);
  if (blockPeriods < 1 || blockPeriods > maximumBlockPeriods)
    throw refuse('blockPeriods', `1 to ${maximumBlockPeriods}`, blockPeriods);
  if (washoutPeriods < 0 || washoutPeriods >= blockPeriods)
    throw refuse('washoutPeriods', `0 to below blockPeriods (${blockPeriods})`, washoutPeriods);
  const most = Math.floor(maximumCells / itemIds.length);
  if (periods < fewestBlocks * blockPeriods || periods > most)
    throw refuse(
      'periods',
      `at least four blocks (${fewestBlocks * blockPeriods}) and at most 50,000 ÷ the number of items (${most})`,
      periods,
    );
  if (seed < 0) throw refuse('seed', `0 to ${largestSeed}`, seed);
  return { itemIds, periods, blockPeriods, washoutPeriods, isShared, seed };
}

/** Checks a test with its outcomes; yields these as `[items][periods]` in the design's order, NaN = unknown. */
export function toSwitchbackOutcomes({ design, outcomes }: PriceSwitchbackEffectInput): {
  readonly design: SwitchbackDesign;
  readonly outcomes: readonly (readonly number[])[];
} {
  const checked = toSwitchbackDesign(design, 'design.');
  if (outcomes.length !== checked.itemIds.length)
    throw badInputField('outcomes', `one entry an item (${checked.itemIds.length})`, outcomes.length);
  const known = new Set(checked.itemIds);
  const byItem = new Map<string, readonly number[]>();
  for (const [index, { itemId, values }] of outcomes.entries()) {
    const path = `outcomes.${index}`;
    if (!known.has(itemId)) throw badInputField(`${path}.itemId`, 'an id of the design', `'${itemId}'`);
    if (byItem.has(itemId)) throw badInputField(`${path}.itemId`, 'given once', `'${itemId}' again`);
    if (values.length !== checked.periods)
      throw badInputField(`${path}.values`, `one value a period (${checked.periods})`, values.length);
    const numbers = values.map((value) => value ?? Number.NaN);
    const wrong = numbers.findIndex((value) => Math.abs(value) > largestOutcome);
    if (wrong >= 0) throw badInputField(`${path}.values.${wrong}`, '−1e12 to 1e12', numbers[wrong] ?? 0);
    byItem.set(itemId, numbers);
  }
  return { design: checked, outcomes: checked.itemIds.map((id) => byItem.get(id) ?? []) };
}
