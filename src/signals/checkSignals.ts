import type { ProductSignalsRecordUserErrorCode } from '../generated/graphql.ts';
import { checkLines } from '../inputChecks.ts';
import type { UserError } from '../mutationOutcome.ts';
import type { WeeklySignal } from './repository.ts';

export type RecordCode = ProductSignalsRecordUserErrorCode;

const maximumSignals = 1_000;
const largestCount = 1_000_000;

/** Checks what can be checked without the store; throws BAD_USER_INPUT for an empty list. */
export function checkSignals(signals: readonly WeeklySignal[]): UserError<RecordCode>[] {
  const seen = new Set<string>();
  return checkLines<WeeklySignal, RecordCode>('signals', signals, maximumSignals, (signal, field) => {
    const key = `${signal.variantId} ${signal.weekStartsOn}`;
    const isRepeated = seen.has(key);
    seen.add(key);
    const { weekStartsOn } = signal;
    return [
      ...(isMonday(weekStartsOn)
        ? []
        : [refuse('INVALID_WEEK', [...field, 'weekStartsOn'], 'a Monday', weekStartsOn)]),
      ...(isRepeated
        ? [
            refuse(
              'DUPLICATE',
              [...field, 'weekStartsOn'],
              'another week than before for its variant',
              weekStartsOn,
            ),
          ]
        : []),
      ...checkNumbers(signal, field),
    ];
  });
}

function checkNumbers(
  { complaints, texts, sentiment }: WeeklySignal,
  field: readonly string[],
): UserError<RecordCode>[] {
  if (complaints < 0 || complaints > largestCount)
    return [refuse('INVALID_COUNT', [...field, 'complaints'], '0 to 1,000,000', complaints)];
  if (texts < complaints || texts > largestCount)
    return [
      refuse('INVALID_COUNT', [...field, 'texts'], `${complaints} (the complaints) to 1,000,000`, texts),
    ];
  if (texts === 0 && sentiment !== null)
    return [refuse('INVALID_SENTIMENT', [...field, 'sentiment'], 'absent where there is no text', sentiment)];
  if (texts > 0 && !(sentiment !== null && sentiment >= -1 && sentiment <= 1))
    return [refuse('INVALID_SENTIMENT', [...field, 'sentiment'], '−1 to 1', sentiment ?? 'none')];
  return [];
}

function isMonday(day: string): boolean {
  return new Date(`${day}T00:00:00Z`).getUTCDay() === 1;
}

function refuse(
  code: RecordCode,
  field: readonly string[],
  rule: string,
  got: string | number,
): UserError<RecordCode> {
  return { code, field, message: `${field.join('.')} must be ${rule}, got ${got}.` };
}
