import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type ForecastTree,
  makeNonNegative,
  makeReconciler,
  sumOfGroup,
} from '../../../src/forecasting/hierarchy/reconcileTree.ts';

type Matrix = number[][];
type Case = {
  readonly tree: ForecastTree;
  readonly nodeVariances: readonly number[];
  readonly groupVariances: readonly number[];
  readonly nodes: readonly number[];
  readonly groups: readonly number[];
};

const transpose = (a: Matrix): Matrix => (a[0] ?? []).map((_, column) => a.map((row) => row[column] ?? 0));
const multiply = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) =>
    transpose(b).map((column) => row.reduce((sum, value, k) => sum + value * (column[k] ?? 0), 0)),
  );

/** Solves a x = b by Gauss-Jordan elimination with pivoting. */
function solve(a: Matrix, b: readonly number[]): number[] {
  const rows = a.map((row, i) => [...row, b[i] ?? 0]);
  for (let k = 0; k < rows.length; k += 1) {
    const pivot = rows.reduce(
      (best, row, i) => (i > k && Math.abs(row[k] ?? 0) > Math.abs(rows[best]?.[k] ?? 0) ? i : best),
      k,
    );
    [rows[k], rows[pivot]] = [rows[pivot] ?? [], rows[k] ?? []];
    const scale = rows[k]?.[k] ?? 1;
    rows[k] = (rows[k] ?? []).map((value) => value / scale);
    for (let i = 0; i < rows.length; i += 1) {
      const factor = rows[i]?.[k] ?? 0;
      if (i !== k) rows[i] = (rows[i] ?? []).map((value, j) => value - factor * (rows[k]?.[j] ?? 0));
    }
  }
  return rows.map((row) => row.at(-1) ?? 0);
}

/** (S'W⁻¹S)⁻¹ S'W⁻¹ ŷ with dense matrices: bottom-level values. Nodes and groups of infinite variance are left out. */
function reconcileDensely({ tree, nodeVariances, groupVariances, nodes, groups }: Case): Map<number, number> {
  const leaves = [...tree.parent.keys()].filter((node) => !tree.parent.includes(node));
  const isBelow = (leaf: number, node: number): boolean =>
    leaf === node || (leaf >= 0 && isBelow(tree.parent[leaf] ?? -1, node));
  const rows = [
    ...nodes.map((value, node) => ({
      row: leaves.map((leaf) => (isBelow(leaf, node) ? 1 : 0)),
      value,
      variance: nodeVariances[node] ?? 0,
    })),
    ...groups.map((value, group) => ({
      row: leaves.map((leaf) => (tree.groupOf[leaf] === group ? 1 : 0)),
      value,
      variance: groupVariances[group] ?? 0,
    })),
  ].filter(({ variance }) => Number.isFinite(variance));
  const summing = rows.map(({ row }) => row);
  const weighted = transpose(summing).map((column) =>
    column.map((value, k) => value / (rows[k]?.variance ?? 1)),
  );
  const right = multiply(
    weighted,
    rows.map(({ value }) => [value]),
  ).map(([value]) => value ?? 0);
  const bottom = solve(multiply(weighted, summing), right);
  return new Map(leaves.map((leaf, index) => [leaf, bottom[index] ?? 0]));
}

function reconcile({ tree, nodeVariances, groupVariances, nodes, groups }: Case): Float64Array {
  const variances = { nodes: Float64Array.from(nodeVariances), groups: Float64Array.from(groupVariances) };
  return makeReconciler(tree, variances)(Float64Array.from(nodes), Float64Array.from(groups));
}

function expectCoherent({ parent }: ForecastTree, values: Float64Array): void {
  const sums = new Map<number, number>();
  for (const [node, above] of parent.entries()) sums.set(above, (sums.get(above) ?? 0) + (values[node] ?? 0));
  for (const [node, sum] of sums)
    if (node >= 0) expect(Math.abs(sum - (values[node] ?? 0))).toBeLessThan(1e-6);
}

/** Total = A + B, A = AA + AB + AC, B = BA + BB: Hyndman and Athanasopoulos, Forecasting (3rd ed.), figure 11.1. */
const textbook: ForecastTree = {
  parent: Int32Array.from([-1, 0, 0, 1, 1, 1, 2, 2]),
  groupOf: new Int32Array(8).fill(-1),
  groupCount: 0,
};

const randomCase: fc.Arbitrary<Case> = fc
  .record({
    parents: fc.array(fc.double({ min: 0, max: 0.999, noNaN: true }), { minLength: 2, maxLength: 14 }),
    groupCount: fc.integer({ min: 0, max: 3 }),
    seeds: fc.array(fc.integer({ min: 0, max: 1_000 }), { minLength: 40, maxLength: 40 }),
  })
  .map(({ parents, groupCount, seeds }) => {
    const parent = Int32Array.from([-1, ...parents.map((share, index) => Math.floor(share * (index + 1)))]);
    const isLeaf = (node: number) => !parent.includes(node);
    const seedAt = (index: number) => seeds[index % 40] ?? 0;
    const tree = {
      parent,
      groupOf: Int32Array.from(parent, (_, node) =>
        isLeaf(node) && groupCount > 0 ? seedAt(node) % groupCount : -1,
      ),
      groupCount,
    };
    return {
      tree,
      nodeVariances: [...parent.keys()].map((node) =>
        isLeaf(node) || seedAt(node + 7) % 3 > 0 ? 0.1 + seedAt(node + 3) / 100 : Infinity,
      ),
      groupVariances: Array.from({ length: groupCount }, (_, group) => 0.5 + seedAt(group + 11) / 50),
      nodes: [...parent.keys()].map((node) => seedAt(node + 20) - 300),
      groups: Array.from({ length: groupCount }, (_, group) => seedAt(group + 30)),
    };
  });

