/** One product as the demo catalogue lists it: name, description, price, weight and the options it is sold in. */
export type ProductEntry = readonly [
  name: string,
  description: string,
  price: number,
  weightKg: number,
  options: readonly string[],
];

/** A category: its season peaks in ISO week `peakWeek` at 1 + `amplitude` times the yearly mean. */
export type CategoryEntry = {
  readonly code: string;
  readonly name: string;
  readonly peakWeek: number;
  readonly amplitude: number;
  readonly products: readonly ProductEntry[];
};
