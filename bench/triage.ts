/**
 * Triage as the server does it: `npm run bench:triage [-- --texts 1024 --rounds 5 --data ../shared/data]`
 *
 * Texts of at most 32 tokens from the Bitext 20k release and Banking77's train file: texts a second of processor time,
 * tokenising included, beside Python's onnxruntime (`bench/peers/triageOnnx.py`, one thread, the same file and texts,
 * `SUPPLYGRAPH_TRAINING_PYTHON` names its Python); one text alone; how much more an intent's probability falls without its
 * evidence than without as many random words; and how often English is taken for another language.
 * Rounds of both alternate; medians are shown.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { gunzipSync } from 'node:zlib';
import { parse } from 'csv-parse/sync';
import { makeRandom } from '../src/maths/random.ts';
import { projectFile } from '../src/projectRoot.ts';
import { startModels } from '../src/startModels.ts';
import { explainResults } from '../src/triage/explain.ts';
import { makeTriageService } from '../src/triage/service.ts';
import { describeMachine } from './reads/machine.ts';
import { formatTable, median, quantile } from './reads/table.ts';

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string', default: '1024' },
    rounds: { type: 'string', default: '5' },
    data: { type: 'string', default: process.env.SUPPLYGRAPH_DATA ?? '../shared/data' },
  },
});
const [count, rounds] = [Number(options.texts), Number(options.rounds)];
const longestTokens = 32;
const rowsPerCall = 256;
const explained = 256;

const models = await startModels({
  modelsFolder: projectFile('models'),
  inferenceThreads: 1,
  inferenceQueueLimit: 64,
  inferenceDeadlineMs: 600_000,
  forecastThreads: 1,
});
const model = models.triageVersions.current();
if (model === null) throw new Error("bench:triage needs the model 'triage' in models/, and there is none.");
const { textReader: reader } = models;
const service = makeTriageService({
  currentModel: () => model,
  reader,
  catalogue: { listKnownSkus: async () => new Set() },
  clock: () => new Date(),
});
const random = makeRandom(1);
const corpora = readCorpora();
const short = await pickShort(shuffle([...corpora.bitext, ...corpora.banking77]), count);
console.log(describeMachine());
await showSpeed();
await showOneText();
await showEvidence();
await showLanguages();
await models.close();

async function showSpeed(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'supplygraph-triage-'));
  const file = join(folder, 'texts.json');
  writeFileSync(file, JSON.stringify((await prepare(short)).map(({ clean, ngrams }) => ({ clean, ngrams }))));
  const peer = startPeer(file);
  try {
    const [own, python]: [number[], number[]] = [[], []];
    await readAll();
    const isReady = (await peer.next()) === 'ready';
    for (let round = 0; round < rounds; round += 1) {
      own.push(await readAll());
      if (isReady) python.push((JSON.parse((await peer.pass()) ?? '{}') as { cpu: number }).cpu);
    }
    const rate = (seconds: readonly number[]) => count / median(seconds);
    const rows = [['server: preprocessing, tokenising, model', rate(own).toFixed(0), '']];
    if (isReady)
      rows.push([
        'Python: tokenising, model',
        rate(python).toFixed(0),
        (rate(own) / rate(python)).toFixed(2),
      ]);
    else rows.push(['Python: not there (SUPPLYGRAPH_TRAINING_PYTHON)', '', '']);
    console.log(
      formatTable(
        `${count} texts of at most ${longestTokens} tokens`,
        ['', 'texts/s of processor time', 'server ÷ it'],
        rows,
      ),
    );
  } finally {
    peer.stop();
    rmSync(folder, { recursive: true });
  }
}

/** Processor seconds of all threads for one pass over the texts. */
async function readAll(): Promise<number> {
  const begin = process.cpuUsage();
  for (let from = 0; from < short.length; from += rowsPerCall)
    await model?.predict(await prepare(short.slice(from, from + rowsPerCall)), { urgent: true });
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1e6;
}

async function showOneText(): Promise<void> {
  const times: number[] = [];
  for (const text of short.slice(0, 300)) {
    const begin = performance.now();
    await service.triage([text]);
    times.push(performance.now() - begin);
  }
  const cells = [0.5, 0.95].map((level) => quantile(times, level).toFixed(1));
  console.log(
    formatTable(
      'one text alone, everything of textTriage',
      ['', 'p50 ms', 'p95 ms'],
      [['300 texts', ...cells]],
    ),
  );
}

