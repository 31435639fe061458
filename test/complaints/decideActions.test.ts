import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decideActions } from '../../src/complaints/actions/decideActions.ts';
import type { ComplaintFacts } from '../../src/complaints/actions/facts.ts';
import { defaultPolicy } from '../../src/complaints/actions/policy.ts';

/** A complaint about an order line of nine days ago that is in stock. */
const plain: ComplaintFacts = {
  complaintId: 1,
  status: 'OPEN',
  submittedAt: '2026-03-01T10:00:00.000Z',
  modelName: 'triage',
  modelVersion: '1.0.0',
  intent: 'complaint',
  isCorrected: false,
  confidence: 0.97,
  intentAccept: 0.9,
  abstainReason: null,
  category: 'feedback',
  severity: 2,
  isComplaint: true,
  salesOrderNumber: 'R-1',
  shipmentReference: null,
  carrier: null,
  isShipmentExpedited: false,
  variantId: 2,
  supplierId: 3,
  claimAmount: '5.0000',
  claimCurrencyCode: 'EUR',
  salesOrderLineId: 4,
  orderQuantity: 2,
  unitPrice: '10.0000',
  currencyCode: 'EUR',
  orderAgeDays: 9,
  refundable: '20.0000',
  isReplaced: false,
  stockWarehouseId: 5,
  available: 7,
  homeWarehouseId: 6,
  onHand: 8,
  isRecounted: false,
  purchaseOrderId: 9,
  expectedOn: '2026-03-20',
  isOrderExpedited: false,
  recentComplaints: 1,
  earlierComplaints: 0,
  missedOrders: 0,
};
const decide = (change: Partial<ComplaintFacts>) =>
  decideActions({ ...plain, ...change }, defaultPolicy).map(({ action, rule }) => [action, rule]);

describe('what is proposed for the customer', () => {
  const refund = { intent: 'get_refund', category: 'refund' };
  const late = { intent: 'track_order', category: 'order' };
  it.each<[string, Partial<ComplaintFacts>, string, string]>([
    ['broken goods in stock', {}, 'REPLACEMENT', 'REPLACEMENT_IN_STOCK'],
    ['broken goods, one too few in stock', { available: 1 }, 'REFUND', 'REFUND_WITHIN_WINDOW'],
    [
      'broken goods, none in stock, too late',
      { available: 0, orderAgeDays: 31 },
      'HUMAN',
      'REFUND_WINDOW_OVER',
    ],
    ['broken goods after the warranty', { orderAgeDays: 366 }, 'HUMAN', 'REFUND_WINDOW_OVER'],
    ['a refund on the last day', { ...refund, orderAgeDays: 30 }, 'REFUND', 'REFUND_WITHIN_WINDOW'],
    ['a refund a day late', { ...refund, orderAgeDays: 31 }, 'HUMAN', 'REFUND_WINDOW_OVER'],
    ['a refund without an order', { ...refund, salesOrderLineId: null }, 'HUMAN', 'ORDER_LINE_UNKNOWN'],
    ['a second refund', { ...refund, refundable: '0.0000' }, 'HUMAN', 'REFUNDED_BEFORE'],
    ['a refund of what was replaced', { ...refund, isReplaced: true }, 'HUMAN', 'REPLACED_BEFORE'],
    ['a missing shipment', { ...late, shipmentReference: 'S-1' }, 'EXPEDITE', 'SHIPMENT_LATE'],
    [
      'a shipment hurried before',
      { ...late, shipmentReference: 'S-1', isShipmentExpedited: true },
      'HUMAN',
      'NOTHING_TO_HURRY',
    ],
    ['missing goods that are out of stock', { ...late, available: 1 }, 'EXPEDITE', 'SUPPLY_LATE'],
    ['missing goods that are in stock', late, 'HUMAN', 'NOTHING_TO_HURRY'],
    [
      'a question about a young order',
      { ...late, isComplaint: false, orderAgeDays: 6, shipmentReference: 'S-1' },
      'HUMAN',
      'NOT_LATE',
    ],
    [
      'a question about an old order',
      { ...late, isComplaint: false, orderAgeDays: 7, shipmentReference: 'S-1' },
      'EXPEDITE',
      'SHIPMENT_LATE',
    ],
    [
      'a question that words answer',
      { intent: 'check_refund_policy', category: 'refund' },
      'HUMAN',
      'NO_ACTION_OF_ITS_OWN',
    ],
    [
      'an intent of a team, by its category',
      { intent: 'money_please', category: 'refund' },
      'REFUND',
      'REFUND_WITHIN_WINDOW',
    ],
    [
      'an intent of a team without a known category',
      { intent: 'money_please', category: 'money' },
      'HUMAN',
      'NO_ACTION_OF_ITS_OWN',
    ],
    [
      'an intent named as a method of objects',
      { intent: 'constructor', category: 'toString' },
      'HUMAN',
      'NO_ACTION_OF_ITS_OWN',
    ],
    ['an intent below the acceptance of its card', { confidence: 0.89 }, 'HUMAN', 'LOW_CONFIDENCE'],
    ['an intent at the acceptance of its card', { confidence: 0.9 }, 'REPLACEMENT', 'REPLACEMENT_IN_STOCK'],
    ['a text on which the triage abstained', { abstainReason: 'OUT_OF_SCOPE' }, 'HUMAN', 'TRIAGE_ABSTAINED'],
    [
      'the same, once a person said what it is',
      { abstainReason: 'OUT_OF_SCOPE', isCorrected: true },
      'REPLACEMENT',
      'REPLACEMENT_IN_STOCK',
    ],
    ['a critical matter, whoever said so', { severity: 4, isCorrected: true }, 'HUMAN', 'CRITICAL_SEVERITY'],
  ])('for %s follows from the facts', (_, change, action, rule) => {
    expect(decide(change)).toEqual([[action, rule]]);
  });

  it('is nothing once the complaint is settled', () => {
    expect(decide({ status: 'RESOLVED' })).toEqual([]);
    expect(decide({ status: 'CLOSED' })).toEqual([]);
  });

  it('asks for two people above the amount that one may refund', () => {
    const needs = (refundable: string) =>
      decideActions({ ...plain, ...refund, refundable }, defaultPolicy)[0]?.needsSecondPerson;
    expect([needs('100.0000'), needs('100.0100')]).toEqual([false, true]);
  });

  it('names the queue by category, and that of languages where no model reads the text', () => {
    const queue = (change: Partial<ComplaintFacts>) =>
      decideActions({ ...plain, ...change }, defaultPolicy)[0]?.terms.queue;
    expect(queue({ intent: 'get_invoice', category: 'invoice' })).toBe('billing');
    expect(queue({ abstainReason: 'UNSUPPORTED_LANGUAGE', category: 'invoice' })).toBe('languages');
    expect(queue({ abstainReason: 'TOO_SHORT', category: 'invoice' })).toBe('care');
    expect(queue({ intent: 'x', category: 'constructor' })).toBe('care');
  });
});

