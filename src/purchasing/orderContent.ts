import type { Sql } from '../database/sql.ts';
import type { PurchaseOrderCreateUserErrorCode as Code } from '../generated/graphql.ts';
import { checkLineCount, checkLines, checkQuantity, notFound } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';
import type { OrderedProposal, ProposalOrders } from './proposalOrders.ts';

/** An order to make; ids are row ids. */
export type CreateInput = {
  readonly supplierId: number | null;
  readonly warehouseId: number | null;
  readonly lines: readonly { readonly variantId: number; readonly quantity: number }[] | null;
  readonly proposalIds: readonly number[] | null;
  /** 'YYYY-MM-DD' */
  readonly expectedOn: string | null;
};

/** What is to be ordered, from lines or proposals alike. */
export type OrderContent = {
  readonly supplierId: number;
  readonly warehouseId: number;
  readonly lines: readonly OrderedLine[];
  readonly proposalIds: readonly number[];
};

/** One line and the paths in the input that named its variant and its quantity. */
export type OrderedLine = {
  readonly variantId: number;
  readonly quantity: number;
  readonly variantField: readonly string[];
  readonly quantityField: readonly string[];
};

type Refused = { readonly userErrors: readonly UserError<Code>[] };

const maximumLines = 500;
const maximumQuantity = 1_000_000;

/** Reads what is to be ordered; proposals are locked. Refuses where neither or both are given, or a limit is broken. */
export async function readContent(
  tx: Sql,
  input: CreateInput,
  proposals: ProposalOrders,
): Promise<OrderContent | Refused> {
  const lines = input.lines ?? [];
  const proposalIds = input.proposalIds ?? [];
  if (lines.length > 0 === proposalIds.length > 0) return { userErrors: [describeNoLines(lines.length > 0)] };
  return lines.length > 0 ? readLines(input, lines) : readProposals(tx, input, proposalIds, proposals);
}

function describeNoLines(areBothGiven: boolean): UserError<'NO_LINES'> {
  const got = areBothGiven ? 'both' : 'neither';
  const message = `input must have either lines or proposalIds with at least one entry, got ${got}.`;
  return { code: 'NO_LINES', field: ['input'], message };
}

function readLines(
  { supplierId, warehouseId }: CreateInput,
  lines: NonNullable<CreateInput['lines']>,
): OrderContent | Refused {
  const userErrors: UserError<Code>[] = [
    ...checkGiven('supplierId', supplierId),
    ...checkGiven('warehouseId', warehouseId),
    ...checkLines('lines', lines, maximumLines, ({ quantity }, field) =>
      checkQuantity({ field: [...field, 'quantity'], value: quantity, minimum: 1, maximum: maximumQuantity }),
    ),
  ];
  if (userErrors.length > 0 || supplierId === null || warehouseId === null) return { userErrors };
  const ordered = lines.map(({ variantId, quantity }, index) => ({
    variantId,
    quantity,
    variantField: ['input', 'lines', String(index), 'variantId'],
    quantityField: ['input', 'lines', String(index), 'quantity'],
  }));
  return { supplierId, warehouseId, lines: ordered, proposalIds: [] };
}

function checkGiven(name: 'supplierId' | 'warehouseId', id: number | null): UserError<'NOT_FOUND'>[] {
  const message = `input.${name} must be given with lines, got null.`;
  return id === null ? [{ code: 'NOT_FOUND', field: ['input', name], message }] : [];
}

async function readProposals(
  tx: Sql,
  input: CreateInput,
  given: readonly number[],
  proposals: ProposalOrders,
): Promise<OrderContent | Refused> {
  const tooMany = checkLineCount('proposalIds', given, maximumLines);
  if (tooMany.length > 0) return { userErrors: tooMany };
  const rows = await proposals.lockAccepted(tx, [...new Set(given)]);
  const userErrors = checkProposals(input, given, rows);
  const [first] = rows;
  if (userErrors.length > 0 || first === undefined) return { userErrors };
  return {
    supplierId: first.supplierId,
    warehouseId: first.warehouseId,
    proposalIds: rows.map(({ id }) => id),
    lines: rows.map(({ id, variantId, quantity }) => {
      const field = proposalField(given.indexOf(id));
      return { variantId, quantity, variantField: field, quantityField: field };
    }),
  };
}

function checkProposals(
  { supplierId, warehouseId }: CreateInput,
  given: readonly number[],
  rows: readonly OrderedProposal[],
): UserError<Code>[] {
  const byId = new Map(rows.map((row) => [row.id, row]));
  const ends = {
    supplierId: supplierId ?? rows[0]?.supplierId,
    warehouseId: warehouseId ?? rows[0]?.warehouseId,
  };
  return given.flatMap((id, index): UserError<Code>[] => {
    const field = proposalField(index);
    const path = field.join('.');
    const row = byId.get(id);
    if (row === undefined) return [notFound('ReorderProposal', id, field)];
    const errors: UserError<Code>[] = [];
    if (row.status !== 'ACCEPTED') {
      const message = `${path} must be an ACCEPTED proposal, got one that is ${row.status}.`;
      errors.push({ code: 'PROPOSAL_NOT_ACCEPTED', field, message });
    }
    if (row.supplierId !== ends.supplierId || row.warehouseId !== ends.warehouseId) {
      const message = `${path} must be for the supplier and the warehouse of the order, got a proposal for others.`;
      errors.push({ code: 'MIXED_PROPOSALS', field, message });
    }
    errors.push(...checkQuantity({ field, value: row.quantity, minimum: 1, maximum: maximumQuantity }));
    return errors;
  });
}

function proposalField(index: number): string[] {
  return ['input', 'proposalIds', String(index)];
}