async function showEvidence(): Promise<void> {
  if (model === null) return;
  const texts = short.filter((text) => text.split(/\s+/).length >= 5).slice(0, explained);
  const results = (await service.triage(texts)).map((result, index) => ({
    ...result,
    readBy: model,
    text: texts[index] ?? '',
  }));
  const sure = results.filter(({ abstained }) => !abstained);
  const drops: [number[], number[]] = [[], []];
  for (let from = 0; from < sure.length; from += 16) {
    const part = sure.slice(from, from + 16);
    const evidence = await explainResults({ model, reader }, part, () => undefined);
    for (const [index, spans] of evidence.entries()) {
      const result = part[index];
      const removed = spans.slice(0, 2);
      if (result === undefined || removed.length === 0) continue;
      const words = [...result.text.matchAll(/\S+/g)].map(({ 0: word, index: start }) => ({
        start,
        end: start + word.length,
      }));
      const without = [
        leaveOut(result.text, removed),
        leaveOut(result.text, shuffle(words).slice(0, removed.length)),
      ];
      const column = model.contract.labels.intent.indexOf(result.intent.name);
      const read = await model.predict(await prepare(without), { urgent: true });
      for (const [place, prediction] of read.entries())
        drops[place]?.push(result.intent.confidence - (prediction.intent[column] ?? 0));
    }
  }
  const [own, other] = drops.map((drop) => drop.reduce((sum, value) => sum + value, 0) / drop.length);
  console.log(
    formatTable(
      `fall of the intent's probability, ${drops[0].length} texts`,
      ['', 'without 2 parts of evidence', 'without 2 random words', 'ratio'],
      [['mean', (own ?? 0).toFixed(3), (other ?? 0).toFixed(3), ((own ?? 0) / (other ?? 1)).toFixed(2)]],
    ),
  );
}

async function showLanguages(): Promise<void> {
  const rows: string[][] = [];
  for (const [name, texts] of Object.entries(corpora)) {
    const sample = shuffle([...texts]).slice(0, 2_000);
    let refused = 0;
    for (let from = 0; from < sample.length; from += rowsPerCall)
      for (const { abstainReason } of await service.triage(sample.slice(from, from + rowsPerCall)))
        if (abstainReason === 'UNSUPPORTED_LANGUAGE') refused += 1;
    rows.push([name, String(sample.length), `${((100 * refused) / sample.length).toFixed(2)} %`]);
  }
  console.log(formatTable('English taken for another language', ['', 'texts', 'share'], rows));
}

async function prepare(texts: readonly string[]) {
  return (await model?.prepare(texts)) ?? [];
}

async function pickShort(texts: readonly string[], wanted: number): Promise<readonly string[]> {
  const prepared = await prepare(texts.slice(0, 3 * wanted));
  return texts
    .filter((_, index) => (prepared[index]?.ids.length ?? longestTokens + 1) <= longestTokens)
    .slice(0, wanted);
}

function leaveOut(text: string, spans: readonly { readonly start: number; readonly end: number }[]): string {
  return [...spans]
    .sort((a, b) => b.start - a.start)
    .reduce((rest, { start, end }) => `${rest.slice(0, start)} ${rest.slice(end)}`, text);
}

function readCorpora() {
  const read = (file: string, column: string): readonly string[] => {
    const bytes = readFileSync(projectFile(options.data, file));
    const records: Readonly<Record<string, string>>[] = parse(
      file.endsWith('.gz') ? gunzipSync(bytes) : bytes,
      { columns: true, bom: true },
    );
    return records.flatMap((record) => record[column] || []);
  };
  return {
    bitext: read('bitext/utterances_20k.csv', 'utterance'),
    banking77: read('banking77/train.csv', 'text'),
    reviews: read('clothing_reviews/reviews.csv.gz', 'Review Text'),
  };
}

function shuffle<T>(items: T[]): T[] {
  for (let last = items.length - 1; last > 0; last -= 1) {
    const other = Math.floor(random.uniform() * (last + 1));
    [items[last], items[other]] = [items[other] as T, items[last] as T]; // both places exist
  }
  return items;
}

function startPeer(file: string) {
  const python = process.env.SUPPLYGRAPH_TRAINING_PYTHON ?? projectFile('.venv/bin/python');
  const folder = projectFile('models', 'triage');
  const script = projectFile('bench', 'peers', 'triageOnnx.py');
  const child: ChildProcess = spawn(
    python,
    [script, join(folder, 'model.onnx'), join(folder, 'vocabulary.txt'), file, '32'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  const failed = new Promise<undefined>((resolve) => child.once('error', () => resolve(undefined)));
  const lines =
    child.stdout === null ? undefined : createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () =>
    Promise.race([failed, lines?.next().then(({ value }) => value as string | undefined)]);
  return {
    next,
    pass: () => {
      child.stdin?.write('\n');
      return next();
    },
    stop: () => child.stdin?.end(),
  };
}
