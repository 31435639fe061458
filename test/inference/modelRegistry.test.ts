import { createHash } from 'node:crypto';
import { mkdir, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { makeInference } from '../../src/inference/inferenceRuntime.ts';
import { readModels } from '../../src/inference/modelRegistry.ts';
import { changeCard, copyToy, FIXTURE_MODELS } from './support/models.ts';

const settings = { threads: 1, queueLimit: 4, deadlineMs: 10_000 };

async function bootMessage(modelsFolder: string): Promise<string> {
  try {
    const inference = await makeInference({ ...settings, modelsFolder });
    await inference.close();
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'no error';
}

async function hashOf(path: string): Promise<string> {
  return createHash('sha256')
    .update(await readFile(path))
    .digest('hex');
}

describe('readModels', () => {
  it('reads every folder, sorted by name', async () => {
    const models = await readModels(FIXTURE_MODELS);
    expect(models.map(({ card }) => card.name)).toEqual(['demand', 'toy']);
  });

  it('refuses a folder that is not there', async () => {
    await expect(readModels(join(FIXTURE_MODELS, 'none'))).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: 'The models folder must be a readable folder, and it is not.',
    });
  });

  it('refuses a model whose folder has another name', async () => {
    const folder = await copyToy();
    await changeCard(folder, (card) => {
      card.name = 'game';
    });
    await expect(readModels(folder)).rejects.toThrow(
      "toy/card.json: 'name' must be the folder's name 'toy', got 'game'.",
    );
  });
});

describe('the check at boot', () => {
  it('refuses a file that is not the one the card describes', async () => {
    const folder = await copyToy();
    await changeCard(folder, (card) => {
      card.sha256 = '0'.repeat(64);
    });
    const sha256 = await hashOf(join(folder, 'toy/model.onnx'));
    expect(await bootMessage(folder)).toBe(
      `Model 'toy': model.onnx must have the card's sha256 ${'0'.repeat(64)}, got ${sha256}.`,
    );
  });

  it('refuses a truncated file by its hash', async () => {
    const folder = await copyToy();
    const path = join(folder, 'toy/model.onnx');
    const whole = await hashOf(path);
    await truncate(path, 100);
    expect(await bootMessage(folder)).toBe(
      `Model 'toy': model.onnx must have the card's sha256 ${whole}, got ${await hashOf(path)}.`,
    );
  });

  it('refuses a truncated file even when the card was made from it', async () => {
    const folder = await copyToy();
    const path = join(folder, 'toy/model.onnx');
    await truncate(path, 100);
    const sha256 = await hashOf(path);
    await changeCard(folder, (card) => {
      card.sha256 = sha256;
    });
    expect(await bootMessage(folder)).toBe(
      "The inference worker cannot start: Model 'toy': model.onnx must be a complete ONNX file, and it cannot be read.",
    );
  });

  it('refuses a missing file and a missing card', async () => {
    const folder = await copyToy();
    await rm(join(folder, 'toy/model.onnx'));
    expect(await bootMessage(folder)).toBe(
      "Model 'toy' must have a readable file model.onnx, and it has none.",
    );
    await rm(join(folder, 'toy/card.json'));
    expect(await bootMessage(folder)).toBe(
      "Model 'toy' must have a readable file card.json, and it has none.",
    );
  });

  it('refuses a card with an input the file does not have', async () => {
    const folder = await copyToy();
    await changeCard(folder, (card) => {
      card.inputs[0].name = 'history';
    });
    expect(await bootMessage(folder)).toBe(
      "The inference worker cannot start: Model 'toy': the card's inputs must be those of model.onnx, values, got history.",
    );
  });

  it('refuses a card with another shape or element type, one sentence each', async () => {
    const folder = await copyToy();
    await changeCard(folder, (card) => {
      card.inputs[0].shape = ['B', 5];
      card.outputs = card.outputs.map((output) => ({ ...output, dtype: 'int64' })).slice(1);
    });
    expect(await bootMessage(folder)).toBe(
      "The inference worker cannot start: Model 'toy': the card's inputs must agree with model.onnx, " +
        "where 'values' is float32 [B, 4], got float32 [B, 5]. " +
        "Model 'toy': the card's outputs must be those of model.onnx, doubled, total, got total.",
    );
  });

  it('takes a folder without models, hidden folders and plain files aside', async () => {
    const folder = await copyToy();
    await rm(join(folder, 'toy'), { recursive: true });
    await mkdir(join(folder, '.cache'));
    await writeFile(join(folder, 'README.md'), '');
    const inference = await makeInference({ ...settings, modelsFolder: folder });
    expect(inference.models()).toEqual([]);
    await expect(inference.run('toy', {}, 1)).rejects.toMatchObject({
      code: 'MODEL_UNAVAILABLE',
      message: "Model 'toy' must be loaded, got these models: none.",
    });
    await inference.close();
  });
});
