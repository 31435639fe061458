import type { Sql } from '../database/sql.ts';
import type { ComplaintUpdateUserErrorCode } from '../generated/graphql.ts';
import { notFound } from '../inputChecks.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import {
  checkFound,
  checkOverride,
  type OverrideCode,
  type OverrideInput,
  readName,
  toStorable,
} from './checkComplaint.ts';
import { type ComplaintChange, findSubject, lockComplaint, updateComplaint } from './repository.ts';
import { showGiven } from './submitComplaint.ts';
import { insertOverride } from './threadRepository.ts';

export type ChangeCode = ComplaintUpdateUserErrorCode;
/** What to change of a complaint; ids are row ids; what is undefined stays. */
export type ChangeInput = { readonly complaintId: number } & {
  readonly [Name in keyof ComplaintChange]?: ComplaintChange[Name] | undefined;
};

/** What was changed; plain JSON but for the time, which a replay yields as text. */
export type Changed = {
  readonly complaintId: number;
  /** The variants that it went from and to; none where it stayed. */
  readonly movedVariantIds: readonly number[];
  readonly submittedAt: Date | string;
};

const field = ['input', 'complaintId'];

/** Changes a complaint. */
export async function changeComplaint(tx: Sql, input: ChangeInput): Promise<Outcome<Changed, ChangeCode>> {
  const { complaintId, ...given } = input;
  const complaint = await lockComplaint(tx, complaintId);
  if (complaint === null) return refused(notFound('Complaint', complaintId, field));
  const names = (['assignee', 'salesOrderNumber', 'shipmentReference', 'carrier'] as const).flatMap((name) =>
    given[name] === undefined ? [] : [[name, readName(name, given[name])] as const],
  );
  const isGiven = ([, value]: readonly [string, unknown]) => value !== undefined;
  const change: ComplaintChange = {
    ...complaint,
    ...Object.fromEntries(Object.entries(given).filter(isGiven)),
    ...Object.fromEntries(names),
  };
  const { variantId, warehouseId, supplierId } = change;
  const errors = checkFound(
    input,
    await findSubject(tx, { variantId, warehouseId, supplierId, sku: null }),
    (name) => showGiven(input, name),
  );
  if (errors.length > 0) return refused(...errors);
  await updateComplaint(tx, complaintId, change);
  const moved = complaint.variantId === variantId ? [] : [complaint.variantId, variantId];
  const movedVariantIds = moved.filter((id) => id !== null);
  return done({ complaintId, movedVariantIds, submittedAt: complaint.submittedAt });
}

/** Corrects labels of a triage; yields the complaint's id. */
export async function overrideTriage(
  tx: Sql,
  input: OverrideInput,
  now: Date,
): Promise<Outcome<number, OverrideCode>> {
  const errors = checkOverride(input);
  if (errors.length > 0) return refused(...errors);
  const complaint = await lockComplaint(tx, input.complaintId);
  if (complaint === null) return refused(notFound('Complaint', input.complaintId, field));
  const { author, reason } = input;
  await insertOverride(tx, {
    ...input,
    author: toStorable(author.trim()),
    reason: toStorable(reason.trim()),
    createdAt: now,
  });
  return done(complaint.id);
}
