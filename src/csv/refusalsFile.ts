import { appendFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { DomainError } from '../errors.ts';
import { type CsvRecord, makeCsvReader, toCsvField } from './csvRecords.ts';

/** A row that was left out: its line, the reason for programs and for people. */
export type CsvRefusal<Reason extends string = string> = {
  readonly line: number;
  readonly reason: Reason;
  readonly message: string;
};

/** The file that tells which rows were left out, with their reasons and their original columns. */
export type RefusalsFile = {
  /** Adds refusals; `records` holds the record of each line. */
  append(refusals: readonly CsvRefusal[], records: ReadonlyMap<number, CsvRecord>): Promise<void>;
  /** Removes the file where nothing was refused, yields whether it stays. */
  finish(): Promise<boolean>;
};

/**
 * Opens the file: a new one for line 0; for a resumed import the entries up to `checkpointLine` stay, later ones
 * belong to a batch that was never committed. Throws BAD_USER_INPUT when it cannot be written.
 */
export async function openRefusalsFile(
  path: string,
  header: readonly string[],
  checkpointLine: number,
): Promise<RefusalsFile> {
  const kept = checkpointLine === 0 ? [] : await readEntries(path, checkpointLine);
  let count = kept.length;
  await write(path, async () => {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, [toLine(['line', 'reason', 'message', ...header]), ...kept].join(''));
  });
  return {
    async append(refusals, records) {
      if (refusals.length === 0) return;
      count += refusals.length;
      const lines = refusals.map(({ line, reason, message }) => {
        const record = records.get(line);
        return toLine([String(line), reason, message, ...(record?.fields ?? [record?.text ?? ''])]);
      });
      await write(path, () => appendFile(path, lines.join('')));
    },
    async finish() {
      if (count === 0) await rm(path, { force: true });
      return count > 0;
    },
  };
}

async function readEntries(path: string, checkpointLine: number): Promise<string[]> {
  const text = await readFile(path, 'utf8').catch(() => ''); // removed meanwhile: its entries are lost, the import is not
  const reader = makeCsvReader(',');
  return [...reader.push(text), ...reader.end()]
    .slice(1)
    .filter(({ fields }) => fields !== null && fields.length > 3 && Number(fields[0]) <= checkpointLine)
    .map(({ fields }) => toLine(fields ?? []));
}

async function write(path: string, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (cause) {
    const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw new DomainError('BAD_USER_INPUT', `The refusals file '${path}' must be writable, got ${reason}.`, {
      cause,
    });
  }
}

function toLine(fields: readonly string[]): string {
  return `${fields.map(toCsvField).join(',')}\n`;
}
