import type { GatewayExecutor } from '@apollo/server-gateway-interface';
import { type ExecutionResult, type GraphQLError, type GraphQLSchema, parse, validate } from 'graphql';
import { describe, expect, it } from 'vitest';
import { DomainError } from '../../src/errors.ts';
import { makeGateway } from '../../src/server/executor.ts';
import { makeZooSchema } from './support/zooSchema.ts';

type Variables = Readonly<Record<string, unknown>>;
type Executor = 'compiled' | 'reference';
type Answer = { readonly data: unknown; readonly errors: unknown; readonly words: readonly string[] };

async function load(
  schema: GraphQLSchema,
  executor: Executor,
  requestTimeoutMs = 5_000,
): Promise<GatewayExecutor> {
  const { executor: execute } = await makeGateway(schema, { executor, requestTimeoutMs }).load({} as never); // reads none of its options
  if (execute === null) throw new Error('The gateway must have an executor.');
  return execute;
}

async function run(
  executor: Executor,
  text: string,
  variables: Variables,
  operationName?: string,
): Promise<Answer> {
  const words: string[] = [];
  const schema = makeZooSchema(words);
  const document = parse(text);
  expect(validate(schema, document)).toEqual([]);
  const execute = await load(schema, executor);
  const request = { document, request: { variables }, operationName, context: {} };
  const result: ExecutionResult = await execute(request as never); // the parts of a request that it reads
  const data: unknown = JSON.parse(JSON.stringify(result.data ?? null));
  return { data, errors: result.errors?.map(describeError), words };
}

/** Everything of an error that a client or our formatter can see. */
function describeError({ message, path, locations, extensions, originalError }: GraphQLError) {
  const cause = originalError instanceof DomainError ? { ...originalError } : undefined;
  return { message, path, locations: locations?.map(({ ...place }) => place), extensions, cause };
}

const table: readonly (readonly [string, string, Variables?])[] = [
  ['a scalar and the type name', '{ hello __typename }'],
  ['defaults and given arguments', '{ a: hello b: hello(name: "Ann") c: hello(name: null) }'],
  [
    'an interface with fragments',
    '{ animals { __typename id ... on Cat { lives } ... on Dog { owner { name } } } }',
  ],
  [
    'named fragments, spread twice',
    '{ person { ...P pets { ...A } ...P } } fragment P on Person { name bornOn } fragment A on Animal { name }',
  ],
  ['a union with a null in its list', '{ beings { __typename ... on Person { name } ... on Cat { name } } }'],
  [
    'fields merged from several places',
    '{ person { name } person { pets { id } } ... { person { bornOn } } }',
  ],
  [
    'nested lists of interfaces',
    '{ animals { ... on Dog { owner { pets { name ... on Cat { lives } } } } } }',
  ],
  [
    '@skip and @include by variables',
    'query ($yes: Boolean!, $no: Boolean!) { a: hello @skip(if: $yes) b: hello @include(if: $yes) c: hello @include(if: $no) d: hello @skip(if: $no) person @include(if: $yes) { name @skip(if: $yes) pets { id } } }',
    { yes: true, no: false },
  ],
  [
    '@skip and @include by literals',
    '{ a: hello @skip(if: true) b: hello @include(if: true) @skip(if: false) ... @include(if: false) { fails } }',
  ],
  [
    'fragments left out by a variable',
    'query ($on: Boolean!) { person { name ...P @include(if: $on) } } fragment P on Person { broken }',
    { on: false },
  ],
  ['input objects with nested defaults', '{ echo(filter: { name: "x", nested: { tags: ["a"] } }) }'],
  [
    'input objects from variables',
    'query ($f: Filter) { echo(filter: $f) }',
    { f: { name: 'x', nested: { size: 'LARGE' }, day: '2026-02-28' } },
  ],
  [
    'variables inside a literal object',
    'query ($n: String, $t: [String!]) { echo(filter: { name: $n, limit: 2, nested: { tags: $t } }) }',
    { n: 'x', t: ['a', 'b'] },
  ],
  [
    'a single value where a list is asked for',
    'query ($i: [ID!]) { a: echo(ids: 7) b: echo(ids: $i) }',
    { i: 'x' },
  ],
  ['numbers and booleans', '{ echo(big: 1e300, flag: true, ids: ["a", 2]) }'],
  [
    'an absent variable beside a null one',
    'query ($a: String, $b: [ID!]) { echo(filter: { name: $a }, ids: $b) size }',
    { b: null },
  ],
  ['an absent variable at an argument with a default', 'query ($n: String) { hello(name: $n) }'],
  ['an absent variable in a list', 'query ($n: JSON) { echo(filter: { any: [1, $n] }) }'],
  ['an absent variable at an input field with a default', 'query ($l: Int) { echo(filter: { limit: $l }) }'],
  [
    'a given variable at an input field with a default',
    'query ($l: Int) { echo(filter: { limit: $l }) }',
    { l: 7 },
  ],
  [
    'a null variable at an input field that must not be null',
    'query ($l: Int) { echo(filter: { limit: $l }) }',
    { l: null },
  ],
  [
    'a null variable at an argument that must not be null',
    'query ($n: Int = 3) { required(n: $n) }',
    { n: null },
  ],
  ['a variable with a default', 'query ($s: Size = SMALL) { size(size: $s) }'],
  ['a null for a variable with a default', 'query ($s: Size = SMALL) { size(size: $s) }', { s: null }],
  ['a missing variable', 'query ($n: Int!) { required(n: $n) }'],
  ['a null variable that must not be null', 'query ($n: Int!) { required(n: $n) }', { n: null }],
  ['a variable of another type', 'query ($n: Int!) { required(n: $n) }', { n: 'seven' }],
  ['an Int that is too large', 'query ($n: Int!) { required(n: $n) }', { n: 3e9 }],
  ['a field the input does not have', 'query ($f: Filter) { echo(filter: $f) }', { f: { nme: 'x' } }],
  ['a bad scalar in a variable', 'query ($f: Filter) { echo(filter: $f) }', { f: { day: '2026-02-31' } }],
  [
    'several bad variables at once',
    'query ($n: Int!, $s: Size) { required(n: $n) size(size: $s) }',
    { n: 1.5, s: 'MEDIUM' },
  ],
  ['an error at a nullable field', '{ hello fails }'],
  ['an error that empties the whole answer', '{ hello failsHard }'],
  ['an error that empties its object', '{ hello person { name broken } }'],
  ['an error that bubbles through a required object', '{ hello requiredPerson { name broken } }'],
  ['errors inside a list', '{ people { name broken } }'],
  ['late errors inside a list', '{ people { name late } }'],
  ['a null in a list that has none', '{ hello nullInList }'],
  ['an error among the rows of a list', '{ partly }'],
  ['a domain error with its field', '{ hello domain }'],
  ['a late domain error under an alias', '{ x: domainLate lateList }'],
  ['values that are not of their type', '{ badEnum badInt badDate }'],
  [
    'mutations one after another',
    'mutation { a: push(word: "1") refuse b: push(word: "2") c: push(word: "3") }',
  ],
  [
    'a directive of ours on a field',
    'mutation ($k: String!) { push(word: "x") @idempotent(key: $k) }',
    { k: 'key' },
  ],
  [
    'introspection',
    '{ __type(name: "Cat") { name interfaces { name } fields { name type { kind ofType { name } } } } }',
  ],
];

