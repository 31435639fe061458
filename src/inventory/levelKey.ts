/** The level of one variant in one warehouse, by row ids. */
export type LevelKey = { readonly variantId: number; readonly warehouseId: number };

/** One text a level, for maps. */
export function levelKeyOf({ variantId, warehouseId }: LevelKey): string {
  return `${variantId}:${warehouseId}`;
}

/** Order in which levels are locked and written: by variant, then warehouse. */
export function compareLevelKeys(left: LevelKey, right: LevelKey): number {
  return left.variantId - right.variantId || left.warehouseId - right.warehouseId;
}

/** The levels named, each once, in the order in which they are locked. */
export function sortLevelKeys(keys: readonly LevelKey[]): LevelKey[] {
  return uniqueLevelKeys(keys).sort(compareLevelKeys);
}

/** The levels named, each once, in the order first named. */
export function uniqueLevelKeys(keys: readonly LevelKey[]): LevelKey[] {
  const unique = new Map<string, LevelKey>();
  for (const { variantId, warehouseId } of keys) {
    const key = { variantId, warehouseId };
    if (!unique.has(levelKeyOf(key))) unique.set(levelKeyOf(key), key);
  }
  return [...unique.values()];
}

/** Position of the first line of each level. */
export function firstLineByLevel(lines: readonly LevelKey[]): ReadonlyMap<string, number> {
  const first = new Map<string, number>();
  lines.forEach((line, index) => {
    if (!first.has(levelKeyOf(line))) first.set(levelKeyOf(line), index);
  });
  return first;
}
