import { connectionFields } from '../database/connection.ts';
import type {
  InventoryLevelFilter,
  InventoryMovementFilter,
  Maybe,
  MutationResolvers,
  Resolvers,
} from '../generated/graphql.ts';
import { fromGlobalId, toGlobalId } from '../globalId.ts';
import { idempotencyOf } from '../idempotencyOf.ts';
import type { Outcome } from '../mutationOutcome.ts';
import { availableOf } from './available.ts';
import type { LevelKey } from './levelKey.ts';
import type { LevelListFilter, LevelRow, MovementListFilter, ReservationRow } from './repository.ts';

const mutations: Pick<
  MutationResolvers,
  | 'inventoryAdjustQuantities'
  | 'inventorySetQuantities'
  | 'inventoryMoveQuantities'
  | 'inventoryReserve'
  | 'inventoryRelease'
  | 'inventoryReservationConfirm'
> = {
  inventoryAdjustQuantities: async (_, { input }, { services }, info) => {
    const changes = input.changes.map((line, index) => ({ ...line, ...toLevelKey(line, 'changes', index) }));
    const command = { ...input, referenceDocumentUri: input.referenceDocumentUri ?? null, changes };
    return toLevels(await services.inventory.adjustQuantities(command, idempotencyOf(info, input)));
  },
  inventorySetQuantities: async (_, { input }, { services }, info) => {
    const quantities = input.quantities.map((line, index) => ({
      ...toLevelKey(line, 'quantities', index),
      quantity: line.quantity,
      compareQuantity: line.compareQuantity ?? null,
    }));
    const command = { ...input, referenceDocumentUri: input.referenceDocumentUri ?? null, quantities };
    return toLevels(await services.inventory.setQuantities(command, idempotencyOf(info, input)));
  },
  inventoryMoveQuantities: async (_, { input }, { services }, info) => {
    const moves = input.moves.map((move, index) => ({
      variantId: fromGlobalId('ProductVariant', move.variantId, fieldOf('moves', index, 'variantId')),
      fromWarehouseId: fromGlobalId(
        'Warehouse',
        move.fromWarehouseId,
        fieldOf('moves', index, 'fromWarehouseId'),
      ),
      toWarehouseId: fromGlobalId('Warehouse', move.toWarehouseId, fieldOf('moves', index, 'toWarehouseId')),
      quantity: move.quantity,
    }));
    const command = { ...input, referenceDocumentUri: input.referenceDocumentUri ?? null, moves };
    return toLevels(await services.inventory.moveQuantities(command, idempotencyOf(info, input)));
  },
  inventoryReserve: async (_, { input }, { services }, info) => {
    const lines = input.lines.map((line, index) => ({ ...line, ...toLevelKey(line, 'lines', index) }));
    const command = { ...input, referenceDocumentUri: input.referenceDocumentUri ?? null, lines };
    return toReservation(await services.inventory.reserve(command, idempotencyOf(info, input)));
  },
  inventoryRelease: async (_, { input }, { services }, info) =>
    toReservation(await services.inventory.release(toCloseInput(input), idempotencyOf(info, input))),
  inventoryReservationConfirm: async (_, { input }, { services }, info) =>
    toReservation(await services.inventory.confirm(toCloseInput(input), idempotencyOf(info, input))),
};

/** GraphQL fields of stock, `available` and `inventoryLevels` of the catalogue's types included. */
export const inventoryResolvers: Pick<
  Resolvers,
  | 'Query'
  | 'Mutation'
  | 'Product'
  | 'ProductVariant'
  | 'Warehouse'
  | 'WarehouseConnection'
  | 'InventoryLevel'
  | 'InventoryLevelConnection'
  | 'InventoryMovement'
  | 'InventoryMovementConnection'
  | 'InventoryReservation'
  | 'InventoryReservationLine'
