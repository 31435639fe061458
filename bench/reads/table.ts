/** Writes a table for people (and for Markdown): the first column to the left, numbers to the right. */
export function formatTable(
  title: string,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  const ruler = `|${head.map((_, index) => (index === 0 ? '---' : '---:')).join('|')}|`;
  return `${[title, '', line(head), ruler, ...rows.map(line)].join('\n')}\n`;
}

/** The middle of a list; 0 of an empty one. */
export function median(values: readonly number[]): number {
  return quantile(values, 0.5);
}

/** The value that a share `level` of the list does not exceed; 0 of an empty list. */
export function quantile(values: readonly number[], level: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.round(level * (sorted.length - 1))] ?? 0;
}
