import type { RecommendationRow } from '../../../src/recommendations/service.ts';
import { resultOf } from '../../support/stockFixture.ts';
import type { ComplaintsFixture } from './complaintsFixture.ts';

/** What tests ask of recommendations about complaints. */
export type Recommended = {
  listOf(complaintId: number): Promise<readonly RecommendationRow[]>;
  newestOf(complaintId: number): Promise<RecommendationRow>;
  /** Accepts and applies the newest recommendation about a complaint; yields its id. */
  carryOut(complaintId: number): Promise<number>;
};

/** Makes what tests ask of recommendations about complaints. */
export function makeRecommended({ recommendations }: ComplaintsFixture): Recommended {
  const listOf = async (complaintId: number) =>
    (await recommendations.listOfSubjects('COMPLAINT', [complaintId]))[0] ?? [];
  const newestOf = async (complaintId: number) => {
    const [newest] = await listOf(complaintId);
    if (newest === undefined) throw new Error(`Complaint ${complaintId} must have a recommendation.`);
    return newest;
  };
  return {
    listOf,
    newestOf,
    async carryOut(complaintId) {
      const { id } = await newestOf(complaintId);
      resultOf(await recommendations.accept(stepOf(id)));
      return resultOf(await recommendations.apply(stepOf(id)));
    },
  };
}

/** A step by Ada that differs as given. */
export function stepOf(
  recommendationId: number,
  change: { readonly actor?: string; readonly reason?: string | null } = {},
) {
  return { kind: 'COMPLAINT', recommendationId, actor: 'Ada', reason: 'Agreed.', ...change } as const;
}
