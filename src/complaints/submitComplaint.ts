import type { Sql } from '../database/sql.ts';
import { toGlobalId } from '../globalId.ts';
import { maskPersonalData } from '../maskPersonalData.ts';
import { done, type Outcome, refused } from '../mutationOutcome.ts';
import {
  checkFound,
  checkSubmittedAt,
  checkWritten,
  readName,
  type SubmitCode,
  toStorable,
} from './checkComplaint.ts';
import * as repository from './repository.ts';
import { storeTriages } from './triageRepository.ts';
import type { TriagedText } from './triager.ts';

/** A complaint as given; ids are row ids. */
export type SubmitInput = repository.ComplaintSubject &
  Pick<repository.ComplaintRow, 'customerReference' | 'channel'> & {
    readonly text: string;
    readonly sku: string | null;
    /** Null = now. */
    readonly submittedAt: Date | null;
  };
/** A complaint that may be stored but for what it names. */
export type CheckedSubmit = Omit<SubmitInput, 'submittedAt'> & { readonly submittedAt: Date };

const idTypes: Readonly<Record<string, 'ProductVariant' | 'Warehouse' | 'Supplier'>> = {
  variantId: 'ProductVariant',
  warehouseId: 'Warehouse',
  supplierId: 'Supplier',
};

/** Checks a complaint without the store; throws BAD_USER_INPUT for a text the store cannot hold. */
export function checkSubmit(input: SubmitInput, now: Date): Outcome<CheckedSubmit, SubmitCode> {
  const submittedAt = input.submittedAt ?? now;
  const names = (
    ['customerReference', 'salesOrderNumber', 'shipmentReference', 'carrier', 'sku'] as const
  ).map((name) => [name, readName(name, input[name])] as const);
  const errors = [...checkWritten(input.text), ...checkSubmittedAt(submittedAt, now)];
  const checked = { ...input, ...Object.fromEntries(names), text: toStorable(input.text), submittedAt };
  if (checked.sku === null || checked.variantId === null)
    return errors.length > 0 ? refused<SubmitCode>(...errors) : done(checked);
  const message = `input.variantId must be absent where a SKU is given, got both.`;
  return refused<SubmitCode>(...errors, {
    code: 'AMBIGUOUS_VARIANT',
    field: ['input', 'variantId'],
    message,
  });
}

/** Stores a checked complaint with its triage, if it has one; yields its id. */
export async function submitComplaint(
  tx: Sql,
  input: CheckedSubmit,
  triage: TriagedText | null,
  now: Date,
): Promise<Outcome<number, SubmitCode>> {
  const subject = await repository.findSubject(tx, input);
  const errors = checkFound(input, subject, (name) => showGiven(input, name));
  if (errors.length > 0) return refused<SubmitCode>(...errors);
  const complaint = { ...input, ...subject, maskedText: maskPersonalData(input.text) };
  const complaintId = await repository.insertComplaint(tx, complaint);
  if (triage !== null) await storeTriages(tx, [{ complaintId, messageId: null, triage }], now);
  return done(complaintId);
}

/** The value of an input field that names a row, as the client gave it. */
export function showGiven(input: object, name: string): string {
  const value = (input as Readonly<Record<string, unknown>>)[name]; // fields are read by their names
  const type = idTypes[name];
  return type === undefined ? String(value) : toGlobalId(type, Number(value));
}
