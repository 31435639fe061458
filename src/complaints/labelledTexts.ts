import type { Sql } from '../database/sql.ts';
import { type LabelName, listLabelledTexts } from './labelRepository.ts';
import { labelAt, sentiments, severities } from './labels.ts';

export type { LabelName } from './labelRepository.ts';

const batchSize = 500;

/** Every masked text whose label a person corrected, with the last correction, in batches of 500 rows. */
export async function* readLabelledTexts(
  sql: Sql,
  name: LabelName,
): AsyncGenerator<{ readonly text: string; readonly label: string }> {
  let afterId = 0;
  for (;;) {
    const rows = await listLabelledTexts(sql, name, { afterId, limit: batchSize });
    for (const { text, label } of rows) yield { text, label: toName(name, label) };
    const last = rows.at(-1);
    if (last === undefined || rows.length < batchSize) return;
    afterId = last.complaintId;
  }
}

/** A stored label as models are trained on it. */
function toName(name: LabelName, label: string): string {
  if (name === 'intent') return label;
  if (name === 'isComplaint') return label === 'true' ? 'yes' : 'no';
  const list = name === 'severity' ? severities : sentiments;
  return (labelAt<string>(list, Number(label)) ?? '').toLowerCase();
}