describe('what is proposed about the goods', () => {
  it('is a claim on the supplier once complaints jump', () => {
    const claim = ['SUPPLIER_CLAIM', 'COMPLAINTS_JUMPED'];
    expect(decide({ recentComplaints: 5, earlierComplaints: 5 })).toContainEqual(claim);
    expect(decide({ recentComplaints: 4, earlierComplaints: 0 })).not.toContainEqual(claim);
    expect(decide({ recentComplaints: 5, earlierComplaints: 6 })).not.toContainEqual(claim);
    expect(decide({ recentComplaints: 9, supplierId: null })).not.toContainEqual(claim);
  });

  it('is a recount where customers miss what the warehouse has, unless one is under way', () => {
    const late = { intent: 'track_order', category: 'order' };
    const recount = ['RECOUNT', 'MISSED_THOUGH_ON_HAND'];
    expect(decide({ ...late, missedOrders: 3 })).toContainEqual(recount);
    expect(decide({ ...late, missedOrders: 2 })).not.toContainEqual(recount);
    expect(decide({ ...late, missedOrders: 3, onHand: 0 })).not.toContainEqual(recount);
    expect(decide({ ...late, missedOrders: 3, isRecounted: true })).not.toContainEqual(recount);
  });
});

it('never proposes money or goods without a line, a doubt apart, nor more than is left of it', () => {
  fc.assert(
    fc.property(
      fc.constantFrom('complaint', 'get_refund', 'track_order', 'other'),
      fc.option(fc.integer({ min: 1, max: 9 }), { nil: null }),
      fc.integer({ min: 0, max: 400 }),
      fc.integer({ min: 0, max: 300 }),
      fc.boolean(),
      (intent, salesOrderLineId, orderAgeDays, refundable, isReplaced) => {
        const facts = {
          ...plain,
          intent,
          salesOrderLineId,
          orderAgeDays,
          refundable: `${refundable}.0000`,
          isReplaced,
        };
        const decisions = decideActions(facts, defaultPolicy);
        expect(decisions.filter(({ topic }) => topic === 'CUSTOMER')).toHaveLength(1);
        for (const { action, terms } of decisions) {
          if (action !== 'REFUND' && action !== 'REPLACEMENT') continue;
          expect(salesOrderLineId).not.toBeNull();
          expect(isReplaced).toBe(false);
          expect(refundable).toBeGreaterThan(0);
          if (action === 'REFUND') expect(terms.amount).toBe(facts.refundable);
          if (action === 'REFUND') expect(orderAgeDays).toBeLessThanOrEqual(30);
        }
      },
    ),
  );
});
