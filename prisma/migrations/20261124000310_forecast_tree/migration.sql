-- AlterTable
ALTER TABLE "forecast" ADD COLUMN     "cold_start" JSONB;

-- CreateTable
CREATE TABLE "forecast_tree" (
    "id" SERIAL NOT NULL,
    "frequency" TEXT NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "generated_at" TIMESTAMPTZ(3) NOT NULL,
    "fingerprint" TEXT NOT NULL,
    "starts_on" DATE,
    "horizon" INTEGER,

    CONSTRAINT "forecast_tree_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forecast_tree_node" (
    "tree_id" INTEGER NOT NULL,
    "level" TEXT NOT NULL,
    "key" INTEGER NOT NULL,
    "quantile_levels" DOUBLE PRECISION[],
    "quantiles" DOUBLE PRECISION[],
    "mean" DOUBLE PRECISION[],
    "members" JSONB NOT NULL,
    "accuracy" JSONB,

    CONSTRAINT "forecast_tree_node_pkey" PRIMARY KEY ("tree_id","level","key")
);

-- CreateTable
CREATE TABLE "forecast_tree_variant" (
    "tree_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "mean" DOUBLE PRECISION[],
    "warehouse_shares" JSONB NOT NULL,

    CONSTRAINT "forecast_tree_variant_pkey" PRIMARY KEY ("tree_id","variant_id")
);

-- CreateIndex
CREATE INDEX "forecast_tree_frequency_id_idx" ON "forecast_tree"("frequency", "id");

-- CreateIndex
CREATE INDEX "forecast_tree_variant_variant_id_idx" ON "forecast_tree_variant"("variant_id");

-- AddForeignKey
ALTER TABLE "forecast_tree_node" ADD CONSTRAINT "forecast_tree_node_tree_id_fkey" FOREIGN KEY ("tree_id") REFERENCES "forecast_tree"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forecast_tree_variant" ADD CONSTRAINT "forecast_tree_variant_tree_id_fkey" FOREIGN KEY ("tree_id") REFERENCES "forecast_tree"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forecast_tree_variant" ADD CONSTRAINT "forecast_tree_variant_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
