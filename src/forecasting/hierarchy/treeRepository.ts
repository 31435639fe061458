import type { Sql } from '../../database/sql.ts';
import type { ModelRef } from '../../generated/graphql.ts';
import type { DemandLevel } from '../../sales/service.ts';
import type { ForecastAccuracy } from '../accuracy.ts';
import type { MemberWeight } from '../ensemble.ts';
import { freshTree, treeFingerprint } from '../repository.ts';

/** A variant's place in the hierarchy; category 0 = none. */
export type HierarchyVariant = { readonly id: number; readonly category: number };
/** Units that a warehouse sold of a variant lately; 0 where it only stocks it. */
export type WarehouseUnits = {
  readonly variantId: number;
  readonly warehouseId: number;
  readonly units: number;
};
/** Share of a variant's demand that a warehouse serves, by the warehouse's id. */
export type WarehouseShares = Readonly<Record<string, number>>;

/** The fresh tree, and one of its nodes; without the node where it has none of this key. */
export type TreeNodeRow = {
  readonly treeId: number;
  readonly generatedAt: Date;
  readonly startsOn: string;
  readonly horizon: number;
  readonly key: number | null;
  readonly levels: readonly number[];
  readonly quantiles: readonly number[];
  readonly mean: readonly number[];
  readonly members: readonly MemberWeight[];
  readonly accuracy: ForecastAccuracy | null;
};
/** A node before it is stored. */
export type NewTreeNode = Pick<TreeNodeRow, 'levels' | 'quantiles' | 'mean' | 'members' | 'accuracy'> & {
  readonly level: DemandLevel;
  readonly key: number;
};
/** A variant of a tree with overrides to come. */
export type OverriddenMember = HierarchyVariant & { readonly warehouseShares: WarehouseShares };

/** Days of sales that tell how a variant's demand is shared among warehouses. */
const shareDays = 91;

/** Every variant, by category and id. */
export function listHierarchyVariants(sql: Sql): Promise<HierarchyVariant[]> {
  return sql.query(
    `SELECT variant.id, COALESCE(product.category_id, 0) AS category
       FROM product_variant variant JOIN product ON product.id = variant.product_id ORDER BY 2, 1`,
  );
}

/** The variants below products, categories, warehouses or the total; keys are their ids. */
export function listVariantsBelow(
  sql: Sql,
  level: DemandLevel | 'PRODUCT',
  keys: readonly number[],
): Promise<(HierarchyVariant & { readonly key: number })[]> {
  const conditions = {
    TOTAL: ['0', '0 = ANY($1::int[])'],
    CATEGORY: ['product.category_id', 'product.category_id = ANY($1::int[])'],
    PRODUCT: ['product.id', 'product.id = ANY($1::int[])'],
    // A warehouse's share of a variant is found afterwards: any variant may have one.
    WAREHOUSE: ['0', 'TRUE OR $1::int[] IS NULL'],
  } as const;
  const [key, condition] = conditions[level];
  return sql.query(
    `SELECT variant.id, COALESCE(product.category_id, 0) AS category, ${key} AS key
       FROM product_variant variant JOIN product ON product.id = variant.product_id
      WHERE ${condition} ORDER BY 2, 1`,
    [keys],
  );
}

/**
 * What each warehouse sold of these variants in its last 91 reported days, and where they are stocked; a variant of no
 * warehouse is given to the one that reported last. At least one row a variant.
 */
export function listWarehouseUnits(sql: Sql, variantIds: readonly number[]): Promise<WarehouseUnits[]> {
  return sql.query(
    `SELECT wanted.id AS "variantId", COALESCE("warehouseId", (
              SELECT id FROM warehouse ORDER BY sales_through DESC NULLS LAST, id LIMIT 1
            )) AS "warehouseId", COALESCE(sum(units), 0)::float8 AS units
       FROM unnest($1::int[]) AS wanted(id) LEFT JOIN (
       SELECT sale.variant_id AS "variantId", sale.warehouse_id AS "warehouseId", sale.units
         FROM daily_sales sale JOIN warehouse ON warehouse.id = sale.warehouse_id
        WHERE sale.variant_id = ANY($1::int[]) AND sale.date > warehouse.sales_through - ${shareDays}
       UNION ALL
       SELECT variant_id, warehouse_id, 0 FROM inventory_level WHERE variant_id = ANY($1::int[])
     ) known ON known."variantId" = wanted.id
      GROUP BY 1, 2 ORDER BY 1, 2`,
    [variantIds],
  );
}

