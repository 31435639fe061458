/**
 * PostGraphile 5 over the same tables, with SQL functions for computed fields as its manual advises. It declares
 * Node ≥ 22 and is no dependency of this project: `npm i --prefix .cache/peers postgraphile@5 graphql@16`.
 * Started with DATABASE_URL and PORT; `bench/reads.ts` makes the functions.
 */

import { createServer } from 'node:http';
import { createRequire } from 'node:module';

// Node 20 lacks it, PostGraphile needs it.
Promise.withResolvers ??= () => {
  const parts = {};
  parts.promise = new Promise((resolve, reject) => Object.assign(parts, { resolve, reject }));
  return parts;
};

const require = createRequire(new URL('../../.cache/peers/package.json', import.meta.url));
const { postgraphile } = require('postgraphile');
const { PostGraphileAmberPreset } = require('postgraphile/presets/amber');
const { makePgService } = require('postgraphile/adaptors/pg');
const { grafserv } = require('postgraphile/grafserv/node');

const instance = postgraphile({
  extends: [PostGraphileAmberPreset],
  pgServices: [makePgService({ connectionString: process.env.DATABASE_URL, schemas: ['public'] })],
  grafserv: { graphiql: false, watch: false },
});
const server = createServer();
await instance.createServ(grafserv).addTo(server);
server.listen(Number(process.env.PORT), '127.0.0.1');
