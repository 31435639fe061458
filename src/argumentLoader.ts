import DataLoader from 'dataloader';

/** Loads values by key and arguments; the keys of one request that share arguments go into one batch. */
export type ArgumentLoader<Key, Arguments, Value> = {
  load(key: Key, arguments_: Arguments): Promise<Value>;
  /** Forgets what a key had, whatever the arguments, since it has been changed. */
  clear(key: Key): void;
};

/** Makes a request-scoped loader for a field with arguments; `loadMany` answers in key order. */
export function makeArgumentLoader<Key, Arguments, Value>(
  loadMany: (keys: readonly Key[], arguments_: Arguments) => Promise<readonly Value[]>,
): ArgumentLoader<Key, Arguments, Value> {
  const loaders = new Map<string, DataLoader<Key, Value>>();
  return {
    load(key, arguments_) {
      const name = JSON.stringify(arguments_);
      let loader = loaders.get(name);
      if (loader === undefined) {
        loader = new DataLoader<Key, Value>((keys) => loadMany(keys, arguments_));
        loaders.set(name, loader);
      }
      return loader.load(key);
    },
    clear(key) {
      for (const loader of loaders.values()) loader.clear(key);
    },
  };
}
