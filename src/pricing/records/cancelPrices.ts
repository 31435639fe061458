import type { Sql } from '../../database/sql.ts';
import type { VariantPriceCancelUserErrorCode as Code } from '../../generated/graphql.ts';
import { checkLines, checkText, notFound, refuseBlanks } from '../../inputChecks.ts';
import { done, type Outcome, refused } from '../../mutationOutcome.ts';
import { maximumActorLength, maximumPriceLines } from './checkPriceSet.ts';
import * as repository from './priceRepository.ts';

/** Input of `variantPriceCancel`; ids are row ids. */
export type PriceCancelInput = {
  readonly actor: string;
  readonly reason: string;
  readonly priceIds: readonly number[];
};

/**
 * Cancels scheduled prices in the caller's transaction, all or none; yields their row ids, each once, in input order. A price whose
 * day has come but that has not begun yet may still be cancelled. Throws BAD_USER_INPUT for an empty list and a text that is too long.
 */
export async function cancelPrices(
  tx: Sql,
  { actor, reason, priceIds }: PriceCancelInput,
  now: Date,
): Promise<Outcome<readonly number[], Code>> {
  checkText(actor, ['input', 'actor'], maximumActorLength);
  checkText(reason, ['input', 'reason']);
  const named = await repository.listPricesById(tx, priceIds);
  await repository.lockVariants(
    tx,
    named.map(({ variantId }) => variantId),
  );
  const rows = await repository.listPricesById(tx, priceIds);
  const statuses = new Map(rows.map(({ id, status }) => [id, status]));
  const errors = [
    ...refuseBlanks<Code>('BLANK', { actor, reason }),
    ...checkLines<number, Code>('priceIds', priceIds, maximumPriceLines, (id, field) => {
      const status = statuses.get(id);
      if (status === undefined) return [notFound('VariantPrice', id, field)];
      const message = `${field.join('.')} must be a price in state SCHEDULED, got ${status}.`;
      return status === 'SCHEDULED' ? [] : [{ code: 'NOT_SCHEDULED', field, message }];
    }),
  ];
  if (errors.length > 0) return refused(...errors);
  const ids = [...new Set(priceIds)];
  await repository.cancelPrices(tx, ids, { actor, reason, now });
  return done(ids);
}
