import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { TextDecoder } from 'node:util';
import { createGunzip } from 'node:zlib';
import { badInput, DomainError } from '../errors.ts';
import { type CsvRecord, makeCsvReader } from './csvRecords.ts';

/** How a file is written. */
export type CsvLayout = { readonly delimiter: string; readonly encoding: 'utf-8' | 'latin1' };

/** What a first pass over a file finds out. */
export type FileInspection = {
  /** SHA-256 of the content after decompression, so that a file and its .gz are one. */
  readonly sha256: string;
  /** Size as it lies on the disk. */
  readonly sizeBytes: number;
  readonly header: readonly string[];
};

/** A piece of the file: its records and the share of the file read so far. */
export type FileBatch = { readonly records: readonly CsvRecord[]; readonly bytesRead: number };

/**
 * Reads the whole file once before anything is written: it must be there, complete if compressed, in the encoding
 * named, and have a header line. Throws BAD_USER_INPUT with one sentence otherwise.
 */
export async function inspectFile(path: string, format: CsvLayout): Promise<FileInspection> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  const hash = createHash('sha256');
  const decoder = new TextDecoder(format.encoding, { fatal: true });
  const reader = makeCsvReader(format.delimiter);
  let header: CsvRecord | undefined;
  let line = 1;
  for await (const chunk of readChunks(path)) {
    hash.update(chunk.bytes);
    const text = decode(decoder, chunk.bytes, { path, line, format });
    line += countLines(chunk.bytes);
    header ??= reader.push(text)[0];
  }
  decode(decoder, new Uint8Array(), { path, line, format });
  header ??= reader.end()[0];
  if (header === undefined || header.fields === null)
    throw badInput(`The file '${path}' must begin with a line of column names, but it has none.`);
  return { sha256: hash.digest('hex'), sizeBytes: size, header: header.fields };
}

/** Reads the records below the header in batches of `size`; whatever the size of the file, few are in memory. */
export async function* readBatches(path: string, format: CsvLayout, size: number): AsyncGenerator<FileBatch> {
  const decoder = new TextDecoder(format.encoding);
  const reader = makeCsvReader(format.delimiter);
  let records: CsvRecord[] = [];
  let isHeaderRead = false;
  let bytesRead = 0;
  const take = (found: CsvRecord[]): void => {
    const body = isHeaderRead ? found : found.slice(1);
    if (found.length > 0) isHeaderRead = true;
    records = records.concat(body);
  };
  for await (const chunk of readChunks(path)) {
    bytesRead = chunk.bytesRead;
    take(reader.push(decoder.decode(chunk.bytes, { stream: true })));
    while (records.length >= size) {
      yield { records: records.slice(0, size), bytesRead };
      records = records.slice(size);
    }
  }
  take([...reader.push(decoder.decode()), ...reader.end()]);
  for (let at = 0; at < records.length; at += size)
    yield { records: records.slice(at, at + size), bytesRead };
}

/** Content of the file in pieces, decompressed where it begins like gzip, whatever its name. */
async function* readChunks(
  path: string,
): AsyncGenerator<{ readonly bytes: Uint8Array; readonly bytesRead: number }> {
  const source = createReadStream(path, { highWaterMark: 256 * 1024 });
  const isGzip = await beginsLikeGzip(path);
  const stream = isGzip ? createGunzip({ chunkSize: 256 * 1024 }) : source;
  const ended = isGzip ? pipeline(source, stream as ReturnType<typeof createGunzip>) : Promise.resolve();
  ended.catch(() => undefined); // the loop below meets the same error
  try {
    for await (const bytes of stream) yield { bytes: bytes as Uint8Array, bytesRead: source.bytesRead };
  } catch (cause) {
    if (!isGzip) throw unreadable(path, cause);
    throw badInput(`The file '${path}' must be a complete gzip file, but it is cut off or damaged.`);
  } finally {
    source.destroy();
  }
}

async function beginsLikeGzip(path: string): Promise<boolean> {
  const file = await open(path).catch((cause: unknown) => {
    throw unreadable(path, cause);
  });
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(2), 0, 2, 0);
    return bytesRead === 2 && buffer[0] === 0x1f && buffer[1] === 0x8b;
  } catch (cause) {
    throw unreadable(path, cause);
  } finally {
    await file.close();
  }
}

function decode(
  decoder: TextDecoder,
  bytes: Uint8Array,
  place: { readonly path: string; readonly line: number; readonly format: CsvLayout },
): string {
  try {
    return decoder.decode(bytes, { stream: bytes.length > 0 });
  } catch {
    const line = place.line + countLines(bytes.subarray(0, findInvalid(bytes)));
    throw badInput(
      `The file '${place.path}' must be ${place.format.encoding.toUpperCase()}, but line ${line} is not: nothing was imported, try --encoding latin1.`,
    );
  }
}

/** Position of the first line that is no UTF-8, counted from the start of the piece. */
function findInvalid(bytes: Uint8Array): number {
  let start = 0;
  while (start < bytes.length) {
    const end = bytes.indexOf(10, start);
    const line = bytes.subarray(start, end === -1 ? bytes.length : end);
    try {
      new TextDecoder('utf-8', { fatal: true }).decode(line);
    } catch {
      if (start > 0 || end !== -1) return start; // a first line may begin in the middle of a character
    }
    if (end === -1) return start;
    start = end + 1;
  }
  return start;
}

function countLines(bytes: Uint8Array): number {
  let lines = 0;
  for (let at = bytes.indexOf(10); at !== -1; at = bytes.indexOf(10, at + 1)) lines += 1;
  return lines;
}

function unreadable(path: string, cause: unknown): DomainError {
  const reason = (cause as NodeJS.ErrnoException).code ?? String(cause);
  return new DomainError('BAD_USER_INPUT', `The file '${path}' must be readable, got ${reason}.`, { cause });
}
