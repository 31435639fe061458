import { Conditions, type DateFilter, type NumberFilter, type StringFilter } from '../database/conditions.ts';
import type { Connection } from '../database/connection.ts';
import { listPage } from '../database/listPage.ts';
import type { PageArguments, PageOrder, PageRow } from '../database/page.ts';
import type { Sql } from '../database/sql.ts';
import { badInput } from '../errors.ts';
import type {
  ComplaintChannel,
  ComplaintOrderField,
  ComplaintSentiment,
  ComplaintSeverity,
  ComplaintStatus,
  ComplaintTriageState,
  OrderDirection,
} from '../generated/graphql.ts';
import { placeOf, sentiments, severities } from './labels.ts';

/** What a complaint is about; ids are row ids. */
export type ComplaintSubject = {
  readonly salesOrderNumber: string | null;
  readonly variantId: number | null;
  readonly shipmentReference: string | null;
  readonly carrier: string | null;
  readonly warehouseId: number | null;
  readonly supplierId: number | null;
};
/** A stored complaint; `severity` and `sentiment` are places of their lists counted from 1, 0 for none. */
export type ComplaintRow = PageRow &
  ComplaintSubject & {
    readonly customerReference: string | null;
    readonly channel: ComplaintChannel;
    /** Null once deleted on request. */
    readonly text: string | null;
    readonly maskedText: string;
    readonly status: ComplaintStatus;
    readonly assignee: string | null;
    readonly submittedAt: Date;
    readonly triageState: ComplaintTriageState;
    readonly intent: string | null;
    readonly severity: number;
    readonly sentiment: number;
    readonly isComplaint: boolean | null;
  };
export type ComplaintConnection = Connection<ComplaintRow>;
/** A complaint before it is stored. */
export type NewComplaint = ComplaintSubject &
  Pick<ComplaintRow, 'customerReference' | 'channel' | 'maskedText' | 'submittedAt'> & {
    readonly text: string;
  };
/** What of a complaint may change. */
export type ComplaintChange = ComplaintSubject & Pick<ComplaintRow, 'status' | 'assignee'>;
/** What narrows a list of complaints; ids are row ids. */
export type ComplaintListFilter = {
  readonly intents?: readonly string[] | null | undefined;
  readonly severities?: readonly ComplaintSeverity[] | null | undefined;
  readonly sentiments?: readonly ComplaintSentiment[] | null | undefined;
  readonly isComplaint?: boolean | null | undefined;
  readonly confidence?: NumberFilter | null | undefined;
  readonly variantIds?: readonly number[] | null | undefined;
  readonly statuses?: readonly ComplaintStatus[] | null | undefined;
  readonly triageStates?: readonly ComplaintTriageState[] | null | undefined;
  readonly channels?: readonly ComplaintChannel[] | null | undefined;
  readonly assignee?: StringFilter | null | undefined;
  readonly customerReference?: StringFilter | null | undefined;
  readonly submittedAt?: DateFilter | null | undefined;
  readonly orderNumbers?: readonly string[] | null | undefined;
  readonly skus?: readonly string[] | null | undefined;
  readonly search?: string | null | undefined;
};
export type ComplaintListOrder = { readonly field: ComplaintOrderField; readonly direction: OrderDirection };

const maximumSearchLength = 200;
const maximumNamed = 100;
const columns = `complaint.id, complaint.customer_reference AS "customerReference",
  complaint.sales_order_number AS "salesOrderNumber", complaint.variant_id AS "variantId",
  complaint.shipment_reference AS "shipmentReference", complaint.carrier, complaint.warehouse_id AS "warehouseId",
  complaint.supplier_id AS "supplierId", complaint.channel, complaint.text, complaint.masked_text AS "maskedText",
  complaint.status, complaint.assignee, complaint.submitted_at AS "submittedAt",
  complaint.triage_state AS "triageState", complaint.intent, complaint.severity, complaint.sentiment,
  complaint.is_complaint AS "isComplaint"`;
