import { badInput } from '../errors.ts';

/** Relay's four paging arguments, as the client sent them. */
export type PageArguments = {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
  readonly last?: number | null | undefined;
  readonly before?: string | null | undefined;
};

/** How a list is ordered: one not-null column, ties by id. */
export type PageOrder = {
  /** Names the list and its order; a cursor of another scope is refused. */
  readonly scope: string;
  /** SQL of the sort value, and its SQL type for the cursor's parameter. */
  readonly column: string;
  readonly type: 'int' | 'bigint' | 'text' | 'numeric' | 'timestamptz';
  /** SQL of the id. */
  readonly idColumn: string;
  readonly direction: 'ASC' | 'DESC';
};

/** What every paged row carries beside its own columns. */
export type PageRow = { readonly id: number; readonly sortKey: string };

/** One page; `nodes` in list order. */
export type Page<Row> = {
  readonly rows: readonly Row[];
  readonly hasNextPage: boolean;
  readonly hasPreviousPage: boolean;
  readonly cursorOf: (row: Row) => string;
};

/** The SQL of one page. `parameters` follow those the caller has already used. */
export type PagePlan = {
  /** `sort_value::text AS "sortKey"`: to be selected. */
  readonly select: string;
  /** Conditions on the cursors, or `TRUE`. */
  readonly where: string;
  readonly orderBy: string;
  readonly limit: number;
  readonly parameters: readonly unknown[];
  toPage<Row extends PageRow>(rows: readonly Row[]): Page<Row>;
};

/** Whether a text is a sort value of its type, so that a forged cursor is refused here and not by the database. */
const isValue: Readonly<Record<PageOrder['type'], (text: string) => boolean>> = {
  int: (text) => /^-?\d{1,10}$/.test(text) && Math.abs(Number(text)) < 2_147_483_648,
  bigint: (text) => /^-?\d{1,18}$/.test(text),
  numeric: (text) => /^-?\d{1,20}(\.\d{1,10})?$/.test(text),
  text: (text) => !text.includes('\0'),
  timestamptz: (text) =>
    /^\d{4}-\d\d-\d\d ([01]\d|2[0-3])(:[0-5]\d){2}(\.\d{1,6})?[+-](0\d|1[0-4])(:[0-5]\d){0,2}$/.test(text) &&
    isDay(text.slice(0, 10)),
};
const maximumSize = 100;
const defaultSize = 20;

/**
 * Plans one page by key-set (sort value + id, never an offset), so that the cost does not grow with the depth of
 * the page and rows inserted meanwhile shift nothing. Source: Relay Cursor Connections Specification, §4.
 * Throws BAD_USER_INPUT for a size outside 0–100, `first` with `last`, and a cursor that is another list's.
 */
export function planPage(arguments_: PageArguments, order: PageOrder, usedParameters: number): PagePlan {
  const isBackward = checkSizes(arguments_);
  const size = arguments_.first ?? arguments_.last ?? defaultSize;
  const parameters: unknown[] = [];
  const conditions: string[] = [];
  const bound = (name: 'after' | 'before') => {
    const cursor = arguments_[name];
    if (cursor === null || cursor === undefined) return;
    const [value, id] = decodeCursor(cursor, order, name);
    const isGreater = (name === 'after') === (order.direction === 'ASC');
    const start = usedParameters + parameters.length;
    parameters.push(value, id);
    conditions.push(
      `(${order.column}, ${order.idColumn}) ${isGreater ? '>' : '<'} ($${start + 1}::${order.type}, $${start + 2}::bigint)`,
    );
  };
  bound('after');
  bound('before');
  const direction = isBackward === (order.direction === 'ASC') ? 'DESC' : 'ASC';
  return {
    select: `${order.column}::text AS "sortKey"`,
    where: conditions.length === 0 ? 'TRUE' : conditions.join(' AND '),
    orderBy: `${order.column} ${direction}, ${order.idColumn} ${direction}`,
    limit: size + 1,
    parameters,
    toPage<Row extends PageRow>(found: readonly Row[]): Page<Row> {
      const hasMore = found.length > size;
      const rows = hasMore ? found.slice(0, size) : [...found];
      if (isBackward) rows.reverse();
      return {
        rows,
        hasNextPage: isBackward ? isGiven(arguments_.before) : hasMore,
        hasPreviousPage: isBackward ? hasMore : isGiven(arguments_.after),
        cursorOf: (row) => encodeCursor(order.scope, row.sortKey, row.id),
      };
    },
  };
}

function checkSizes({ first, last }: PageArguments): boolean {
  if (isGiven(first) && isGiven(last))
    throw badInput('Either first or last must be given, got both.', ['first']);
  for (const [name, size] of Object.entries({ first, last }))
    if (isGiven(size) && (size < 0 || size > maximumSize))
      throw badInput(`${name} must be 0 to ${maximumSize}, got ${size}.`, [name]);
  return isGiven(last);
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}

function isDay(text: string): boolean {
  const day = new Date(`${text}T00:00:00Z`);
  return text >= '0001' && !Number.isNaN(day.getTime()) && day.toISOString().startsWith(text);
}

function encodeCursor(scope: string, sortKey: string, id: number): string {
  return Buffer.from(JSON.stringify([scope, sortKey, id])).toString('base64url');
}

function decodeCursor(cursor: string, { scope, type }: PageOrder, argument: string): [string, number] {
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    if (
      Array.isArray(parts) &&
      parts[0] === scope &&
      typeof parts[1] === 'string' &&
      isValue[type](parts[1]) &&
      Number.isSafeInteger(parts[2])
    )
      return [parts[1], parts[2] as number];
  } catch {
    // falls through to the one sentence below
  }
  throw badInput(`${argument} must be a cursor of this list in this order, got '${cursor.slice(0, 60)}'.`, [
    argument,
  ]);
}
