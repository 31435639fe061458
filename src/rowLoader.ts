import DataLoader from 'dataloader';
import { found } from './found.ts';

/** Loads rows by id, those of one request in batches. */
export class RowLoader<Row> extends DataLoader<number, Row | null> {
  readonly #required = new Map<number, Promise<Row>>();

  /**
   * The row that another one points to; throws NOT_FOUND where it was removed within this request. Hundreds of rows
   * may point to the same one, so each id has one promise: DataLoader alone makes one for every call.
   */
  loadRequired(id: number): Promise<Row> {
    let row = this.#required.get(id);
    if (row === undefined) {
      row = this.load(id).then(found);
      this.#required.set(id, row);
    }
    return row;
  }

  override clear(id: number): this {
    this.#required.delete(id);
    return super.clear(id);
  }
}