> = {
  Query: {
    warehouses: (_, page, { services }) => services.inventory.listWarehouses(page),
    inventoryLevels: (_, { filter, ...page }, { services }) =>
      services.inventory.listLevels(toLevelFilter(filter), page),
    inventoryMovements: (_, { filter, ...page }, { services }) =>
      services.inventory.listMovements(toMovementFilter(filter), page),
    inventoryConsistency: (_, _arguments, { services }) => services.inventory.checkConsistency(),
  },
  Mutation: mutations,
  Product: { available: ({ id }, _, { loaders }) => loaders.inventory.availableByProduct.load(id) },
  ProductVariant: {
    available: ({ id }, _, { loaders }) => loaders.inventory.availableByVariant.load(id),
    inventoryLevels: ({ id }, _, { loaders }) => loaders.inventory.levelsByVariant.load(id),
  },
  Warehouse: {
    id: ({ id }) => toGlobalId('Warehouse', id),
    coordinates: ({ longitude, latitude }) => [longitude, latitude],
  },
  WarehouseConnection: connectionFields,
  InventoryLevel: {
    id: ({ id }) => toGlobalId('InventoryLevel', id),
    available: availableOf,
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    warehouse: ({ warehouseId }, _, { loaders }) => loaders.inventory.warehouseById.loadRequired(warehouseId),
  },
  InventoryLevelConnection: connectionFields,
  InventoryMovement: {
    id: ({ id }) => toGlobalId('InventoryMovement', id),
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    warehouse: ({ warehouseId }, _, { loaders }) => loaders.inventory.warehouseById.loadRequired(warehouseId),
  },
  InventoryMovementConnection: connectionFields,
  InventoryReservation: {
    id: ({ id }) => toGlobalId('InventoryReservation', id),
    lines: ({ id }, _, { loaders }) => loaders.inventory.linesByReservation.load(id),
  },
  InventoryReservationLine: {
    variant: ({ variantId }, _, { loaders }) => loaders.catalogue.variantById.loadRequired(variantId),
    warehouse: ({ warehouseId }, _, { loaders }) => loaders.inventory.warehouseById.loadRequired(warehouseId),
  },
};

function toLevelKey(
  line: { readonly variantId: string; readonly warehouseId: string },
  list: string,
  index: number,
): LevelKey {
  return {
    variantId: fromGlobalId('ProductVariant', line.variantId, fieldOf(list, index, 'variantId')),
    warehouseId: fromGlobalId('Warehouse', line.warehouseId, fieldOf(list, index, 'warehouseId')),
  };
}

function fieldOf(list: string, index: number, name: string): string[] {
  return ['input', list, String(index), name];
}

function toCloseInput({
  reservationId,
  reason,
}: {
  readonly reservationId: string;
  readonly reason: string;
}) {
  const field = ['input', 'reservationId'];
  return { reservationId: fromGlobalId('InventoryReservation', reservationId, field), reason };
}

function toLevels<Code extends string>(outcome: Outcome<LevelRow[], Code>) {
  return outcome.kind === 'done'
    ? { inventoryLevels: outcome.result, userErrors: [] }
    : { inventoryLevels: null, userErrors: outcome.userErrors };
}

function toReservation<Code extends string>(outcome: Outcome<ReservationRow, Code>) {
  return outcome.kind === 'done'
    ? { reservation: outcome.result, userErrors: [] }
    : { reservation: null, userErrors: outcome.userErrors };
}

function toLevelFilter(filter: Maybe<InventoryLevelFilter> | undefined): LevelListFilter {
  return {
    warehouseId: toRowId('Warehouse', filter?.warehouseId, ['filter', 'warehouseId']),
    variantIds:
      filter?.variantIds?.map((id, index) =>
        fromGlobalId('ProductVariant', id, ['filter', 'variantIds', String(index)]),
      ) ?? null,
    available: filter?.available,
  };
}

function toMovementFilter(filter: Maybe<InventoryMovementFilter> | undefined): MovementListFilter {
  return {
    warehouseId: toRowId('Warehouse', filter?.warehouseId, ['filter', 'warehouseId']),
    variantId: toRowId('ProductVariant', filter?.variantId, ['filter', 'variantId']),
    types: filter?.types,
    createdAt: filter?.createdAt,
  };
}

function toRowId(
  type: 'ProductVariant' | 'Warehouse',
  id: string | null | undefined,
  field: readonly string[],
): number | null {
  return id === null || id === undefined ? null : fromGlobalId(type, id, field);
}
