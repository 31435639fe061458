// Runs the TypeScript worker script that is the thread's argument; used from source only, never compiled.
import { register } from 'tsx/esm/api';

register();
await import(process.argv[2] ?? '');
