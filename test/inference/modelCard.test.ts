import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseModelCard } from '../../src/inference/modelCard.ts';
import { FIXTURE_MODELS } from './support/models.ts';

const text = readFileSync(join(FIXTURE_MODELS, 'toy', 'card.json'), 'utf8');

function messageOf(change: Record<string, unknown>): string {
  try {
    parseModelCard(JSON.stringify({ ...JSON.parse(text), ...change }), 'toy/card.json');
  } catch (error) {
    return error instanceof Error ? error.message : '';
  }
  return 'no error';
}

describe('parseModelCard', () => {
  it('reads every field and keeps the whole card, model-specific keys included', () => {
    const card = parseModelCard(text.replace('{', '{ "contextLength": 4,'), 'toy/card.json');
    expect(card).toMatchObject({ name: 'toy', version: '1.0.0', file: 'model.onnx', licence: 'Apache-2.0' });
    expect(card.inputs[0]).toMatchObject({ name: 'values', dtype: 'float32', shape: ['B', 4] });
    expect(card.training.data).toEqual([{ name: 'none', licence: 'CC0-1.0' }]);
    expect(card.raw.contextLength).toBe(4);
  });

  it('reads a metric with its baseline', () => {
    const baseline = { name: 'seasonal_naive', value: 1 };
    const metric = { dataset: 'm4', series: 414, metric: 'MASE', value: 0.8, baseline, command: 'run' };
    const card = parseModelCard(text.replace('"metrics": []', `"metrics": [${JSON.stringify(metric)}]`), 'x');
    expect(card.metrics).toEqual([metric]);
  });

  it.each([
    [{ name: '' }, `toy/card.json: 'name' must be a text that is not empty, got "".`],
    [{ version: undefined }, "toy/card.json: 'version' must be a text that is not empty, got nothing."],
    [
      { file: '../x.onnx' },
      `toy/card.json: 'file' must be the name of an ONNX file beside the card, got "../x.onnx".`,
    ],
    [{ sha256: 'AB' }, `toy/card.json: 'sha256' must be 64 lower-case hexadecimal digits, got "AB".`],
    [{ parameters: '2M' }, `toy/card.json: 'parameters' must be a number, got "2M".`],
    [{ inputs: [] }, "toy/card.json: 'inputs' must be a list of at least one object, got []."],
    [{ metrics: {} }, "toy/card.json: 'metrics' must be a list of objects, got {}."],
    [{ limits: [1] }, "toy/card.json: 'limits' must be a list of texts, got [1]."],
    [
      { training: { data: [{ name: 'M4' }] } },
      "toy/card.json: 'training.data.0.licence' must be a text that is not empty, got nothing.",
    ],
  ])('says of %j which field breaks which rule', (change, message) => {
    expect(messageOf(change)).toBe(message);
  });

  it('says of a tensor which of its fields breaks which rule', () => {
    const tensor = { name: 'values', dtype: 'float8', shape: [1, 4], unit: 'u', description: 'd' };
    expect(messageOf({ inputs: [tensor] })).toBe(
      'toy/card.json: \'inputs.0.dtype\' must be one of float32, float64, int32, int64, uint8, bool, got "float8". ' +
        "toy/card.json: 'inputs.0.shape' must be a list of sizes that begins with the batch's name, such as [\"B\", 512], got [1,4].",
    );
  });

  it('says of a metric which of its fields breaks which rule', () => {
    const metric = {
      dataset: 'm4',
      series: null,
      metric: 'MASE',
      value: 0.8,
      baseline: { name: 'n', value: 1 },
      command: 'run',
    };
    expect(messageOf({ metrics: [metric] })).toBe(
      "toy/card.json: 'metrics.0.series' must be a number or a text, got null.",
    );
  });

  it('refuses what is not a JSON object', () => {
    expect(() => parseModelCard('{', 'toy/card.json')).toThrow(
      'toy/card.json: the card must be valid JSON, and it is not.',
    );
    expect(() => parseModelCard('[]', 'toy/card.json')).toThrow(
      'toy/card.json: the card must be a JSON object, and it is not.',
    );
  });
});
