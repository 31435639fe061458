import { spawnSync } from 'node:child_process';
import { cpus, loadavg } from 'node:os';

/** What a process is pinned to: the server and what loads it must not share a core. */
export type Core = 'server' | 'load';

const canPin = cpus().length > 1 && spawnSync('taskset', ['--version']).status === 0;

/** A command that runs on its own core, where the machine has two and `taskset`. */
export function pinned(core: Core, command: readonly string[]): readonly string[] {
  return canPin ? ['taskset', '-c', core === 'server' ? '0' : '1', ...command] : command;
}

/** One line on the machine for the title of a table: figures mean nothing without it. */
export function describeMachine(): string {
  const cores = `${cpus().length} cores${canPin ? ' (server on 0, load on 1)' : ''}`;
  return `${cores}, load average ${(loadavg()[0] ?? 0).toFixed(1)} before, Node ${process.versions.node}`;
}
