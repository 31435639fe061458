import type { ComplaintStatus } from '../../generated/graphql.ts';

/** What a recommendation about a complaint rests on: plain JSON, no part of the text. Ids are row ids. */
export type ComplaintFacts = {
  readonly complaintId: number;
  readonly status: ComplaintStatus;
  /** ISO time. */
  readonly submittedAt: string;
  readonly modelName: string | null;
  readonly modelVersion: string | null;
  /** The label that holds. */
  readonly intent: string;
  /** Whether a person set the intent. */
  readonly isCorrected: boolean;
  /** The model's, 0 to 1. */
  readonly confidence: number;
  /** Least confidence at which no person needs to look, from the model's card; null without a triage. */
  readonly intentAccept: number | null;
  readonly abstainReason: string | null;
  readonly category: string | null;
  /** Place of the severity, counted from 1; 0 = unknown. */
  readonly severity: number;
  readonly isComplaint: boolean | null;
  readonly salesOrderNumber: string | null;
  readonly shipmentReference: string | null;
  readonly carrier: string | null;
  /** Whether the shipment is being hurried already. */
  readonly isShipmentExpedited: boolean;
  readonly variantId: number | null;
  readonly supplierId: number | null;
  /** What the units cost at this supplier, an exact decimal as text; null where it does not offer them. */
  readonly claimAmount: string | null;
  readonly claimCurrencyCode: string | null;
  /** The one line of imported sales that the complaint names; null where none or several match. */
  readonly salesOrderLineId: number | null;
  readonly orderQuantity: number | null;
  readonly unitPrice: string | null;
  readonly currencyCode: string | null;
  /** Days from the order to the complaint. */
  readonly orderAgeDays: number | null;
  /** Price of the line less what was refunded of it, an exact decimal as text. */
  readonly refundable: string | null;
  /** Whether goods for the line are or were sent again. */
  readonly isReplaced: boolean;
  /** Where a replacement would come from, and units that can be promised there. */
  readonly stockWarehouseId: number | null;
  readonly available: number | null;
  /** Where the goods came from, and units on hand there. */
  readonly homeWarehouseId: number | null;
  readonly onHand: number | null;
  readonly isRecounted: boolean;
  /** The open purchase order of the variant that is expected first; 'YYYY-MM-DD'. */
  readonly purchaseOrderId: number | null;
  readonly expectedOn: string | null;
  readonly isOrderExpedited: boolean;
  /** Complaints about the variant in the last 28 days, and in the 84 days before. */
  readonly recentComplaints: number;
  readonly earlierComplaints: number;
  /** Customers of this warehouse who asked in the last 28 days where the variant is. */
  readonly missedOrders: number;
};