describe('minimum-trace reconciliation', () => {
  it('shares a gap by variance: worked by hand', () => {
    // Children say 4 (variance 1) and 3 (variance 2), the total says 10 (variance 1): the sum 7 has variance 3, the gain
    // is 3/4, the total becomes 7 + 3/4 · 3 = 9.25, and the children share 2.25 as 1 to 2.
    const tree = { parent: Int32Array.from([-1, 0, 0]), groupOf: new Int32Array(3).fill(-1), groupCount: 0 };
    const values = reconcile({
      tree,
      nodeVariances: [1, 1, 2],
      groupVariances: [],
      nodes: [10, 4, 3],
      groups: [],
    });
    expect([...values]).toEqual([9.25, 4.75, 4.5]);
  });

  it("equals the dense formula on the textbook's hierarchy with structural scaling", () => {
    const structural = {
      tree: textbook,
      nodeVariances: [5, 3, 2, 1, 1, 1, 1, 1],
      groupVariances: [],
      groups: [],
    };
    const nodes = [120, 50, 60, 20, 15, 10, 30, 40];
    const values = reconcile({ ...structural, nodes });
    for (const [leaf, value] of reconcileDensely({ ...structural, nodes }))
      expect(values[leaf]).toBeCloseTo(value, 9);
    expectCoherent(textbook, values);
    // Unbiased: what is coherent already stays as it is.
    const coherent = [115, 45, 70, 20, 15, 10, 30, 40];
    for (const [node, value] of reconcile({ ...structural, nodes: coherent }).entries())
      expect(value).toBeCloseTo(coherent[node] ?? 0, 9);
  });

  it('equals the dense formula on random trees with crossed groups and nodes without a forecast', () => {
    fc.assert(
      fc.property(randomCase, (item) => {
        const values = reconcile(item);
        for (const [leaf, value] of reconcileDensely(item))
          expect(Math.abs((values[leaf] ?? 0) - value)).toBeLessThan(1e-6 * Math.max(1, Math.abs(value)));
        expectCoherent(item.tree, values);
      }),
      { numRuns: 300 },
    );
  });

  it('never leaves a value below 0, keeps a total above 0, and stays coherent', () => {
    fc.assert(
      fc.property(randomCase, (item) => {
        const values = reconcile(item);
        const total = values[0] ?? 0;
        const hasPositiveChild = [...item.tree.parent.keys()].some(
          (node) => !item.tree.parent.includes(node) && (values[node] ?? 0) > 0,
        );
        const clipped = makeNonNegative(item.tree, values.slice());
        expect(Math.min(...clipped)).toBeGreaterThanOrEqual(0);
        expectCoherent(item.tree, clipped);
        if (total <= 0) expect(clipped[0]).toBe(0);
        if (values.every((value) => value >= 0) && hasPositiveChild) expect(clipped[0]).toBeCloseTo(total, 6);
        const groups = Array.from({ length: item.tree.groupCount }, (_, group) =>
          sumOfGroup(item.tree, clipped, group),
        );
        if (groups.length > 0)
          expect(groups.reduce((sum, value) => sum + value, 0)).toBeCloseTo(clipped[0] ?? 0, 6);
      }),
    );
  });

  it('refuses a leaf without a forecast of its own', () => {
    expect(() =>
      makeReconciler(textbook, { nodes: new Float64Array(8).fill(Infinity), groups: new Float64Array() }),
    ).toThrow('The variance of leaf 7 must be above 0 and finite, got Infinity.');
  });

  it('solves a hundred thousand leaves by passes over the tree', () => {
    const leaves = 100_000;
    const parent = Int32Array.from({ length: leaves + 101 }, (_, node) =>
      node === 0 ? -1 : node <= 100 ? 0 : 1 + (node % 100),
    );
    const groupOf = Int32Array.from(parent, (_, node) => (node > 100 ? node % 3 : -1));
    const tree = { parent, groupOf, groupCount: 3 };
    const nodes = new Float64Array(parent.length).fill(2);
    const reconcileLarge = makeReconciler(tree, {
      nodes: Float64Array.from(parent, (_, node) => (node > 100 ? 1 : Infinity)),
      groups: new Float64Array(3).fill(1),
    });
    // Each group of 33,333 leaves says 66,667 with variance 33,333, and 90,000 with variance 1.
    const values = reconcileLarge(nodes, new Float64Array(3).fill(90_000));
    expectCoherent(tree, values);
    for (const group of [0, 1, 2]) expect(sumOfGroup(tree, values, group)).toBeCloseTo(89_999.3, 0);
  });
});
