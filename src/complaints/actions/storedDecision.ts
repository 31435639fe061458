import type { RecommendationRow } from '../../recommendations/service.ts';
import type { ActionTerms } from './decideActions.ts';
import type { ComplaintFacts } from './facts.ts';

/** The terms of a recommendation about a complaint. */
export function termsOf({ terms }: Pick<RecommendationRow, 'terms'>): ActionTerms {
  return terms as ActionTerms; // as complaints proposed them
}

/** The facts of a recommendation about a complaint. */
export function factsOf({ facts }: Pick<RecommendationRow, 'facts'>): ComplaintFacts {
  return facts as ComplaintFacts; // as complaints proposed them
}
