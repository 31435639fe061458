import type { StatementCount } from './database/statementMeter.ts';
import type { NodeType } from './globalId.ts';
import type { ModelRun } from './inference/inferenceRuntime.ts';
import type { Loaders } from './server/loaders.ts';
import type { Services } from './services.ts';

/** What every resolver gets: services made once, loaders fresh for each request. Prisma is not in it. */
export type Context = {
  readonly requestId: string;
  readonly services: Services;
  readonly loaders: Loaders;
  /** Whether texts of customers are shown as written; else they are masked. */
  readonly canReadPersonalData: boolean;
  /** SQL statements sent for this request so far. */
  readonly statements: StatementCount;
  /** Model runs that this request's rows took part in. */
  readonly modelRuns: ModelRun[];
};

/** Any row that `node(id:)` yields, tagged with its GraphQL type. */
export type NodeRow = { readonly __typename: NodeType };
