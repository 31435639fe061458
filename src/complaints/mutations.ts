import type { Context } from '../context.ts';
import { DomainError } from '../errors.ts';
import { found } from '../found.ts';
import type { MutationResolvers } from '../generated/graphql.ts';
import { fromGlobalId, type NodeType } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import { formatCount } from '../inputChecks.ts';
import type { Outcome } from '../mutationOutcome.ts';
import { placeOf, sentiments, severities } from './labels.ts';

/** Mutations of complaints. */
export const complaintMutations: Pick<
  MutationResolvers,
  | 'complaintSubmit'
  | 'complaintUpdate'
  | 'complaintMessageAdd'
  | 'complaintOverrideTriage'
  | 'complaintsTriage'
  | 'complaintSignalsRefresh'
  | 'customerTextsDelete'
> = {
  complaintSubmit: async (_, { input }, context, info) => {
    const given = {
      ...readIds(input),
      text: input.text,
      channel: input.channel,
      sku: input.sku ?? null,
      customerReference: input.customerReference ?? null,
      salesOrderNumber: input.salesOrderNumber ?? null,
      shipmentReference: input.shipmentReference ?? null,
      carrier: input.carrier ?? null,
      submittedAt: input.submittedAt ?? null,
    };
    const outcome = await context.services.complaints.submitComplaint(
      given,
      idempotencyOf(info, input),
      (run) => context.modelRuns.push(run),
    );
    return toPayload(outcome, context);
  },
  complaintUpdate: async (_, { input }, context, info) => {
    const { status, variantId, warehouseId, supplierId, ...names } = input;
    const ids = readIds(input);
    const change = {
      ...names,
      complaintId: readComplaintId(input),
      status: status ?? undefined,
      variantId: variantId === undefined ? undefined : ids.variantId,
      warehouseId: warehouseId === undefined ? undefined : ids.warehouseId,
      supplierId: supplierId === undefined ? undefined : ids.supplierId,
    };
    return toPayload(
      await context.services.complaints.changeComplaint(change, idempotencyOf(info, input)),
      context,
    );
  },
  complaintMessageAdd: async (_, { input }, context, info) => {
    const message = { ...input, agent: input.agent ?? null, complaintId: readComplaintId(input) };
    return toPayload(
      await context.services.complaints.addMessage(message, idempotencyOf(info, input), (run) =>
        context.modelRuns.push(run),
      ),
      context,
    );
  },
  complaintOverrideTriage: async (_, { input }, context, info) => {
    const { intent = null, severity, sentiment, isComplaint = null, author, reason } = input;
    const override = {
      complaintId: readComplaintId(input),
      intent,
      severity: placeOf(severities, severity) || null,
      sentiment: placeOf(sentiments, sentiment) || null,
      isComplaint,
      author,
      reason,
    };
    return toPayload(
      await context.services.complaints.overrideTriage(override, idempotencyOf(info, input)),
      context,
    );
  },
  complaintSignalsRefresh: async (_, { input }, { services }) => {
    const days = (Date.parse(input.to) - Date.parse(input.from)) / 86_400_000;
    if (days >= 0 && days <= 1_000)
      return { recorded: await services.complaints.refreshSignals(input), userErrors: [] };
    const message = `input.to must be 0 to 1,000 days after input.from, got ${formatCount(days)}.`;
    return { recorded: 0, userErrors: [{ code: 'INVALID_RANGE', field: ['input', 'to'], message }] };
  },
  customerTextsDelete: async (_, { input }, { services, canReadPersonalData }, info) => {
    if (!canReadPersonalData)
      throw new DomainError(
        'FORBIDDEN',
        'customerTextsDelete must be called with an API key that may read personal data.',
      );
    const outcome = await services.complaints.deleteCustomerTexts(input, idempotencyOf(info, input));
    return outcome.kind === 'refused'
      ? { complaints: 0, messages: 0, userErrors: outcome.userErrors }
      : { ...outcome.result, userErrors: [] };
  },
  complaintsTriage: async (_, { input }, { services, loaders }, info) => {
    const complaintIds =
      input.complaintIds?.map((id, index) =>
        fromGlobalId('Complaint', id, ['input', 'complaintIds', String(index)]),
      ) ?? null;
    const given = { complaintIds, requestedBy: input.requestedBy ?? null };
    const outcome = await services.complaints.startTriage(given, idempotencyOf(info, input));
    return outcome.kind === 'refused'
      ? { job: null, userErrors: outcome.userErrors }
      : { job: found(await loaders.jobs.jobById.load(outcome.result)), userErrors: [] };
  },
};

type GivenIds = {
  readonly variantId?: string | null | undefined;
  readonly warehouseId?: string | null | undefined;
  readonly supplierId?: string | null | undefined;
};

function readIds(input: GivenIds) {
  const read = (type: NodeType, name: keyof GivenIds) =>
    input[name] == null ? null : fromGlobalId(type, input[name], ['input', name]);
  return {
    variantId: read('ProductVariant', 'variantId'),
    warehouseId: read('Warehouse', 'warehouseId'),
    supplierId: read('Supplier', 'supplierId'),
  };
}

function readComplaintId({ complaintId }: { readonly complaintId: string }): number {
  return fromGlobalId('Complaint', complaintId, ['input', 'complaintId']);
}

async function toPayload<Code extends string>(outcome: Outcome<number, Code>, { loaders }: Context) {
  if (outcome.kind === 'refused') return { complaint: null, userErrors: outcome.userErrors };
  const { complaintById, ...ofComplaint } = loaders.complaints;
  // Another mutation of this request may have read it before.
  for (const loader of [complaintById, ...Object.values(ofComplaint)]) loader.clear(outcome.result);
  return { complaint: found(await complaintById.load(outcome.result)), userErrors: [] };
}
