-- CreateTable
CREATE TABLE "backtest" (
    "id" SERIAL NOT NULL,
    "job_id" INTEGER NOT NULL,
    "frequency" TEXT NOT NULL,
    "horizon" INTEGER NOT NULL,
    "origins" INTEGER NOT NULL,
    "step" INTEGER NOT NULL,
    "category_id" INTEGER,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "first_origin" DATE,
    "last_origin" DATE,
    "series_count" INTEGER,
    "summary" JSONB,

    CONSTRAINT "backtest_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "backtest_series" (
    "id" SERIAL NOT NULL,
    "backtest_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "category_id" INTEGER,
    "origins" INTEGER NOT NULL,
    "units" DECIMAL(20,6) NOT NULL,
    "periods" INTEGER NOT NULL,
    "scaled_periods" INTEGER NOT NULL,
    "loss" DECIMAL(20,6) NOT NULL,
    "absolute_error" DOUBLE PRECISION NOT NULL,
    "error" DOUBLE PRECISION NOT NULL,
    "covered" INTEGER NOT NULL,
    "scaled_error" DOUBLE PRECISION NOT NULL,
    "naive_loss" DECIMAL(20,6) NOT NULL,
    "naive_absolute_error" DOUBLE PRECISION NOT NULL,
    "naive_error" DOUBLE PRECISION NOT NULL,
    "naive_covered" INTEGER NOT NULL,
    "naive_scaled_error" DOUBLE PRECISION NOT NULL,
    "excess_loss" DECIMAL(20,6) NOT NULL,

    CONSTRAINT "backtest_series_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "backtest_job_id_key" ON "backtest"("job_id");

-- CreateIndex
CREATE INDEX "backtest_frequency_id_idx" ON "backtest"("frequency", "id");

-- CreateIndex
CREATE INDEX "backtest_created_at_id_idx" ON "backtest"("created_at", "id");

-- CreateIndex
CREATE INDEX "backtest_series_backtest_id_excess_loss_id_idx" ON "backtest_series"("backtest_id", "excess_loss", "id");

-- CreateIndex
CREATE INDEX "backtest_series_backtest_id_loss_id_idx" ON "backtest_series"("backtest_id", "loss", "id");

-- CreateIndex
CREATE INDEX "backtest_series_backtest_id_units_id_idx" ON "backtest_series"("backtest_id", "units", "id");

-- CreateIndex
CREATE INDEX "backtest_series_backtest_id_category_id_id_idx" ON "backtest_series"("backtest_id", "category_id", "id");

-- CreateIndex
CREATE INDEX "backtest_series_variant_id_idx" ON "backtest_series"("variant_id");

-- CreateIndex
CREATE UNIQUE INDEX "backtest_series_backtest_id_variant_id_key" ON "backtest_series"("backtest_id", "variant_id");

-- AddForeignKey
ALTER TABLE "backtest" ADD CONSTRAINT "backtest_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backtest" ADD CONSTRAINT "backtest_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "category"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backtest_series" ADD CONSTRAINT "backtest_series_backtest_id_fkey" FOREIGN KEY ("backtest_id") REFERENCES "backtest"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "backtest_series" ADD CONSTRAINT "backtest_series_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;