describe('the compiled executor', () => {
  it.each(table.map(([name, text, variables]) => ({ name, text, variables })))(
    'answers as the reference does: $name',
    async ({ text, variables = {} }) => {
      const [compiled, reference] = [
        await run('compiled', text, variables),
        await run('reference', text, variables),
      ];
      expect(compiled).toEqual(reference);
    },
  );

  it('tells both errors of an object that they empty, where the reference stops at the first', async () => {
    const { data, errors } = await run('compiled', '{ person { a: broken b: broken } }', {});
    expect(data).toEqual({ person: null });
    expect(errors).toMatchObject([{ path: ['person', 'a'] }, { path: ['person', 'b'] }]);
  });

  it('answers as the reference does when it runs one of several operations', async () => {
    const text = 'query A { hello } query B { person { name } }';
    expect(await run('compiled', text, {}, 'B')).toEqual(await run('reference', text, {}, 'B'));
    expect((await run('compiled', text, {}, 'B')).data).toEqual({ person: { name: 'Ann' } });
  });

  it('gives no stale answers when one document runs again with other variables', async () => {
    const schema = makeZooSchema([]);
    const execute = await load(schema, 'compiled');
    const document = parse(
      'query ($n: Int!, $x: Boolean = false) { required(n: $n) hello @include(if: $x) }',
    );
    const ask = (variables: Variables) => execute({ document, request: { variables }, context: {} } as never);
    expect(await ask({ n: 1 })).toMatchObject({ data: { required: 1 } });
    expect(await ask({ n: 2, x: true })).toMatchObject({ data: { required: 2, hello: 'Hello world' } });
    expect((await ask({ n: 'x' })).errors).toHaveLength(1);
    expect((await ask({ n: 3 })).data).toEqual({ required: 3 });
  });
});

describe.each(['compiled', 'reference'] as const)('the %s executor', (executor) => {
  it('leaves the sibling fields of an error untouched', async () => {
    const { data, errors } = await run(executor, '{ hello fails person { name } }', {});
    expect(data).toEqual({ hello: 'Hello world', fails: null, person: { name: 'Ann' } });
    expect(errors).toHaveLength(1);
  });

  it('runs mutations in the order they are written, past one that fails', async () => {
    const text = 'mutation { a: push(word: "1") refuse b: push(word: "2") }';
    const { data, words } = await run(executor, text, {});
    expect(data).toEqual({ a: ['1'], refuse: null, b: ['1', '2'] });
    expect(words).toEqual(['1', '2']);
  });

  it('runs a mutation once where its failure empties the whole answer', async () => {
    const { data, words } = await run(executor, 'mutation ($w: String!) { refuseHard(word: $w) }', {
      w: 'once',
    });
    expect(data).toBeNull();
    expect(words).toEqual(['once']);
  });

  it('gives a request up that takes too long', async () => {
    const schema = makeZooSchema([]);
    Object.assign(schema.getQueryType()?.getFields().hello ?? {}, {
      resolve: () => new Promise((resolve) => setTimeout(() => resolve('late'), 2_000)),
    });
    const execute = await load(schema, executor, 20);
    const result = await execute({ document: parse('{ hello }'), request: {}, context: {} } as never);
    expect(result.errors).toMatchObject([
      {
        message: 'The request must be answered within 20 ms; it took longer and was given up.',
        extensions: { code: 'REQUEST_TIMEOUT', http: { status: 504 } },
      },
    ]);
  });
});
