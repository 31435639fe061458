import DataLoader from 'dataloader';
import { Prisma, type PrismaClient } from '../../src/generated/prisma/client.ts';

export type Loaders = ReturnType<typeof makeLoaders>;
/** Sales of one day over all warehouses. */
export type SalesDay = {
  readonly periodStart: string;
  readonly units: number;
  readonly returns: number;
  readonly revenue: Prisma.Decimal;
  readonly inStock: boolean;
};

const dayMs = 86_400_000;
const nothing = { units: 0, returns: 0, revenue: new Prisma.Decimal(0), inStock: true };

/** Makes the loaders of one request. */
export function makeLoaders(prisma: PrismaClient) {
  const salesLoaders = new Map<string, DataLoader<number, SalesDay[]>>();
  return {
    levelsByVariant: new DataLoader(async (ids: readonly number[]) => {
      const rows = await prisma.inventoryLevel.findMany({
        where: { variantId: { in: [...ids] } },
        orderBy: [{ variantId: 'asc' }, { warehouseId: 'asc' }],
      });
      return group(ids, rows);
    }),
    warehouseById: new DataLoader(async (ids: readonly number[]) => {
      const rows = await prisma.warehouse.findMany({ where: { id: { in: [...ids] } } });
      const byId = new Map(rows.map((row) => [row.id, row]));
      return ids.map((id) => byId.get(id) ?? new Error(`No warehouse ${id}.`));
    }),
    salesByVariant(from: string, to: string) {
      let loader = salesLoaders.get(`${from} ${to}`);
      if (loader === undefined) {
        loader = new DataLoader((ids: readonly number[]) => readSales(prisma, ids, from, to));
        salesLoaders.set(`${from} ${to}`, loader);
      }
      return loader;
    },
  };
}

async function readSales(
  prisma: PrismaClient,
  ids: readonly number[],
  from: string,
  to: string,
): Promise<SalesDay[][]> {
  const rows = await prisma.dailySales.findMany({
    where: { variantId: { in: [...ids] }, date: { gte: new Date(from), lte: new Date(to) } },
    select: { variantId: true, date: true, units: true, returns: true, revenue: true, inStock: true },
    orderBy: [{ variantId: 'asc' }, { date: 'asc' }],
  });
  return group(ids, rows).map((sales) => {
    const byDay = new Map<number, Omit<SalesDay, 'periodStart'>>();
    for (const { date, units, returns, revenue, inStock } of sales) {
      const sum = byDay.get(date.getTime());
      byDay.set(
        date.getTime(),
        sum === undefined
          ? { units, returns, revenue, inStock }
          : {
              units: sum.units + units,
              returns: sum.returns + returns,
              revenue: sum.revenue.plus(revenue),
              inStock: sum.inStock && inStock,
            },
      );
    }
    const days: SalesDay[] = [];
    for (let time = Date.parse(from); time <= Date.parse(to); time += dayMs)
      days.push({
        periodStart: new Date(time).toISOString().slice(0, 10),
        ...(byDay.get(time) ?? nothing),
      });
    return days;
  });
}

function group<Row extends { readonly variantId: number }>(
  ids: readonly number[],
  rows: readonly Row[],
): Row[][] {
  const groups = new Map<number, Row[]>(ids.map((id) => [id, []]));
  for (const row of rows) groups.get(row.variantId)?.push(row);
  return ids.map((id) => groups.get(id) ?? []);
}
