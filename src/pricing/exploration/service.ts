import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../clock.ts';
import { manyByKey, oneByKey } from '../../database/byKey.ts';
import type { Database } from '../../database/database.ts';
import { type Idempotency, inIdempotentTransaction, wasAnswered } from '../../database/idempotency.ts';
import { badInputField } from '../../errors.ts';
import type { OnModelRun } from '../../forecasting/service.ts';
import type {
  PriceExplorationPlanInput,
  PriceExplorationValueInput,
  PriceSwitchbackEffectInput,
  PriceSwitchbackInput,
} from '../../generated/graphql.ts';
import { done, type Outcome, refused } from '../../mutationOutcome.ts';
import type { PricingService } from '../service.ts';
import { checkExplorationPlan, checkExplorationValue } from './checkExploration.ts';
import { toSwitchbackDesign, toSwitchbackOutcomes } from './checkSwitchback.ts';
import * as repository from './explorationRepository.ts';
import { planExploration } from './planExploration.ts';
import { estimatePolicyValue, type PolicyValue } from './policyValue.ts';
import { countPairs, planSwitchback, type SwitchbackBlock } from './switchback.ts';
import { estimateSwitchback, type SwitchbackEffect } from './switchbackEffect.ts';
import { readRunIds, toLoggedChoices } from './toLoggedChoices.ts';

export type PriceExplorationService = ReturnType<typeof makePriceExplorationService>;

/** The plan of a switch-back test. */
export interface SwitchbackPlan {
  /** Pairs of blocks of each item. */
  readonly pairs: number;
  readonly items: readonly { readonly id: string; readonly blocks: readonly SwitchbackBlock[] }[];
}

/** The bootstrap's seed: the same log has the same interval. */
const bootstrapSeed = 1;

/** Makes the use cases of experiments with prices. */
export function makePriceExplorationService({
  database: { sql },
  pricing,
  clock,
}: {
  readonly database: Pick<Database, 'sql'>;
  readonly pricing: Pick<PricingService, 'optimizePrices' | 'model'>;
  readonly clock: Clock;
}) {
  /** Recommends and draws; no I/O but the models'. */
  const draw = async (input: PriceExplorationPlanInput, onRun: OnModelRun) => {
    const { frequency, horizon, objective } = input;
    const { items } = await pricing.optimizePrices(
      { frequency, horizon, objective, items: input.items },
      onRun,
    );
    return planExploration(items, objective ?? 'MARGIN', input);
  };
  return {
    /** Recommends prices, draws some by lot and logs it; yields the run's row id. Inference is done before the transaction. */
    async planExploration(
      input: PriceExplorationPlanInput,
      { idempotency, onRun }: { readonly idempotency: Idempotency | undefined; readonly onRun: OnModelRun },
    ): Promise<Outcome<number, 'BLANK'>> {
      const errors = checkExplorationPlan(input);
      const isSpared = errors.length > 0 || (await wasAnswered(sql, idempotency));
      const drawn = isSpared ? null : await draw(input, onRun);
      return inIdempotentTransaction<Outcome<number, 'BLANK'>>(sql, idempotency, async (tx) => {
        if (errors.length > 0) return refused(...errors);
        const { name, version } = pricing.model();
        const { frequency, horizon, share, maximumLossRate, seed, actor, reason } = input;
        const run = {
          ...{ frequency, horizon, share, maximumLossRate, seed, actor, reason },
          ...{ objective: input.objective ?? 'MARGIN', modelName: name, modelVersion: version },
          createdAt: clock(),
        };
        return done(await repository.insertRun(tx, run, drawn ?? (await draw(input, onRun))));
      });
    },
    /** Runs by row id, in order; null where there is none. */
    async findRuns(ids: readonly number[]) {
      return oneByKey(ids, await repository.listRuns(sql, ids), ({ id }) => id);
    },
    /** The items of runs, in the order of their calls. */
    async listItems(runIds: readonly number[]) {
      return manyByKey(runIds, await repository.listItems(sql, runIds), ({ runId }) => runId);
    },
    /** Estimates what a way of choosing prices is worth, from two statements; throws BAD_USER_INPUT where the log cannot tell. */
    async findPolicyValue(input: PriceExplorationValueInput): Promise<PolicyValue> {
      checkExplorationValue(input);
      const runIds = [...new Set(readRunIds(input.outcomes))];
      const [runs, items] = await Promise.all([
        repository.listRuns(sql, runIds),
        repository.listItems(sql, runIds),
      ]);
      const choices = toLoggedChoices(input, { runs, items });
      return estimatePolicyValue(choices, { seed: bootstrapSeed, takeTurn: () => setImmediate() });
    },
    /** Plans a switch-back test; throws BAD_USER_INPUT where its design cannot be. */
    planSwitchback(input: PriceSwitchbackInput): SwitchbackPlan {
      const design = toSwitchbackDesign(input);
      const blocks = planSwitchback(design);
      const items = design.itemIds.map((id, index) => ({ id, blocks: blocks[index] ?? [] }));
      return { pairs: countPairs(design), items };
    },
    /** Estimates what a switch-back test shows; throws BAD_USER_INPUT where too little of it is known. */
    findSwitchbackEffect(input: PriceSwitchbackEffectInput): SwitchbackEffect {
      const { design, outcomes } = toSwitchbackOutcomes(input);
      const effect = estimateSwitchback(design, outcomes);
      if (effect !== null) return effect;
      const rule =
        'known in both blocks of a pair for at least two items, or two pairs where items share theirs';
      throw badInputField('outcomes', rule, 'fewer');
    },
  };
}
