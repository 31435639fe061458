/** Units of one variant in one line of an input. */
export type VariantLine = {
  readonly variantId: number;
  readonly quantity: number;
  /** Units among these that are damaged. */
  readonly damagedQuantity: number;
};

/** Units of one variant over all lines; `firstLine` is the index of the line that names it first. */
export type VariantSum = VariantLine & { readonly firstLine: number };

/** Adds up the lines of one variant, so that they are checked together; by variant. */
export function sumByVariant(lines: readonly VariantLine[]): VariantSum[] {
  const sums = new Map<number, VariantSum>();
  lines.forEach(({ variantId, quantity, damagedQuantity }, index) => {
    const sum = sums.get(variantId) ?? { variantId, quantity: 0, damagedQuantity: 0, firstLine: index };
    sums.set(variantId, {
      ...sum,
      quantity: sum.quantity + quantity,
      damagedQuantity: sum.damagedQuantity + damagedQuantity,
    });
  });
  return [...sums.values()].sort((left, right) => left.variantId - right.variantId);
}
