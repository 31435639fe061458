import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { projectFile } from '../../../src/projectRoot.ts';

/** Folder of the fixture models `toy` and `demand`. */
export const FIXTURE_MODELS = projectFile('test/inference/fixtures/models');

/** Copies the fixture model `toy` into a models folder of its own; returns that folder. */
export async function copyToy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'models-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  await cp(join(FIXTURE_MODELS, 'toy'), join(folder, 'toy'), { recursive: true });
  return folder;
}

/** Changes the card of the toy in `folder`. */
export async function changeCard(folder: string, change: (card: ToyCard) => void): Promise<void> {
  const path = join(folder, 'toy', 'card.json');
  // The fixture's own card, made by makeFixtures.py.
  const card = JSON.parse(await readFile(path, 'utf8')) as ToyCard;
  change(card);
  await writeFile(path, JSON.stringify(card));
}

/** The parts of the toy's card that tests change. */
export type ToyCard = {
  name: string;
  file: string;
  sha256: string;
  parameters?: number;
  metrics: unknown[];
  inputs: [{ name: string; dtype: string; shape: (number | string)[] }];
  outputs: { name: string; dtype: string; shape: (number | string)[] }[];
};
