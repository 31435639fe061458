import { badInput } from './errors.ts';
import { type NodeType, toGlobalId } from './globalId.ts';
import type { UserError } from './mutationOutcome.ts';

/** A whole number of an input and its range, both ends included. */
export type QuantityCheck = {
  readonly field: readonly string[];
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
};

const maximumTextLength = 500;

/** Writes a whole number for people: −1,000,000. */
export function formatCount(value: number): string {
  return `${value < 0 ? '−' : ''}${Math.abs(value).toLocaleString('en-US')}`;
}

/** Checks `input.reason`: blank is an expected refusal; throws BAD_USER_INPUT where it is too long. */
export function checkReason(reason: string): UserError<'BLANK_REASON'>[] {
  const field = ['input', 'reason'];
  if (reason.trim() !== '') {
    checkText(reason, field);
    return [];
  }
  const message = `input.reason must have 1 to ${maximumTextLength} characters that are not blank, got none.`;
  return [{ code: 'BLANK_REASON', field, message }];
}

/** Checks `input.referenceDocumentUri`; throws BAD_USER_INPUT where it is too long. */
export function checkReference(uri: string | null): void {
  if (uri !== null) checkText(uri, ['input', 'referenceDocumentUri']);
}

/** Checks a list's length: too long is an expected refusal; throws BAD_USER_INPUT where it is empty. */
export function checkLineCount(
  name: string,
  lines: readonly unknown[],
  maximum: number,
): UserError<'TOO_MANY_LINES'>[] {
  const field = ['input', name];
  const message = `input.${name} must have 1 to ${maximum} entries, got ${formatCount(lines.length)}.`;
  if (lines.length === 0) throw badInput(message, field);
  return lines.length > maximum ? [{ code: 'TOO_MANY_LINES', field, message }] : [];
}

/**
 * Checks a list's length and, where it is within the limit, each line; `checkLine` gets the line, its path and
 * its index. Throws BAD_USER_INPUT where the list is empty.
 */
export function checkLines<Line, Code extends string>(
  name: string,
  lines: readonly Line[],
  maximum: number,
  checkLine: (line: Line, field: readonly string[], index: number) => UserError<Code>[],
): UserError<Code | 'TOO_MANY_LINES'>[] {
  const tooMany = checkLineCount(name, lines, maximum);
  if (tooMany.length > 0) return tooMany;
  return lines.flatMap((line, index) => checkLine(line, ['input', name, String(index)], index));
}

/** Checks a quantity against its range. */
export function checkQuantity({
  field,
  value,
  minimum,
  maximum,
}: QuantityCheck): UserError<'INVALID_QUANTITY'>[] {
  if (value >= minimum && value <= maximum) return [];
  const message = `${field.join('.')} must be ${formatCount(minimum)} to ${formatCount(maximum)}, got ${formatCount(value)}.`;
  return [{ code: 'INVALID_QUANTITY', field, message }];
}

/** Makes the refusal of an id that no row has. */
export function notFound(type: NodeType, id: number, field: readonly string[]): UserError<'NOT_FOUND'> {
  const message = `${field.join('.')} must be the id of an existing ${type}, got '${toGlobalId(type, id)}'.`;
  return { code: 'NOT_FOUND', field, message };
}

/** Checks a text for the store; throws BAD_USER_INPUT where it is too long or holds U+0000, which PostgreSQL refuses. */
export function checkText(text: string, field: readonly string[], maximum = maximumTextLength): void {
  if (text.length > maximum)
    throw badInput(
      `${field.join('.')} must have at most ${maximum} characters, got ${formatCount(text.length)}.`,
      field,
    );
  if (text.includes('\0')) throw badInput(`${field.join('.')} must not contain the character U+0000.`, field);
}

/** Refuses each text that shows nothing, under its name in `input`. */
export function refuseBlanks<Code extends string>(
  code: Code,
  texts: Readonly<Record<string, string>>,
): UserError<Code>[] {
  return Object.entries(texts).flatMap(([name, text]) => {
    const message = `input.${name} must have at least one character that can be seen, got none.`;
    return isBlank(text) ? [{ code, field: ['input', name], message }] : [];
  });
}

/** Whether a text shows nothing: no character but white space, controls and those that are not seen. */
export function isBlank(text: string): boolean {
  return !/[^\s\p{C}\u115f\u1160\u3164\uffa0]/u.test(text);
}
