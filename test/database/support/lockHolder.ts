// Run as a process of its own: takes the lock of the folder in its first argument, says so, and holds it.
import { lockFolder } from '../../../src/database/folderLock.ts';

await lockFolder(process.argv[2] ?? '').then(
  () => process.stdout.write('locked\n'),
  (error: Error) => process.stdout.write(`${error.message}\n`),
);
setTimeout(() => process.exit(), 60_000);
