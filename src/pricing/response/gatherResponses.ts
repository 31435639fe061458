import type { PriceItem } from '../priceItem.ts';
import { measureCategoryPrices } from './categoryPrices.ts';
import { readFeatures } from './evidenceFeatures.ts';
import { gatherEvidence, type ItemEvidence, type ItemRemainders, takeControlsOut } from './itemEvidence.ts';
import { doubtEstimate } from './readEvidence.ts';
import { measureSharedShocks } from './sharedShocks.ts';
import { type ShrunkenElasticity, shrinkElasticities } from './shrinkElasticities.ts';

/** What the sales of the items of one request say of an item's response. */
export interface GatheredItem {
  readonly evidence: ItemEvidence;
  readonly shrunken: ShrunkenElasticity;
  /** What the network reads, see `readFeatures`. */
  readonly features: Float64Array;
  readonly remainders: ItemRemainders;
  readonly categoryPrices: Float64Array | undefined;
}

/** Gathers the evidence of all items; those of a group inform each other. */
export function gatherResponses(items: readonly PriceItem[], periodDays: number): readonly GatheredItem[] {
  const gathered = new Array<Omit<GatheredItem, 'shrunken' | 'features'> & { readonly peers: number }>(
    items.length,
  );
  for (const places of placesByGroup(items)) {
    const members = places.flatMap((index) => items[index] ?? []);
    const remainders = members.map(takeControlsOut);
    const alone = remainders.map((remainder) => gatherEvidence(remainder));
    const shocks = measureSharedShocks(members, alone);
    const categoryPrices = measureCategoryPrices(members);
    for (const [k, index] of places.entries()) {
      const [own, shock, evidence] = [remainders[k], shocks[k], alone[k]];
      if (own === undefined || evidence === undefined) continue;
      gathered[index] = {
        evidence: shock === undefined ? evidence : gatherEvidence(own, shock),
        remainders: own,
        categoryPrices: categoryPrices[k],
        peers: places.length,
      };
    }
  }
  const shrunken = shrinkElasticities(
    gathered.map(({ evidence }) => doubtEstimate(evidence)),
    items.map(groupOf),
  );
  return items.map((item, index) => {
    const [own, shrink] = [gathered[index], shrunken[index]];
    if (own === undefined || shrink === undefined) throw new Error('Every item must have its evidence.');
    const features = readFeatures(item, own.evidence, shrink, { peers: own.peers, periodDays });
    return { ...own, shrunken: shrink, features };
  });
}

function groupOf({ groups }: PriceItem): string {
  return groups[0] ?? '';
}

function placesByGroup(items: readonly PriceItem[]): readonly (readonly number[])[] {
  const places = new Map<string, number[]>();
  for (const [index, item] of items.entries()) {
    const members = places.get(groupOf(item)) ?? [];
    members.push(index);
    places.set(groupOf(item), members);
  }
  return [...places.values()];
}
