import type { ImportProgress } from '../sales/importFile.ts';

/** Where progress is shown: one line that is rewritten on a terminal, a line now and then elsewhere. */
export type ProgressOutput = { readonly isTTY?: boolean; write(text: string): unknown };

const terminalIntervalMs = 200;
const plainIntervalMs = 5_000;

/** Makes the display of an import's progress. */
export function makeProgressLine(output: ProgressOutput, now: () => number) {
  const isTerminal = output.isTTY === true;
  const start = now();
  let shownAt = isTerminal ? Number.NEGATIVE_INFINITY : start;
  return {
    update(progress: ImportProgress): void {
      const time = now();
      if (time - shownAt < (isTerminal ? terminalIntervalMs : plainIntervalMs)) return;
      shownAt = time;
      const text = describeProgress(progress, (time - start) / 1_000);
      output.write(isTerminal ? `\r\u001b[K${text}` : `${text}\n`);
    },
    /** Clears the terminal's line. */
    finish(): void {
      if (isTerminal) output.write('\r\u001b[K');
    },
  };
}

/** One line: rows, speed and time left, estimated from the share of the file that is read. */
export function describeProgress(progress: ImportProgress, seconds: number): string {
  const { rows, skippedRows, bytesRead, sizeBytes } = progress;
  const share = sizeBytes === 0 ? 1 : Math.min(1, bytesRead / sizeBytes);
  const total = rows + skippedRows;
  if (rows === 0) return `${total} rows were imported before, ${Math.round(share * 100)} % of the file`;
  const speed = rows / Math.max(seconds, 0.001);
  const rowsLeft = share === 0 ? 0 : total / share - total;
  return `${total} rows, ${Math.round(speed)} rows/s, ${Math.round(share * 100)} %, ${describeTime(rowsLeft / speed)} left`;
}

function describeTime(seconds: number): string {
  const whole = Math.ceil(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
