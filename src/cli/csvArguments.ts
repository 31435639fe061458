import { badInput } from '../errors.ts';

/** Reads `--map FIELD=COLUMN` options; throws BAD_USER_INPUT for another form or an unknown field. */
export function readColumnMap<Field extends string>(
  maps: readonly string[],
  fields: readonly Field[],
): Partial<Record<Field, string>> {
  const columns: Partial<Record<Field, string>> = {};
  for (const map of maps) {
    const [name, ...rest] = map.split('=');
    const field = fields.find((known) => known === name);
    const column = rest.join('=').trim();
    if (field === undefined || column === '')
      throw badInput(`--map must be FIELD=COLUMN with one of ${fields.join(', ')}, got '${map}'.`);
    columns[field] = column;
  }
  return columns;
}

/** Reads an option that must be one of `choices`, whatever its case; throws BAD_USER_INPUT. */
export function readChoice<Choice extends string>(
  name: string,
  text: string,
  choices: readonly Choice[],
): Choice {
  const found = choices.find((choice) => choice.toLowerCase() === text.toLowerCase());
  if (found === undefined) throw badInput(`${name} must be one of ${choices.join(', ')}, got '${text}'.`);
  return found;
}

/** Reads `--delimiter`: a character, or `tab`. */
export function readDelimiter(text: string | undefined): string {
  return text === 'tab' ? '\t' : (text ?? ',');
}