const sortColumns = {
  ID: { column: 'id', type: 'bigint' },
  SUBMITTED_AT: { column: 'submitted_at', type: 'timestamptz' },
  SEVERITY: { column: 'severity', type: 'int' },
  CONFIDENCE: { column: 'intent_confidence', type: 'numeric' },
} as const satisfies Record<ComplaintOrderField, Pick<PageOrder, 'column' | 'type'>>;

/** One page of complaints. */
export function listComplaints(
  sql: Sql,
  filter: ComplaintListFilter,
  { field, direction }: ComplaintListOrder,
  page: PageArguments,
): Promise<ComplaintConnection> {
  const { column, type } = sortColumns[field];
  const order = {
    scope: `complaint.${column}.${direction}`,
    column: `complaint.${column}`,
    type,
    idColumn: 'complaint.id',
    direction,
  };
  return listPage(sql, { columns, from: 'complaint', conditions: toConditions(filter), order }, page);
}

/** Complaints by id. */
export function listComplaintsById(sql: Sql, ids: readonly number[]): Promise<ComplaintRow[]> {
  return sql.query(
    `SELECT ${columns}, complaint.id::text AS "sortKey" FROM complaint WHERE id = ANY($1::int[])`,
    [ids],
  );
}

/** Locks a complaint; null where it is unknown. */
export async function lockComplaint(tx: Sql, id: number): Promise<ComplaintRow | null> {
  const [row] = await tx.query<ComplaintRow>(
    `SELECT ${columns}, complaint.id::text AS "sortKey" FROM complaint WHERE id = $1 FOR UPDATE`,
    [id],
  );
  return row ?? null;
}

/** Row ids of what a complaint names; null where there is no such row. */
export async function findSubject(
  tx: Sql,
  named: {
    readonly variantId: number | null;
    readonly sku: string | null;
    readonly warehouseId: number | null;
    readonly supplierId: number | null;
  },
): Promise<Pick<ComplaintSubject, 'variantId' | 'warehouseId' | 'supplierId'>> {
  const [row] = await tx.query<Pick<ComplaintSubject, 'variantId' | 'warehouseId' | 'supplierId'>>(
    `SELECT (SELECT id FROM product_variant WHERE id = $1::int OR sku = $2::text LIMIT 1) AS "variantId",
            (SELECT id FROM warehouse WHERE id = $3::int) AS "warehouseId",
            (SELECT id FROM supplier WHERE id = $4::int) AS "supplierId"`,
    [named.variantId, named.sku, named.warehouseId, named.supplierId],
  );
  return row ?? { variantId: null, warehouseId: null, supplierId: null };
}

/** Stores a complaint that is to be triaged; without a supplier it gets the only one that offers its variant. Yields its id. */
export async function insertComplaint(tx: Sql, complaint: NewComplaint): Promise<number> {
  const [row] = await tx.query<{ id: number }>(
    `INSERT INTO complaint (customer_reference, sales_order_number, variant_id, shipment_reference, carrier, warehouse_id,
       supplier_id, channel, text, masked_text, submitted_at)
     VALUES ($1, $2, $3, $4, $5, $6,
       COALESCE($7::int, (SELECT min(supplier_id) FROM supplier_offer WHERE variant_id = $3 HAVING count(*) = 1)),
       $8, $9, $10, $11) RETURNING id`,
    [
      complaint.customerReference,
      complaint.salesOrderNumber,
      complaint.variantId,
      complaint.shipmentReference,
      complaint.carrier,
      complaint.warehouseId,
      complaint.supplierId,
      complaint.channel,
      complaint.text,
      complaint.maskedText,
      complaint.submittedAt,
    ],
  );
  return row?.id ?? 0;
}

