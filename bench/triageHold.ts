/**
 * How long triage holds the event loop: `npx tsx bench/triageHold.ts [--texts 256 --characters 10000 --rounds 3]`
 *
 * One request at a time of long texts that name orders, amounts, days, telephone and card numbers, everything of `textTriage`
 * but HTTP. A hold is the time between two turns of a timer of one millisecond; the longest of a request is shown.
 */

import { parseArgs } from 'node:util';
import { makeRandom } from '../src/maths/random.ts';
import { projectFile } from '../src/projectRoot.ts';
import { startModels } from '../src/startModels.ts';
import { makeTriageService } from '../src/triage/service.ts';
import { describeMachine } from './reads/machine.ts';
import { formatTable } from './reads/table.ts';

const { values: options } = parseArgs({
  options: {
    texts: { type: 'string', default: '256' },
    characters: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '3' },
  },
});
const phrases = [
  ...['where is my order AB-1234 ', 'i paid $20.50 on 3rd of May ', 'it came back broken two weeks ago '],
  ...['call me at +44 20 7946 0958 ', 'my card is 4111 1111 1111 1111 ', 'jo.doe@shop.example '],
];
const models = await startModels({
  modelsFolder: projectFile('models'),
  inferenceThreads: 1,
  inferenceQueueLimit: 64,
  inferenceDeadlineMs: 600_000,
  forecastThreads: 1,
});
const service = makeTriageService({
  currentModel: models.triageVersions.current,
  reader: models.textReader,
  catalogue: { listKnownSkus: async () => new Set() },
  clock: () => new Date(),
});
const random = makeRandom(1);
const texts = Array.from({ length: Number(options.texts) }, writeText);
await service.triage(texts.slice(0, 1));
const rows: string[][] = [];
for (let round = 1; round <= Number(options.rounds); round += 1)
  rows.push([String(round), ...(await measure())]);
await models.close();
process.stdout.write(
  formatTable(
    `${options.texts} texts of ${options.characters} characters, ${describeMachine()}`,
    ['round', 'longest hold ms', 'whole request ms'],
    rows,
  ),
);

function writeText(): string {
  let text = '';
  while (text.length < Number(options.characters))
    text += phrases[Math.floor(random.uniform() * phrases.length)];
  return text.slice(0, Number(options.characters));
}

async function measure(): Promise<string[]> {
  let longest = 0;
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    longest = Math.max(longest, now - last);
    last = now;
  }, 1);
  const begin = performance.now();
  await service.triage(texts);
  const whole = performance.now() - begin;
  await new Promise((resolve) => setTimeout(resolve, 2));
  clearInterval(timer);
  return [longest.toFixed(0), whole.toFixed(0)];
}
