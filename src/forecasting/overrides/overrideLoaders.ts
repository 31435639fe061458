import DataLoader from 'dataloader';
import type { OverrideRow } from './overrideRepository.ts';
import type { OverrideService } from './overrideService.ts';

export type OverrideLoaders = ReturnType<typeof makeOverrideLoaders>;

/** Makes the loader of overrides of one request. */
export function makeOverrideLoaders(service: OverrideService) {
  const overrideById = new DataLoader<number, OverrideRow | null>((ids) => service.findOverrides(ids));
  return {
    overrideById,
    /** Overrides by id, in order; those that cannot be found are left out. */
    async loadAll(ids: readonly number[]): Promise<OverrideRow[]> {
      const rows = await Promise.all(ids.map((id) => overrideById.load(id)));
      return rows.filter((row) => row !== null);
    },
  };
}
