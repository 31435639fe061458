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

/** Makes the connection of a page. */
export function toConnection<Row>(page: Page<Row>, countRows: () => Promise<number>): Connection<Row> {
  const edges = page.rows.map((node) => ({ cursor: page.cursorOf(node), node }));
  return {
    edges,
    nodes: page.rows,
    pageInfo: {
      hasNextPage: page.hasNextPage,
      hasPreviousPage: page.hasPreviousPage,
      startCursor: edges[0]?.cursor ?? null,
      endCursor: edges.at(-1)?.cursor ?? null,
    },
    countRows,
  };
}

/** Field resolvers of every connection type. */
export const connectionFields = {
  totalCount: (connection: { countRows(): Promise<number> }): Promise<number> => connection.countRows(),
};
