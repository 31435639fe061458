import type { ComplaintActionKind } from '../../generated/graphql.ts';
import type { ComplaintFacts } from './facts.ts';
import { type ComplaintPolicy, countedDays, findWish, queueOf } from './policy.ts';

/** What an action is about, as far as it applies; ids are row ids, amounts exact decimals as text. */
export type ActionTerms = {
  readonly salesOrderLineId: number | null;
  readonly variantId: number | null;
  readonly warehouseId: number | null;
  readonly supplierId: number | null;
  readonly purchaseOrderId: number | null;
  readonly shipmentReference: string | null;
  readonly quantity: number | null;
  readonly amount: string | null;
  readonly currencyCode: string | null;
  readonly queue: string | null;
};
/** What to do about a complaint: for the customer, or about the goods. */
export type ActionDecision = {
  readonly topic: 'CUSTOMER' | 'SUPPLY';
  readonly action: ComplaintActionKind;
  readonly terms: ActionTerms;
  /** Name of the rule of the policy that led to it. */
  readonly rule: string;
  /** The rule with its numbers, one sentence. */
  readonly explanation: string;
  readonly needsSecondPerson: boolean;
};
type Try = ActionDecision | { readonly rule: string; readonly explanation: string };

const noTerms: ActionTerms = {
  salesOrderLineId: null,
  variantId: null,
  warehouseId: null,
  supplierId: null,
  purchaseOrderId: null,
  shipmentReference: null,
  quantity: null,
  amount: null,
  currencyCode: null,
  queue: null,
};
const critical = 4;

/**
 * Decides what to do about a complaint: one step for the customer, and where many complain about the goods or miss them, one
 * about the goods. Nothing for a complaint that is settled. What no rule covers is a person's matter.
 */
export function decideActions(facts: ComplaintFacts, policy: ComplaintPolicy): ActionDecision[] {
  if (facts.status === 'RESOLVED' || facts.status === 'CLOSED') return [];
  const doubt = findDoubt(facts);
  if (doubt !== null) return [toHuman(facts, doubt)];
  const wish = findWish(facts.intent, facts.category);
  const customer =
    wish === 'REFUND'
      ? tryRefund(facts, policy)
      : wish === 'REMEDY'
        ? tryRemedy(facts, policy)
        : wish === 'DELIVERY'
          ? tryExpedite(facts, policy)
          : {
              rule: 'NO_ACTION_OF_ITS_OWN',
              explanation: `The intent '${facts.intent}' asks for an answer only.`,
            };
  const supply =
    wish === 'REMEDY' ? tryClaim(facts, policy) : wish === 'DELIVERY' ? tryRecount(facts, policy) : null;
  return ['action' in customer ? customer : toHuman(facts, customer), ...(supply === null ? [] : [supply])];
}

/** Why the triage alone is too little to act upon; null where it is enough. */
function findDoubt(facts: ComplaintFacts): { readonly rule: string; readonly explanation: string } | null {
  const { isCorrected, abstainReason, confidence, intentAccept, severity } = facts;
  if (severity === critical)
    return { rule: 'CRITICAL_SEVERITY', explanation: 'A person decides where the severity is critical.' };
  if (isCorrected) return null;
  if (abstainReason !== null)
    return { rule: 'TRIAGE_ABSTAINED', explanation: `The triage abstained: ${abstainReason}.` };
  if (intentAccept === null || confidence >= intentAccept) return null;
  const explanation = `The confidence ${confidence.toFixed(3)} is below ${intentAccept.toFixed(3)}, from which the intent is accepted.`;
  return { rule: 'LOW_CONFIDENCE', explanation };
}

function toHuman(
  { category, abstainReason, isCorrected }: ComplaintFacts,
  why: { readonly rule: string; readonly explanation: string },
): ActionDecision {
  const queue = queueOf(category, isCorrected ? null : abstainReason);
  return {
    ...why,
    topic: 'CUSTOMER',
    action: 'HUMAN',
    terms: { ...noTerms, queue },
    needsSecondPerson: false,
  };
}

/** Why a line cannot be put right by money or goods at all; null where it can. */
function findLineProblem(facts: ComplaintFacts) {
  if (facts.salesOrderLineId === null)
    return { rule: 'ORDER_LINE_UNKNOWN', explanation: 'No line of imported sales is the one it is about.' };
  if (facts.isReplaced)
    return { rule: 'REPLACED_BEFORE', explanation: 'Goods were sent again for this order line.' };
  if (Number(facts.refundable) > 0) return null;
  return { rule: 'REFUNDED_BEFORE', explanation: 'This order line was refunded.' };
}

