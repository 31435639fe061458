import { readFile } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { type CsvRecord, makeCsvReader } from '../csv/csvRecords.ts';
import { badInput } from '../errors.ts';
import type { RecordedDemand } from '../replenishment/simulation/walkForward.ts';
import { numberWeeks } from '../replenishment/simulation/weekOfYear.ts';
import { toDayNumber } from '../sales/calendarDay.ts';

const mostItems = 1_000;
const mostUnits = 1e12;

/**
 * Reads weekly demand from a CSV file, `.gz` or not. The head names the columns: those that are days ('YYYY-MM-DD', a
 * week apart) hold the units of the week that begins then; the others, together, name the item, and items with the same
 * value in one of them form a group. An empty cell is a week whose demand is unknown. Throws BAD_USER_INPUT naming the
 * line.
 */
export async function readHistoriesFile(path: string): Promise<RecordedDemand> {
  const bytes = await readFile(path).catch(() => {
    throw badInput(`--file must be a file that can be read, got '${path}'.`);
  });
  return readHistories((path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('utf8'));
}

/** As `readHistoriesFile`, of the file's text. */
export function readHistories(text: string): RecordedDemand {
  const reader = makeCsvReader(',');
  const [head, ...rows] = [...reader.push(text), ...reader.end()];
  const names = head?.fields ?? [];
  const firstWeek = names.findIndex((name) => /^\d{4}-\d{2}-\d{2}$/.test(name));
  const weeks = names.slice(firstWeek).map(toDayNumber);
  if (firstWeek < 1)
    throw badInput('The head of --file must name the item, then weeks as days YYYY-MM-DD, and it does not.');
  for (const [k, day] of weeks.entries())
    if (day !== (weeks[0] ?? 0) + 7 * k)
      throw badInput(
        `The weeks of --file must be seven days apart, got '${names[firstWeek + k]}' in their place ${k + 1}.`,
      );
  if (rows.length < 1 || rows.length > mostItems)
    throw badInput(`--file must have 1 to ${mostItems} items, one a line, got ${rows.length}.`);
  const periods = weeks.length;
  const cells = rows.flatMap((row) => readCells(row, firstWeek, periods));
  return {
    items: rows.map(({ fields }) => ({
      id: (fields ?? []).slice(0, firstWeek).join('/'),
      groups: names.slice(0, firstWeek).map((name, k) => `${name}:${fields?.[k] ?? ''}`),
    })),
    periods,
    demand: Float64Array.from(cells, (units) => units ?? 0),
    inStock: Uint8Array.from(cells, (units) => (units === null ? 0 : 1)),
    seasonPositions: numberWeeks(weeks[0] ?? 0, periods),
  };
}

function readCells({ fields, line }: CsvRecord, firstWeek: number, periods: number): (number | null)[] {
  if (fields === null || fields.length !== firstWeek + periods)
    throw badInput(
      `Line ${line} of --file must have ${firstWeek + periods} columns, got ${fields?.length ?? 'an open quote'}.`,
    );
  return fields.slice(firstWeek).map((field) => {
    if (field.trim() === '') return null;
    const units = Number(field);
    if (!(units >= 0 && units <= mostUnits))
      throw badInput(`Line ${line} of --file must hold units from 0 to ${mostUnits}, got '${field}'.`);
    return units;
  });
}
