-- CreateTable
CREATE TABLE "price_exploration_run" (
    "id" SERIAL NOT NULL,
    "frequency" TEXT NOT NULL,
    "horizon" INTEGER NOT NULL,
    "objective" TEXT NOT NULL,
    "share" DOUBLE PRECISION NOT NULL,
    "maximum_loss_rate" DOUBLE PRECISION NOT NULL,
    "seed" INTEGER NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "price_exploration_run_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_exploration" (
    "id" SERIAL NOT NULL,
    "run_id" INTEGER NOT NULL,
    "item_id" TEXT NOT NULL,
    "unit_cost" DOUBLE PRECISION NOT NULL,
    "prices" DOUBLE PRECISION[],
    "propensities" DOUBLE PRECISION[],
    "expected_results" DOUBLE PRECISION[],
    "chosen_index" INTEGER NOT NULL,
    "recommended_index" INTEGER NOT NULL,
    "current_index" INTEGER NOT NULL,
    "is_explored" BOOLEAN NOT NULL,

    CONSTRAINT "price_exploration_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_exploration_run_id_item_id_key" ON "price_exploration"("run_id", "item_id");

-- AddForeignKey
ALTER TABLE "price_exploration" ADD CONSTRAINT "price_exploration_run_id_fkey" FOREIGN KEY ("run_id") REFERENCES "price_exploration_run"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "price_exploration_run" ADD CONSTRAINT "price_exploration_run_check"
  CHECK ("share" BETWEEN 0 AND 1 AND "maximum_loss_rate" BETWEEN 0 AND 1 AND btrim("actor") <> '' AND btrim("reason") <> '');
ALTER TABLE "price_exploration" ADD CONSTRAINT "price_exploration_check"
  CHECK (cardinality("prices") BETWEEN 1 AND 100 AND cardinality("propensities") = cardinality("prices")
    AND cardinality("expected_results") = cardinality("prices")
    AND "chosen_index" BETWEEN 0 AND cardinality("prices") - 1 AND "propensities"["chosen_index" + 1] > 0
    AND "recommended_index" BETWEEN 0 AND cardinality("prices") - 1
    AND "current_index" BETWEEN 0 AND cardinality("prices") - 1);

-- A chance that is changed after the draw makes every estimate from it wrong.
CREATE FUNCTION "refuse_price_exploration_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "price_exploration_append_only" BEFORE UPDATE ON "price_exploration"
  FOR EACH ROW EXECUTE FUNCTION "refuse_price_exploration_change"();
