// Builds `dist/` unless it is newer than everything it is made from: a later `npm start` begins at once.
import { execSync } from 'node:child_process';
import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const sources = [
  'src',
  'seed',
  'schema.graphql',
  'prisma/schema.prisma',
  'codegen.ts',
  'tsconfig.json',
  'tsconfig.build.json',
  'package-lock.json',
];
const stamp = 'dist/.built';

if (newest(sources) > timeOf(stamp)) {
  execSync('npm run -s build', { stdio: ['ignore', 'ignore', 'inherit'] });
  writeFileSync(stamp, '');
}

/** Latest time of change below these paths, generated code left out, in milliseconds. */
function newest(paths) {
  return Math.max(
    ...paths.map((path) => {
      const { mtimeMs, isFolder } = read(path);
      if (!isFolder) return mtimeMs;
      const names = readdirSync(path).filter((name) => name !== 'generated');
      return newest(names.map((name) => join(path, name)));
    }),
  );
}

function read(path) {
  const stats = statSync(path);
  return { mtimeMs: stats.mtimeMs, isFolder: stats.isDirectory() };
}

function timeOf(path) {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
}
