import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generate } from '@graphql-codegen/cli';
import { ESLint } from 'eslint';
import {
  buildSchema,
  type GraphQLNamedType,
  type GraphQLSchema,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isObjectType,
  isSpecifiedScalarType,
} from 'graphql';
import { beforeAll, describe, expect, it } from 'vitest';
import codegenConfig from '../../codegen.ts';
import { nodeTypes } from '../../src/globalId.ts';
import { projectFile } from '../../src/projectRoot.ts';

const run = promisify(execFile);
let schema: GraphQLSchema;

beforeAll(async () => {
  schema = buildSchema(await readFile(projectFile('schema.graphql'), 'utf8'));
});

/** Every element of a type that can carry a description, with its place. */
function describables(type: GraphQLNamedType): [string, string | null | undefined][] {
  const own: [string, string | null | undefined][] = [[type.name, type.description]];
  if (isEnumType(type))
    return [...own, ...type.getValues().map((value) => toPlace(`${type.name}.${value.name}`, value))];
  if (isInputObjectType(type))
    return [
      ...own,
      ...Object.values(type.getFields()).map((field) => toPlace(`${type.name}.${field.name}`, field)),
    ];
  if (!isObjectType(type) && !isInterfaceType(type)) return own;
  const fields = Object.values(type.getFields()).flatMap((field) => [
    toPlace(`${type.name}.${field.name}`, field),
    ...field.args.map((argument) => toPlace(`${type.name}.${field.name}(${argument.name})`, argument)),
  ]);
  return [...own, ...fields];
}

function toPlace(
  place: string,
  { description }: { readonly description?: string | null | undefined },
): [string, string | null | undefined] {
  return [place, description];
}

describe('the schema', () => {
  it('describes every type, field, argument and enum value', () => {
    const types = Object.values(schema.getTypeMap()).filter(
      (type) =>
        !isIntrospectionType(type) && !isSpecifiedScalarType(type) && type !== schema.getMutationType(),
    );
    const bare = types.flatMap(describables).filter(([, description]) => (description ?? '').trim() === '');
    expect(bare.map(([place]) => place)).toEqual([]);
  });

  it('has no problem under the recommended and the Relay rules', async () => {
    const eslint = new ESLint({ cwd: projectFile() });
    const [result] = await eslint.lintFiles(['schema.graphql']);
    expect(result?.messages).toEqual([]);
  }, 120_000);

  it('makes exactly the types with ids of ours nodes', () => {
    const node = schema.getType('Node');
    const nodes = isInterfaceType(node) ? schema.getPossibleTypes(node).map(({ name }) => name) : [];
    expect(nodes.sort()).toEqual([...nodeTypes].sort());
  });

  it('gives every list of rows the four paging arguments, a total and nodes', () => {
    const connections = Object.values(schema.getTypeMap()).filter(({ name }) => name.endsWith('Connection'));
    expect(connections.length).toBeGreaterThan(7);
    for (const type of connections)
      expect(isObjectType(type) && Object.keys(type.getFields())).toEqual([
        'edges',
        'nodes',
        'pageInfo',
        'totalCount',
      ]);
    for (const type of Object.values(schema.getTypeMap()))
      if (isObjectType(type))
        for (const field of Object.values(type.getFields()))
          if (String(field.type).endsWith('Connection!'))
            expect(field.args.map(({ name }) => name)).toEqual(
              expect.arrayContaining(['first', 'after', 'last', 'before']),
            );
  });

  it('gives every mutation one input, and a payload with user errors of its own codes', () => {
    const mutations = Object.values(schema.getMutationType()?.getFields() ?? {});
    for (const { name, args, type } of mutations) {
      const base = name.charAt(0).toUpperCase() + name.slice(1);
      expect(args.map((argument) => `${argument.name}: ${argument.type}`)).toEqual([`input: ${base}Input!`]);
      expect(String(type)).toBe(`${base}Payload!`);
      const payload = schema.getType(`${base}Payload`);
      const errors = isObjectType(payload) ? String(payload.getFields().userErrors?.type) : '';
      expect(errors).toBe(`[${base}UserError!]!`);
    }
  });

  it('never counts money in floating point, but for what a model computes from values in the request', () => {
    const computed = [
      'PriceExplorationCandidate',
      'PriceExplorationItem',
      'PriceMarkdownStep',
      'PriceOptimizeItem',
      'PricePoint',
    ];
    for (const type of Object.values(schema.getTypeMap()))
      if (isObjectType(type) && !computed.includes(type.name))
        for (const field of Object.values(type.getFields()))
          if (/price$|cost$|revenue$|amount$/i.test(field.name))
            expect(`${type.name}.${field.name}: ${field.type}`).not.toContain('Float');
  });
});

describe("Relay's compiler", () => {
  it('accepts the schema with a paginated fragment and a mutation', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'supplygraph-relay-'));
    await mkdir(join(folder, 'src'));
    await writeFile(join(folder, 'src', 'Shop.js'), relayDocuments);
    const config = {
      src: './src',
      language: 'javascript',
      schema: projectFile('schema.graphql'),
      eagerEsModules: true,
    };
    await writeFile(join(folder, 'relay.config.json'), JSON.stringify(config));
    await writeFile(join(folder, 'package.json'), '{}');
    const compiler = projectFile('node_modules', '.bin', 'relay-compiler');
    const { stdout, stderr } = await run(compiler, ['relay.config.json'], { cwd: folder });
    const artifacts = await readdir(join(folder, 'src', '__generated__'));
    await rm(folder, { recursive: true });
    expect(`${stdout}${stderr}`).not.toMatch(/error/i);
    expect(artifacts.sort()).toEqual([
      'ShopAdjustMutation.graphql.js',
      'ShopPageQuery.graphql.js',
      'ShopProducts.graphql.js',
      'ShopQuery.graphql.js',
    ]);
  });
});

const relayDocuments = `
import { graphql } from 'relay-runtime';
export const query = graphql\`query ShopQuery { ...ShopProducts }\`;
export const list = graphql\`
  fragment ShopProducts on Query
  @argumentDefinitions(count: { type: "Int", defaultValue: 20 }, cursor: { type: "String" })
  @refetchable(queryName: "ShopPageQuery") {
    products(first: $count, after: $cursor, orderBy: { field: BEST_SELLING, direction: DESC })
    @connection(key: "Shop_products") {
      edges { node { id name available variants(first: 5) { nodes { id sku price { amount currencyCode } } } } }
    }
  }
\`;
export const mutation = graphql\`
  mutation ShopAdjustMutation($input: InventoryAdjustQuantitiesInput!, $key: String!) {
    inventoryAdjustQuantities(input: $input) @idempotent(key: $key) {
      inventoryLevels { id onHand available }
      userErrors { code field message }
    }
  }
\`;
`;

describe('the generated types', () => {
  it('are in step with the schema', async () => {
    const files: { filename: string; content: string }[] = await generate(
      { ...codegenConfig, cwd: projectFile(), silent: true },
      false,
    );
    expect(files.map(({ filename }) => filename)).toEqual([
      expect.stringContaining('src/generated/graphql.ts'),
    ]);
    expect(files[0]?.content).toBe(await readFile(projectFile('src/generated/graphql.ts'), 'utf8'));
  }, 120_000);
});
