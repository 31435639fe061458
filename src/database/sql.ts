/**
 * The seam over the two drivers. Values come back alike from both: `int8` as number, `numeric` as string,
 * `date` as 'YYYY-MM-DD', `timestamptz` as Date, arrays and JSON parsed. Only repositories import it.
 */
export type Sql = {
  /** Runs one statement with `$1 …` parameters; JSON parameters go in as text with a `::jsonb` cast. */
  query<Row>(text: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Runs a script of several statements without parameters. */
  execute(script: string): Promise<void>;
  /**
   * Runs `work` in one READ COMMITTED transaction: commits when it resolves, rolls back when it rejects.
   * Inside, use only the `Sql` handed to `work`: the embedded database has one connection, and waiting for
   * another statement from within a transaction would wait for ever.
   */
  transaction<Result>(work: (sql: Sql) => Promise<Result>): Promise<Result>;
};
