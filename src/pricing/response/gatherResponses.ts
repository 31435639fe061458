import type { PriceItem } from '../priceItem.ts';
import { averageOthers } from './averageOthers.ts';
import { measureCategoryPrices } from './categoryPrices.ts';
import { comparePeers, type PeerEvidence, readFeatures } from './evidenceFeatures.ts';
import { gatherEvidence, type ItemEvidence, type ItemRemainders, takeControlsOut } from './itemEvidence.ts';
import { doubtEstimate } from './readEvidence.ts';
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
  const gathered = new Array<Omit<GatheredItem, 'shrunken' | 'features'> & { readonly peers: PeerEvidence }>(
    items.length,
  );
  for (const places of placesByGroup(items)) {
    const members = places.flatMap((index) => items[index] ?? []);
    const remainders = members.map(takeControlsOut);
    const evidence = withShared(members, remainders);
    const peers = comparePeers(evidence);
    const categoryPrices = measureCategoryPrices(members);
    for (const [k, index] of places.entries()) {
      const [own, found] = [remainders[k], evidence[k]];
      if (own === undefined || found === undefined) continue;
      gathered[index] = {
        evidence: found,
        remainders: own,
        categoryPrices: categoryPrices[k],
        peers,
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

/**
 * The evidence of a group's items, each read beside what the others did: their prices, and their demand beyond price and
 * controls (M. H. Pesaran, Econometrica 74 (2006): cross-section averages stand for the shocks that all share).
 */
function withShared(
  items: readonly PriceItem[],
  remainders: readonly ItemRemainders[],
): readonly ItemEvidence[] {
  const alone = remainders.map((remainder) => gatherEvidence(remainder));
  const prices = averageOthers(
    items,
    remainders.map(({ left }) => left.prices),
  );
  const demand = averageOthers(
    items,
    alone.map(({ beyondPrice, deviation }) => beyondPrice.map((x) => x / Math.max(1e-3, deviation))),
  );
  return remainders.map((remainder, k) => {
    const [others, own] = [[demand[k], prices[k]].filter((one) => one !== undefined), alone[k]];
    return own !== undefined && others.length === 0 ? own : gatherEvidence(remainder, others);
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
