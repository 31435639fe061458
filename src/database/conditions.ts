import { badInput } from '../errors.ts';

/** `StringFilter`, `NumberFilter` and `DateFilter` of the API. */
export type StringFilter = {
  readonly eq?: string | null | undefined;
  readonly in?: readonly string[] | null | undefined;
  readonly contains?: string | null | undefined;
};
export type NumberFilter = {
  readonly eq?: number | null | undefined;
  readonly gt?: number | null | undefined;
  readonly gte?: number | null | undefined;
  readonly lt?: number | null | undefined;
  readonly lte?: number | null | undefined;
};
export type DateFilter = {
  readonly after?: Date | null | undefined;
  readonly before?: Date | null | undefined;
};

const maximumListLength = 100;
const comparisons = { eq: '=', gt: '>', gte: '>=', lt: '<', lte: '<=' } as const;

/** Collects the WHERE clause of one list and its parameters; columns are SQL of ours, values always parameters. */
export class Conditions {
  readonly parameters: unknown[] = [];
  readonly #clauses: string[] = [];

  /** Adds a clause; `sql` gets the placeholder of the value. */
  add(value: unknown, sql: (placeholder: string) => string): void {
    this.parameters.push(value);
    this.#clauses.push(sql(`$${this.parameters.length}`));
  }

  string(column: string, filter: StringFilter | null | undefined, field: string): void {
    if (filter === null || filter === undefined) return;
    for (const [operator, text] of Object.entries(filter))
      if (isGiven(text)) checkText(text, `${field}.${operator}`);
    if (isGiven(filter.eq)) this.add(filter.eq, (p) => `${column} = ${p}`);
    this.anyOf(column, 'text', filter.in, `${field}.in`);
    if (isGiven(filter.contains))
      this.add(`%${filter.contains.replace(/[\\%_]/g, '\\$&')}%`, (p) => `${column} ILIKE ${p}`);
  }

  number(column: string, filter: NumberFilter | null | undefined): void {
    if (filter === null || filter === undefined) return;
    for (const [name, operator] of Object.entries(comparisons)) {
      const value = filter[name as keyof NumberFilter]; // the keys of `comparisons`
      if (isGiven(value)) this.add(value, (p) => `${column} ${operator} ${p}::double precision`);
    }
  }

  date(column: string, filter: DateFilter | null | undefined): void {
    if (isGiven(filter?.after)) this.add(filter.after, (p) => `${column} >= ${p}::timestamptz`);
    if (isGiven(filter?.before)) this.add(filter.before, (p) => `${column} < ${p}::timestamptz`);
  }

  /** `column` is one of `values`; null or undefined is no condition, an empty list matches nothing. */
  anyOf(column: string, type: string, values: readonly unknown[] | null | undefined, field: string): void {
    if (!isGiven(values)) return;
    if (values.length > maximumListLength)
      throw badInput(
        `${field} must have at most ${maximumListLength} entries, got ${values.length}.`,
        field.split('.'),
      );
    this.add(values, (p) => `${column} = ANY(${p}::${type}[])`);
  }

  /** The whole condition, `TRUE` where there is none. */
  get sql(): string {
    return this.#clauses.length === 0 ? 'TRUE' : this.#clauses.join(' AND ');
  }
}

/** PostgreSQL holds no U+0000 in texts. */
function checkText(text: string | readonly string[], field: string): void {
  if ([text].flat().some((part) => part.includes('\0')))
    throw badInput(`${field} must not contain the character U+0000.`, field.split('.'));
}

function isGiven<Value>(value: Value | null | undefined): value is Value {
  return value !== null && value !== undefined;
}
