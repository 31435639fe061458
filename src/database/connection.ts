import type { Page } from './page.ts';

/** A page as the API shows it; rows are counted only when `totalCount` is asked for. */
export type Connection<Row> = {
  readonly edges: readonly { readonly cursor: string; readonly node: Row }[];
  readonly nodes: readonly Row[];
  readonly pageInfo: {
    readonly hasNextPage: boolean;
    readonly hasPreviousPage: boolean;
    readonly startCursor: string | null;
    readonly endCursor: string | null;
  };
  countRows(): Promise<number>;
};

/** Makes the connection of a page; cursors are made only when they are asked for. */
export function toConnection<Row>(page: Page<Row>, countRows: () => Promise<number>): Connection<Row> {
  const { rows, hasNextPage, hasPreviousPage, cursorOf } = page;
  const cursorAt = (index: number) => {
    const row = rows.at(index);
    return row === undefined ? null : cursorOf(row);
  };
  return {
    get edges() {
      return rows.map((node) => ({ cursor: cursorOf(node), node }));
    },
    nodes: rows,
    get pageInfo() {
      return { hasNextPage, hasPreviousPage, startCursor: cursorAt(0), endCursor: cursorAt(-1) };
    },
    countRows,
  };
}

/** Field resolvers of every connection type. */
export const connectionFields = {
  totalCount: (connection: { countRows(): Promise<number> }): Promise<number> => connection.countRows(),
};
