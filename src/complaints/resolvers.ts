import type { Context } from '../context.ts';
import { connectionFields } from '../database/connection.ts';
import type { Resolvers } from '../generated/graphql.ts';
import { fromGlobalId, parseGlobalId, toGlobalId, toRowId } from '../globalId.ts';
import { labelAt, placeOf, sentiments, severities } from './labels.ts';
import { complaintMutations } from './mutations.ts';

/** GraphQL fields of complaints. */
export const complaintsResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'Subscription'
  | 'Complaint'
  | 'ComplaintConnection'
  | 'ComplaintTriage'
  | 'ComplaintOverride'
  | 'ComplaintMessage'
  | 'ComplaintStatistic'
  | 'ComplaintWeek'
  | 'SimilarComplaint'
> = {
  Query: {
    complaint: (_, { id }, { loaders }) => {
      const parsed = parseGlobalId(id);
      const rowId = parsed?.type === 'Complaint' ? toRowId(parsed.key) : null;
      return rowId === null ? null : loaders.complaints.complaintById.load(rowId);
    },
    complaints: (_, { filter, orderBy, ...page }, { services }) => {
      const variantIds = filter?.variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['filter', 'variantIds', String(index)]),
      );
      const order = { field: orderBy?.field ?? 'SUBMITTED_AT', direction: orderBy?.direction ?? 'DESC' };
      return services.complaints.listComplaints({ ...filter, variantIds }, order, page);
    },
    similarComplaints: (_, { complaintId, first }, { services }) =>
      services.complaints.listSimilarComplaints(
        fromGlobalId('Complaint', complaintId, ['complaintId']),
        first,
      ),
    complaintStatistics: (_, { input }, { services }) =>
      services.complaints.listStatistics({ ...input, through: input.through ?? null }),
  },
  Mutation: complaintMutations,
  Subscription: {
    complaintTriaged: {
      subscribe: (_, { minimumSeverity }, { services }) =>
        services.complaints.listenToTriages(placeOf(severities, minimumSeverity)),
      resolve: async (complaintId: number, _: object, { loaders }: Context) =>
        loaders.complaints.complaintById.loadRequired(complaintId),
    },
  },
  Complaint: {
    id: ({ id }) => toGlobalId('Complaint', id),
    variant: ({ variantId }, _, { loaders }) =>
      variantId === null ? null : loaders.catalogue.variantById.load(variantId),
    warehouse: ({ warehouseId }, _, { loaders }) =>
      warehouseId === null ? null : loaders.inventory.warehouseById.load(warehouseId),
    supplier: ({ supplierId }, _, { loaders }) =>
      supplierId === null ? null : loaders.purchasing.supplierById.load(supplierId),
    text: (row, _, { canReadPersonalData }) => showText(row, canReadPersonalData),
    isTextMasked: (_, __, { canReadPersonalData }) => !canReadPersonalData,
    severity: ({ severity }) => labelAt(severities, severity),
    sentiment: ({ sentiment }) => labelAt(sentiments, sentiment),
    triage: ({ id }, _, { loaders }) => loaders.complaints.triageByComplaint.load(id),
    triageHistory: ({ id }, _, { loaders }) => loaders.complaints.triagesByComplaint.load(id),
    overrides: ({ id }, _, { loaders }) => loaders.complaints.overridesByComplaint.load(id),
    messages: ({ id }, _, { loaders }) => loaders.complaints.messagesByComplaint.load(id),
  },
  ComplaintConnection: connectionFields,
  ComplaintTriage: {
    intentRanking: ({ ranking }) => ranking,
    isComplaint: ({ complaint }) => complaint,
    message: async ({ complaintId, messageId }, _, { loaders }) => {
      if (messageId === null) return null;
      const messages = await loaders.complaints.messagesByComplaint.load(complaintId);
      return messages.find(({ id }) => id === messageId) ?? null;
    },
  },
  ComplaintOverride: {
    severity: ({ severity }) => labelAt(severities, severity),
    sentiment: ({ sentiment }) => labelAt(sentiments, sentiment),
    model: ({ modelName, modelVersion }) =>
      modelName === null || modelVersion === null ? null : { name: modelName, version: modelVersion },
  },
  ComplaintStatistic: {
    variant: ({ group, key }, _, { loaders }) =>
      group === 'VARIANT' ? loaders.catalogue.variantById.load(Number(key)) : null,
    warehouse: ({ group, key }, _, { loaders }) =>
      group === 'WAREHOUSE' ? loaders.inventory.warehouseById.load(Number(key)) : null,
    supplier: ({ group, key }, _, { loaders }) =>
      group === 'SUPPLIER' ? loaders.purchasing.supplierById.load(Number(key)) : null,
    carrier: ({ group, key }) => (group === 'CARRIER' ? key : null),
    complaints: ({ weeks }) => weeks.reduce((sum, { complaints }) => sum + complaints, 0),
    alert: ({ weeks }) => weeks.at(-1)?.alert ?? null,
  },
  SimilarComplaint: {
    complaint: ({ complaintId }, _, { loaders }) =>
      loaders.complaints.complaintById.loadRequired(complaintId),
  },
  ComplaintWeek: { rate: ({ complaints, units }) => (units === null ? null : complaints / units) },
  ComplaintMessage: {
    text: (row, _, { canReadPersonalData }) => showText(row, canReadPersonalData),
  },
};

function showText(
  { text, maskedText }: { readonly text: string | null; readonly maskedText: string },
  canReadPersonalData: boolean,
): string | null {
  return text === null || canReadPersonalData ? text : maskedText;
}
