import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { projectFile } from '../../src/projectRoot.ts';

/** The parts of a triage card that tests change. */
export type OwnCard = {
  version: string;
  sha256: string;
  createdAt?: string;
  labels: { intent: string[]; category: string[] };
  categoryOfIntent: Readonly<Record<string, string>>;
  thresholds: { inScope: number };
};

/**
 * Registers the shipped triage model anew under a version, as if it had been trained on other labels: every intent's name
 * begins with `own_`. The graph, the vocabulary and the golden cases are the real ones.
 *
 * @param folder folder of all models' versions
 */
export async function makeOwnVersion(
  folder: string,
  version: string,
  change: (card: OwnCard) => void = () => undefined,
): Promise<string> {
  const own = join(folder, 'triage', version);
  await mkdir(own, { recursive: true });
  await cp(projectFile('models', 'triage'), own, { recursive: true });
  const path = join(own, 'card.json');
  const card = JSON.parse(await readFile(path, 'utf8')) as OwnCard; // the shipped card
  card.version = version;
  card.createdAt = '2026-11-25T12:00:00.000Z';
  card.labels.intent = card.labels.intent.map((intent) => `own_${intent}`);
  const categories = Object.entries(card.categoryOfIntent);
  card.categoryOfIntent = Object.fromEntries(
    categories.map(([intent, category]) => [`own_${intent}`, category]),
  );
  change(card);
  await writeFile(path, JSON.stringify(card));
  return own;
}
