/** What a shop allows to be done about complaints; amounts are in the order's currency. */
export type ComplaintPolicy = {
  /** Days after the order within which a refund may be proposed. */
  readonly refundWindowDays: number;
  /** Days after the order within which goods are replaced. */
  readonly replacementWindowDays: number;
  /** Amount above which a refund needs a second person to carry it out. */
  readonly secondPersonAbove: number;
  /** Days after the order from which a question where it is calls for hurry, also where it is no complaint. */
  readonly expediteAfterDays: number;
  /** Complaints about a variant in 28 days from which a claim on its supplier is proposed … */
  readonly claimComplaints: number;
  /** … where they are this many times what the 84 days before lead to expect. */
  readonly claimFactor: number;
  /** Customers who miss a variant in 28 days, though their warehouse has it on hand, from which it is recounted. */
  readonly recountComplaints: number;
};

/** What holds where a shop says nothing: 30 days to return, a year of warranty. */
export const defaultPolicy: ComplaintPolicy = {
  refundWindowDays: 30,
  replacementWindowDays: 365,
  secondPersonAbove: 100,
  expediteAfterDays: 7,
  claimComplaints: 5,
  claimFactor: 3,
  recountComplaints: 3,
};

/** Days over which complaints about a variant are counted, and those before that they are compared with. */
export const countedDays = { recent: 28, earlier: 84 } as const;

/** What customers may want that more than words answer. */
export type Wish = 'REFUND' | 'REMEDY' | 'DELIVERY';

/** What each intent of the shipped model asks for; null is a matter for a person. */
const wishes: Readonly<Record<string, Wish | null>> = {
  cancel_order: null,
  change_order: null,
  change_shipping_address: null,
  check_cancellation_fee: null,
  check_invoice: null,
  check_payment_methods: null,
  check_refund_policy: null,
  complaint: 'REMEDY',
  contact_customer_service: null,
  contact_human_agent: null,
  create_account: null,
  delete_account: null,
  delivery_options: null,
  delivery_period: 'DELIVERY',
  edit_account: null,
  get_invoice: null,
  get_refund: 'REFUND',
  newsletter_subscription: null,
  payment_issue: null,
  place_order: null,
  recover_password: null,
  registration_problems: null,
  review: null,
  set_up_shipping_address: null,
  switch_account: null,
  track_order: 'DELIVERY',
  track_refund: null,
};
/** What categories ask for where a team's own model has other intents. */
const wishesOfCategories: Readonly<Record<string, Wish>> = {
  refund: 'REFUND',
  delivery: 'DELIVERY',
  feedback: 'REMEDY',
};

/** What an intent asks for; one that is not known goes by its category. */
export function findWish(intent: string, category: string | null): Wish | null {
  return Object.hasOwn(wishes, intent)
    ? (wishes[intent] ?? null)
    : Object.hasOwn(wishesOfCategories, category ?? '')
      ? (wishesOfCategories[category ?? ''] ?? null)
      : null;
}

const queues: Readonly<Record<string, string>> = {
  account: 'accounts',
  cancellation_fee: 'billing',
  delivery: 'logistics',
  invoice: 'billing',
  order: 'logistics',
  payment: 'billing',
  refund: 'billing',
  shipping_address: 'logistics',
};

/** The queue of people that takes a complaint; `languages` for texts that no model reads. */
export function queueOf(category: string | null, abstainReason: string | null): string {
  if (abstainReason === 'UNSUPPORTED_LANGUAGE') return 'languages';
  const isKnown = abstainReason === null && Object.hasOwn(queues, category ?? '');
  return isKnown ? (queues[category ?? ''] ?? 'care') : 'care';
}