/** Writes what may change of a complaint that the caller has locked. */
export async function updateComplaint(tx: Sql, id: number, change: ComplaintChange): Promise<void> {
  await tx.query(
    `UPDATE complaint SET status = $2, assignee = $3, sales_order_number = $4, variant_id = $5,
            shipment_reference = $6, carrier = $7, warehouse_id = $8, supplier_id = $9 WHERE id = $1`,
    [
      id,
      change.status,
      change.assignee,
      change.salesOrderNumber,
      change.variantId,
      change.shipmentReference,
      change.carrier,
      change.warehouseId,
      change.supplierId,
    ],
  );
}

function toConditions(filter: ComplaintListFilter): Conditions {
  const conditions = new Conditions();
  const places = (list: readonly string[], labels: readonly string[] | null | undefined) =>
    labels?.map((label) => placeOf(list, label));
  for (const intent of filter.intents ?? []) refuseNul(intent, ['filter', 'intents']);
  conditions.anyOf('complaint.intent', 'text', filter.intents, 'filter.intents');
  conditions.anyOf('complaint.severity', 'int', places(severities, filter.severities), 'filter.severities');
  conditions.anyOf('complaint.sentiment', 'int', places(sentiments, filter.sentiments), 'filter.sentiments');
  if (filter.isComplaint !== null && filter.isComplaint !== undefined)
    conditions.add(filter.isComplaint, (p) => `complaint.is_complaint = ${p}::boolean`);
  conditions.number('complaint.intent_confidence', filter.confidence);
  conditions.anyOf('complaint.variant_id', 'int', filter.variantIds, 'filter.variantIds');
  conditions.anyOf('complaint.status', 'text', filter.statuses, 'filter.statuses');
  conditions.anyOf('complaint.triage_state', 'text', filter.triageStates, 'filter.triageStates');
  conditions.anyOf('complaint.channel', 'text', filter.channels, 'filter.channels');
  conditions.string('complaint.assignee', filter.assignee, 'filter.assignee');
  conditions.string('complaint.customer_reference', filter.customerReference, 'filter.customerReference');
  conditions.date('complaint.submitted_at', filter.submittedAt);
  addNamed(conditions, 'order_number', filter.orderNumbers, 'orderNumbers');
  addNamed(conditions, 'sku', filter.skus, 'skus');
  addSearch(conditions, filter.search ?? '');
  return conditions;
}

/** Complaints with texts that name one of these; of order numbers also those given with the complaint. */
function addNamed(
  conditions: Conditions,
  entity: 'order_number' | 'sku',
  values: readonly string[] | null | undefined,
  name: string,
): void {
  if (values === null || values === undefined) return;
  if (values.length > maximumNamed)
    throw badInput(`filter.${name} must have at most ${maximumNamed} entries, got ${values.length}.`, [
      'filter',
      name,
    ]);
  for (const value of values) refuseNul(value, ['filter', name]);
  conditions.add([...values, ...values.map((value) => value.toUpperCase())], (p) => {
    const given = `SELECT id FROM complaint WHERE sales_order_number = ANY(${p}::text[]) UNION ALL`;
    return `complaint.id IN (${entity === 'sku' ? '' : given}
      SELECT complaint_id FROM complaint_text_triage WHERE result -> 'entities' @> ANY(ARRAY(
        SELECT jsonb_build_array(jsonb_build_object('entity', '${entity}', 'value', value))
          FROM unnest(${p}::text[]) AS value)))`;
  });
}

function addSearch(conditions: Conditions, search: string): void {
  if (search.trim() === '') return;
  if (search.length > maximumSearchLength)
    throw badInput(
      `filter.search must have at most ${maximumSearchLength} characters, got ${search.length}.`,
      ['filter', 'search'],
    );
  refuseNul(search, ['filter', 'search']);
  conditions.add(
    search,
    (p) => `to_tsvector('english', complaint.masked_text) @@ websearch_to_tsquery('english', ${p})`,
  );
}

function refuseNul(text: string, field: readonly string[]): void {
  if (text.includes('\0')) throw badInput(`${field.join('.')} must not contain the character U+0000.`, field);
}
