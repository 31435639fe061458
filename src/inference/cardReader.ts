import type { JsonObject, JsonValue } from './json.ts';

/** Called for every field that breaks its rule. */
export type ReportField = (field: string, rule: string, got: JsonValue | undefined) => void;

/**
 * Typed getters over a JSON object. A field is a dotted path such as `inputs.0.name`. A field that breaks its
 * rule is reported and read as an empty value, so one pass finds every problem.
 */
export class CardReader {
  readonly #root: JsonObject;
  readonly #report: ReportField;

  constructor(root: JsonObject, report: ReportField) {
    this.#root = root;
    this.#report = report;
  }

  /** A text with something in it. */
  text(field: string): string {
    return this.matching(field, /\S/, 'a text that is not empty');
  }

  /** A text of the given form; `rule` says it in words. */
  matching(field: string, pattern: RegExp, rule: string): string {
    const value = findField(this.#root, field);
    if (typeof value === 'string' && pattern.test(value)) return value;
    this.#report(field, rule, value);
    return '';
  }

  /** A finite number. */
  number(field: string): number {
    const value = findField(this.#root, field);
    if (typeof value === 'number' && Number.isFinite(value)) return value;
    this.#report(field, 'a number', value);
    return 0;
  }

  /** A number, or a text. */
  numberOrText(field: string): number | string {
    const value = findField(this.#root, field);
    if (typeof value === 'number' || typeof value === 'string') return value;
    this.#report(field, 'a number or a text', value);
    return '';
  }

  /** One of the given texts. */
  choice<const T extends string>(field: string, choices: readonly [T, ...T[]]): T {
    const value = findField(this.#root, field);
    const found = choices.find((choice) => choice === value);
    if (found === undefined) this.#report(field, `one of ${choices.join(', ')}`, value);
    return found ?? choices[0];
  }

  /** A list of texts, which may be empty. */
  texts(field: string): string[] {
    const value = findField(this.#root, field);
    if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
    this.#report(field, 'a list of texts', value);
    return [];
  }

  /** Sizes of a tensor, the batch's name first. */
  shape(field: string): (number | string)[] {
    const value = findField(this.#root, field);
    if (isShape(value)) return [...value];
    this.#report(field, 'a list of sizes that begins with the batch\'s name, such as ["B", 512]', value);
    return [];
  }

  /** Paths of the objects in a list of at least `least`, e.g. `['inputs.0', 'inputs.1']`. */
  objects(field: string, least: 0 | 1): string[] {
    const value = findField(this.#root, field);
    if (Array.isArray(value) && value.length >= least && value.every(isObject))
      return value.map((_, index) => `${field}.${index}`);
    this.#report(field, least === 0 ? 'a list of objects' : 'a list of at least one object', value);
    return [];
  }
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
