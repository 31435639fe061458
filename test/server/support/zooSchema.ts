import { makeExecutableSchema } from '@graphql-tools/schema';
import type { GraphQLSchema } from 'graphql';
import { badInput, DomainError } from '../../../src/errors.ts';
import { scalarResolvers } from '../../../src/server/scalars.ts';

const typeDefs = `
  directive @idempotent(key: String!) on FIELD
  scalar DateTime
  scalar Date
  scalar Decimal
  scalar CurrencyCode
  scalar JSON
  interface Animal { id: ID! name: String! }
  type Cat implements Animal { id: ID! name: String! lives: Int! }
  type Dog implements Animal { id: ID! name: String! owner: Person }
  type Person { name: String! pets: [Animal!]! broken: String! late: String! bornOn: Date }
  union Being = Cat | Dog | Person
  enum Size { SMALL LARGE }
  input Nested { size: Size! = SMALL tags: [String!] }
  input Filter { any: JSON name: String limit: Int! = 5 nested: Nested day: Date }
  type Query {
    hello(name: String = "world"): String!
    animals: [Animal!]!
    beings: [Being]!
    person: Person
    requiredPerson: Person!
    people: [Person]!
    echo(filter: Filter, ids: [ID!], big: Float, flag: Boolean): JSON
    required(n: Int!): Int
    size(size: Size = LARGE): Size
    fails: String
    failsHard: String!
    domain: String
    domainLate: String
    nullInList: [String!]
    partly: [String]
    badEnum: Size
    badInt: Int
    badDate: Date
    lateList: [Int!]!
  }
  type Mutation { push(word: String!): [String!]! refuse: Int refuseHard(word: String!): Int! }
`;

const later = <Value>(value: Value) => new Promise<Value>((resolve) => setImmediate(() => resolve(value)));
const ann = { name: 'Ann', petIds: ['1', '2'] };
const animals = [
  { __typename: 'Cat', id: '1', name: 'Tom', lives: 9 },
  { __typename: 'Dog', id: '2', name: 'Rex', owner: ann },
];

/** A schema with every shape of answer and failure; `words` collects what its mutations did, in order. */
export function makeZooSchema(words: string[]): GraphQLSchema {
  return makeExecutableSchema({
    typeDefs,
    resolvers: [
      scalarResolvers,
      {
        Query: {
          hello: (_: unknown, { name }: { name: string }) => `Hello ${name}`,
          animals: () => later(animals),
          beings: () => [animals[0], null, { __typename: 'Person', ...ann }],
          person: () => ann,
          requiredPerson: () => later(ann),
          people: () => [ann, null, later(ann)],
          echo: (_: unknown, given: unknown) => given,
          required: (_: unknown, { n }: { n: number }) => n,
          size: (_: unknown, { size }: { size: string }) => size,
          fails: () => {
            throw new Error('SELECT secret FROM vault');
          },
          failsHard: () => {
            throw new Error('SELECT secret FROM vault');
          },
          domain: () => {
            throw badInput('first must be 0 to 100, got 101.', ['first']);
          },
          domainLate: async () => {
            await later(0);
            throw new DomainError('NOT_FOUND', 'The thing must exist, got nothing.');
          },
          nullInList: () => ['a', null, 'c'],
          partly: () => ['a', new DomainError('CONFLICT', 'The row must be free, but it is taken.'), 'c'],
          badEnum: () => 'MEDIUM',
          badInt: () => 1.5,
          badDate: () => '2026-10-31',
          lateList: () => later([1, 2, 3]),
        },
        Mutation: {
          push: async (_: unknown, { word }: { word: string }) => {
            await later(0);
            words.push(word);
            return [...words];
          },
          refuseHard: (_: unknown, { word }: { word: string }) => {
            words.push(word);
            throw new DomainError('CONFLICT', 'The stock must not fall below 0, got −1.');
          },
          refuse: () => {
            throw new DomainError('CONFLICT', 'The stock must not fall below 0, got −1.');
          },
        },
        Person: {
          pets: ({ petIds }: typeof ann) => animals.filter(({ id }) => petIds.includes(id)),
          broken: () => {
            throw new Error('broken');
          },
          late: async () => {
            await later(0);
            throw new Error('late');
          },
          bornOn: () => new Date('1990-05-17T00:00:00Z'),
        },
      },
    ],
  });
}
