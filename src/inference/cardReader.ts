import type { JsonObject, JsonValue } from './json.ts';

/** Called for every field that breaks its rule. */
export type ReportField = (field: string, rule: string, got: JsonValue | undefined) => void;

/**
 * Makes typed getters over a JSON object. A field is a dotted path such as `inputs.0.name`. A field that
 * breaks its rule is reported and read as an empty value, so one pass finds every problem.
 */
export function makeCardReader(root: JsonObject, report: ReportField) {
  const get = (field: string) => findField(root, field);
  const reader = {
    text: (field: string): string => reader.matching(field, /\S/, 'a text that is not empty'),
    matching(field: string, pattern: RegExp, rule: string): string {
      const value = get(field);
      if (typeof value === 'string' && pattern.test(value)) return value;
      report(field, rule, value);
      return '';
    },
    number(field: string): number {
      const value = get(field);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      report(field, 'a number', value);
      return 0;
    },
    numberOrText(field: string): number | string {
      const value = get(field);
      if (typeof value === 'number' || typeof value === 'string') return value;
      report(field, 'a number or a text', value);
      return '';
    },
    choice<const T extends string>(field: string, choices: readonly [T, ...T[]]): T {
      const value = get(field);
      const found = choices.find((choice) => choice === value);
      if (found === undefined) report(field, `one of ${choices.join(', ')}`, value);
      return found ?? choices[0];
    },
    texts(field: string): string[] {
      const value = get(field);
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
      report(field, 'a list of texts', value);
      return [];
    },
    shape(field: string): (number | string)[] {
      const value = get(field);
      if (isShape(value)) return [...value];
      report(field, 'a list of sizes that begins with the batch\'s name, such as ["B", 512]', value);
      return [];
    },
    /** Paths of the objects in a list, e.g. `['inputs.0', 'inputs.1']`. */
    objects(field: string, least: number): string[] {
      const value = get(field);
      const isList = Array.isArray(value) && value.length >= least && value.every(isObject);
      if (!isList) report(field, least === 0 ? 'a list of objects' : 'a list of at least one object', value);
      return isList ? value.map((_, index) => `${field}.${index}`) : [];
    },
  };
  return reader;
}

function findField(root: JsonObject, field: string): JsonValue | undefined {
  let value: JsonValue | undefined = root;
  for (const key of field.split('.')) {
    if (Array.isArray(value)) value = value[Number(key)];
    else value = isObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;
  }
  return value;
}

function isObject(value: JsonValue | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isShape(value: JsonValue | undefined): value is (number | string)[] {
  if (!Array.isArray(value) || typeof value[0] !== 'string') return false;
  return value.every(
    (size) => typeof size === 'string' || (typeof size === 'number' && Number.isInteger(size) && size > 0),
  );
}
