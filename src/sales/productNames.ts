/** Finds the best name of each article among the names its rows carry. */
export type ProductNames = {
  add(sku: string, name: string | null): void;
  /** The best name of each article seen, in the order they appeared; the code itself where there is none. */
  list(): { readonly sku: string; readonly name: string }[];
};

type Candidate = { rows: number; lastRow: number };

/** Makes an empty collection; a name is good where `isProductName` says so, others are used only for want of a good one. */
export function makeProductNames(isProductName: (name: string) => boolean): ProductNames {
  const articles = new Map<string, Map<string, Candidate>>();
  let row = 0;
  return {
    add(sku, name) {
      row += 1;
      let names = articles.get(sku);
      if (names === undefined) {
        names = new Map();
        articles.set(copy(sku), names);
      }
      if (name === null) return;
      const candidate = names.get(name);
      if (candidate === undefined) names.set(copy(name), { rows: 1, lastRow: row });
      else {
        candidate.rows += 1;
        candidate.lastRow = row;
      }
    },
    list: () => [...articles].map(([sku, names]) => ({ sku, name: findBest(names, isProductName) ?? sku })),
  };
}

function findBest(
  names: ReadonlyMap<string, Candidate>,
  isProductName: (name: string) => boolean,
): string | undefined {
  const [best] = [...names].sort(
    ([a, one], [b, two]) =>
      Number(isProductName(b)) - Number(isProductName(a)) || two.rows - one.rows || two.lastRow - one.lastRow,
  );
  return best?.[0];
}

/** A text of its own: a slice would keep the whole piece of the file it was cut from in memory. */
function copy(text: string): string {
  return Buffer.from(text).toString();
}
