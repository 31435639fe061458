import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hashNgrams } from '../../src/inference/hashNgrams.ts';
import type { TextPreparation } from '../../src/inference/textPreparer.ts';
import { projectFile } from '../../src/projectRoot.ts';
import { makeTextReader, type TextReader } from '../../src/triage/textReader.ts';

const vocabulary = ['[PAD]', '[UNK]', '[CLS]', '[SEP]', 'where', 'is', 'my', 'order', '##s', 'ordernumber'];
const now = new Date('2026-11-25T09:00:00Z');
let folder: string;
let preparation: TextPreparation;
let reader: TextReader;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'supplygraph-vocabulary-'));
  const content = `${vocabulary.join('\n')}\n`;
  const sha256 = createHash('sha256').update(content).digest('hex');
  preparation = { path: join(folder, 'vocabulary.txt'), sha256, maximumTokens: 6, hasNgrams: false };
  await writeFile(preparation.path, content);
  reader = makeTextReader({ queueLimit: 4, deadlineMs: 20_000 });
});
afterAll(async () => {
  await reader.close();
  await rm(folder, { recursive: true });
});

describe('makeTextReader', () => {
  it('tells what can be told without the model', async () => {
    const [english, foreign] = await reader.read(
      ['Where is my ORDER AB-1234, I paid $5 yesterday?', 'Quiero un reembolso'],
      preparation,
      now,
    );
    expect(english?.prepared).toEqual({
      clean: 'where is my order ordernumber , i paid moneyamount yesterday?',
      ids: [2, 4, 5, 6, 7, 3],
      ngrams: null,
    });
    expect(english).toMatchObject({ language: { name: 'en' }, letters: 28 });
    expect(english?.candidates.map(({ sku }) => sku)).toEqual(['AB-1234']);
    expect(english?.matches.map(({ entity, value }) => [entity, value])).toEqual([
      ['order_number', 'AB-1234'],
      ['date', '2026-11-24'],
      ['amount', '5 USD'],
      ['order_number', 'AB-1234'],
    ]);
    expect(foreign).toMatchObject({ language: { name: 'es' }, letters: 17 });
  });

  it('finds the n-grams of a model that has a linear member', async () => {
    const [plain] = await reader.prepare(['Where IS it'], preparation);
    const [hashed] = await reader.prepare(['Where IS it'], { ...preparation, hasNgrams: true });
    expect(hashed).toEqual({ ...plain, ngrams: hashNgrams('where is it') });
  });

  it('reads the parts of a large request in order, those of others in between', async () => {
    const long = Array.from({ length: 12 }, (_, index) => `${'order '.repeat(1_600)}${index}`);
    const done: string[] = [];
    const [prepared] = await Promise.all([
      reader.prepare(long, preparation).finally(() => done.push('large')),
      reader.prepare(['orders'], preparation).finally(() => done.push('small')),
    ]);
    expect(prepared.map(({ clean }) => clean.split(' ').at(-1))).toEqual(
      long.map((_, index) => String(index)),
    );
    expect(done).toEqual(['small', 'large']);
  });

  it('has no answer for no text', async () => {
    expect(await reader.read([], preparation, now)).toEqual([]);
  });

  it('says that the vocabulary is not there, and reads it once it is', async () => {
    const missing = { ...preparation, path: join(folder, 'late.txt'), maximumTokens: 5 };
    await expect(reader.prepare(['order'], missing)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'triage' must have a readable file late.txt, and it has none.",
    });
    await writeFile(missing.path, await readFile(preparation.path));
    expect(await reader.prepare(['order'], missing)).toEqual([
      { clean: 'order', ids: [2, 7, 3], ngrams: null },
    ]);
  });

  it('does not take another vocabulary than the card’s', async () => {
    const wrong = { ...preparation, sha256: '0'.repeat(64) };
    await expect(reader.prepare(['order'], wrong)).rejects.toThrow(
      `Model 'triage': vocabulary.txt must have the card's sha256 ${wrong.sha256}, got ${preparation.sha256}.`,
    );
  });
});

describe('the tables of the language detector', () => {
  it.each(['main.ts', 'cli.ts'])('are loaded by the thread that reads texts, never by %s', async (entry) => {
    expect(await listImports(projectFile('src', 'triage', 'textReaderWorker.ts'))).toContain('eld/small');
    const imports = await listImports(projectFile('src', entry));
    expect(imports).toContain(projectFile('src', 'triage', 'textReader.ts'));
    expect(imports).not.toContain('eld/small');
  });
});

/** All that a file and what it imports import for running: paths of the project's files, names of packages. */
async function listImports(entry: string): Promise<ReadonlySet<string>> {
  const seen = new Set<string>([entry]);
  for (const file of seen) {
    if (!file.endsWith('.ts') || file.includes('/generated/')) continue;
    const source = await readFile(file, 'utf8');
    for (const [, name = ''] of source.matchAll(/^(?:import|\}|export)(?! type)[^;]*?from '([^']+)';$/gmu))
      seen.add(name.startsWith('.') ? resolve(dirname(file), name) : name);
  }
  return seen;
}