function tryRefund(facts: ComplaintFacts, policy: ComplaintPolicy): Try {
  const problem = findLineProblem(facts);
  if (problem !== null) return problem;
  const { orderAgeDays, refundable, currencyCode, variantId, salesOrderLineId, orderQuantity } = facts;
  const days = `${orderAgeDays} days after the order, of ${policy.refundWindowDays} allowed`;
  if ((orderAgeDays ?? 0) > policy.refundWindowDays)
    return { rule: 'REFUND_WINDOW_OVER', explanation: `It was sent ${days}.` };
  const needsSecondPerson = Number(refundable) > policy.secondPersonAbove;
  const limit = needsSecondPerson ? ` and above ${policy.secondPersonAbove}, so two people decide` : '';
  return {
    topic: 'CUSTOMER',
    action: 'REFUND',
    terms: {
      ...noTerms,
      salesOrderLineId,
      variantId,
      quantity: orderQuantity,
      amount: refundable,
      currencyCode,
    },
    rule: 'REFUND_WITHIN_WINDOW',
    explanation: `It was sent ${days}; the line's price not yet refunded is ${Number(refundable)} ${currencyCode}${limit}.`,
    needsSecondPerson,
  };
}

/** New goods where there are some, else the money. */
function tryRemedy(facts: ComplaintFacts, policy: ComplaintPolicy): Try {
  const problem = findLineProblem(facts);
  if (problem !== null) return problem;
  const { orderAgeDays, available, orderQuantity, stockWarehouseId, variantId, salesOrderLineId } = facts;
  const isInStock = (available ?? 0) >= (orderQuantity ?? 0) && stockWarehouseId !== null;
  if (!isInStock || (orderAgeDays ?? 0) > policy.replacementWindowDays) return tryRefund(facts, policy);
  return {
    topic: 'CUSTOMER',
    action: 'REPLACEMENT',
    terms: {
      ...noTerms,
      salesOrderLineId,
      variantId,
      warehouseId: stockWarehouseId,
      quantity: orderQuantity,
    },
    rule: 'REPLACEMENT_IN_STOCK',
    explanation: `It was sent ${orderAgeDays} days after the order, of ${policy.replacementWindowDays} allowed; ${orderQuantity} units are asked for and can be promised.`,
    needsSecondPerson: false,
  };
}

function tryExpedite(facts: ComplaintFacts, policy: ComplaintPolicy): Try {
  const { isComplaint, orderAgeDays, shipmentReference, purchaseOrderId, variantId } = facts;
  if (isComplaint !== true && (orderAgeDays ?? 0) < policy.expediteAfterDays)
    return {
      rule: 'NOT_LATE',
      explanation: `It is no complaint, and no order of ${policy.expediteAfterDays} days or more is known.`,
    };
  const expedite = { topic: 'CUSTOMER', action: 'EXPEDITE', needsSecondPerson: false } as const;
  if (shipmentReference !== null && !facts.isShipmentExpedited)
    return {
      ...expedite,
      terms: { ...noTerms, shipmentReference },
      rule: 'SHIPMENT_LATE',
      explanation: 'The shipment is missed and nobody has hurried it.',
    };
  const isShort = variantId !== null && (facts.available ?? 0) < (facts.orderQuantity ?? 1);
  if (shipmentReference === null && isShort && purchaseOrderId !== null && !facts.isOrderExpedited)
    return {
      ...expedite,
      terms: { ...noTerms, variantId, purchaseOrderId },
      rule: 'SUPPLY_LATE',
      explanation: `Too few units can be promised; the next order of them is expected on ${facts.expectedOn ?? 'no known day'}.`,
    };
  return {
    rule: 'NOTHING_TO_HURRY',
    explanation: 'There is no shipment and no purchase order that could be hurried.',
  };
}

/** A claim where far more people complain about a variant than before. */
function tryClaim(facts: ComplaintFacts, policy: ComplaintPolicy): ActionDecision | null {
  const { supplierId, variantId, recentComplaints, earlierComplaints, claimAmount, claimCurrencyCode } =
    facts;
  const expected = (earlierComplaints * countedDays.recent) / countedDays.earlier;
  const isJump =
    recentComplaints >= policy.claimComplaints && recentComplaints >= policy.claimFactor * expected;
  if (supplierId === null || variantId === null || claimAmount === null || !isJump) return null;
  return {
    topic: 'SUPPLY',
    action: 'SUPPLIER_CLAIM',
    terms: {
      ...noTerms,
      salesOrderLineId: facts.salesOrderLineId,
      variantId,
      supplierId,
      quantity: facts.orderQuantity ?? 1,
      amount: claimAmount,
      currencyCode: claimCurrencyCode,
    },
    rule: 'COMPLAINTS_JUMPED',
    explanation: `There were ${recentComplaints} complaints about the variant in ${countedDays.recent} days, ${expected.toFixed(1)} were to be expected.`,
    needsSecondPerson: false,
  };
}

/** A recount where a warehouse says that it has what several of its customers miss. */
function tryRecount(facts: ComplaintFacts, policy: ComplaintPolicy): ActionDecision | null {
  const { variantId, homeWarehouseId, onHand, missedOrders, isRecounted } = facts;
  if (variantId === null || homeWarehouseId === null || isRecounted) return null;
  if ((onHand ?? 0) === 0 || missedOrders < policy.recountComplaints) return null;
  return {
    topic: 'SUPPLY',
    action: 'RECOUNT',
    terms: { ...noTerms, variantId, warehouseId: homeWarehouseId },
    rule: 'MISSED_THOUGH_ON_HAND',
    explanation: `${missedOrders} customers asked where it is in ${countedDays.recent} days, though the warehouse has ${onHand} units on hand.`,
    needsSecondPerson: false,
  };
}