/** Begins a tree of daily forecasts: it rests on the sales reported now, and is seen by nobody until it is finished. */
export async function startTree(sql: Sql, model: ModelRef, now: Date): Promise<number> {
  const [row] = await sql.query<{ id: number }>(
    `INSERT INTO forecast_tree (frequency, model_name, model_version, generated_at, fingerprint)
     SELECT 'DAILY', $1, $2, $3::timestamptz, ${treeFingerprint} RETURNING id`,
    [model.name, model.version, now],
  );
  return row?.id ?? 0;
}

/** Stores reconciled means of variants; nothing where the tree was overtaken by a later one. */
export async function insertTreeVariants(
  sql: Sql,
  treeId: number,
  variants: readonly {
    readonly variantId: number;
    readonly mean: readonly number[];
    readonly warehouseShares: WarehouseShares;
  }[],
): Promise<void> {
  await sql.query(
    `INSERT INTO forecast_tree_variant (tree_id, variant_id, mean, warehouse_shares)
     SELECT tree.id, "variantId", mean, "warehouseShares"
       FROM forecast_tree tree, jsonb_to_recordset($2::jsonb) AS record("variantId" int, mean float8[], "warehouseShares" jsonb)
      WHERE tree.id = $1`,
    [treeId, JSON.stringify(variants)],
  );
}

/** Stores the nodes of a tree, finishes it, and removes the trees before it. */
export async function finishTree(
  tx: Sql,
  tree: { readonly id: number; readonly startsOn: string; readonly horizon: number },
  nodes: readonly NewTreeNode[],
): Promise<void> {
  await tx.query(
    `INSERT INTO forecast_tree_node (tree_id, level, key, quantile_levels, quantiles, mean, members, accuracy)
     SELECT tree.id, record.level, record.key, levels, quantiles, mean, members, accuracy
       FROM forecast_tree tree, jsonb_to_recordset($2::jsonb) AS record(level text, key int, levels float8[],
            quantiles float8[], mean float8[], members jsonb, accuracy jsonb)
      WHERE tree.id = $1`,
    [tree.id, JSON.stringify(nodes)],
  );
  await tx.query('UPDATE forecast_tree SET starts_on = $2::date, horizon = $3 WHERE id = $1', [
    tree.id,
    tree.startsOn,
    tree.horizon,
  ]);
  await tx.query('DELETE FROM forecast_tree WHERE id < $1', [tree.id]);
}

/** Removes a tree that came to nothing. */
export async function deleteTree(sql: Sql, treeId: number): Promise<void> {
  await sql.query('DELETE FROM forecast_tree WHERE id = $1', [treeId]);
}

/** Nodes of the fresh tree, one statement; no row at all where no tree is fresh. */
export function listTreeNodes(
  sql: Sql,
  level: DemandLevel,
  keys: readonly number[],
  model: ModelRef,
): Promise<TreeNodeRow[]> {
  return sql.query(
    `WITH ${freshTree}
     SELECT tree.id AS "treeId", tree.generated_at AS "generatedAt", tree.starts_on AS "startsOn", tree.horizon,
            node.key, node.quantile_levels AS levels, node.quantiles, node.mean, node.members, node.accuracy
       FROM tree LEFT JOIN forecast_tree_node node
            ON node.tree_id = tree.id AND node.level = $5 AND node.key = ANY($1::int[])`,
    [keys, 'DAILY', model.name, model.version, level],
  );
}

/** Variants of a tree with overrides on its days or later, of these nodes: one statement. */
export function listOverriddenMembers(
  sql: Sql,
  tree: { readonly id: number; readonly startsOn: string },
  level: DemandLevel,
  keys: readonly number[],
): Promise<OverriddenMember[]> {
  return sql.query(
    `SELECT DISTINCT ON (member.variant_id) member.variant_id AS id, COALESCE(product.category_id, 0) AS category,
            member.warehouse_shares AS "warehouseShares"
       FROM forecast_override override
       JOIN forecast_tree_variant member ON member.variant_id = override.variant_id AND member.tree_id = $1
       JOIN product_variant variant ON variant.id = member.variant_id
       JOIN product ON product.id = variant.product_id
      WHERE override.ends_on >= $2::date
        AND NOT EXISTS (SELECT 1 FROM forecast_override_removal WHERE override_id = override.id)
        AND ($3 <> 'CATEGORY' OR product.category_id = ANY($4::int[]))
      ORDER BY member.variant_id`,
    [tree.id, tree.startsOn, level, keys],
  );
}
