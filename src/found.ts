import { DomainError } from './errors.ts';

/** The row of a relation that must exist; throws NOT_FOUND where it was removed within this request. */
export function found<Row>(row: Row | null): Row {
  if (row === null)
    throw new DomainError('NOT_FOUND', 'The object must still exist, but it was removed meanwhile.');
  return row;
}
