-- CreateTable
CREATE TABLE "forecast_override" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "starts_on" DATE NOT NULL,
    "ends_on" DATE NOT NULL,
    "units" DOUBLE PRECISION,
    "factor" DOUBLE PRECISION,
    "reason" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "statistical_units" DOUBLE PRECISION NOT NULL,
    "final_units" DOUBLE PRECISION NOT NULL,

    CONSTRAINT "forecast_override_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forecast_override_removal" (
    "override_id" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "author" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "forecast_override_removal_pkey" PRIMARY KEY ("override_id")
);

-- CreateIndex
CREATE INDEX "forecast_override_variant_id_ends_on_idx" ON "forecast_override"("variant_id", "ends_on");

-- CreateIndex
CREATE INDEX "forecast_override_ends_on_id_idx" ON "forecast_override"("ends_on", "id");

-- AddForeignKey
ALTER TABLE "forecast_override" ADD CONSTRAINT "forecast_override_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forecast_override_removal" ADD CONSTRAINT "forecast_override_removal_override_id_fkey" FOREIGN KEY ("override_id") REFERENCES "forecast_override"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: checks, and a history that is only added to.

ALTER TABLE "forecast_override" ADD CONSTRAINT "forecast_override_value_check"
  CHECK ("starts_on" <= "ends_on" AND ("units" IS NULL) <> ("factor" IS NULL)
    AND COALESCE("units", 0) >= 0 AND COALESCE("factor", 0) >= 0);

CREATE FUNCTION "refuse_override_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "forecast_override_append_only" BEFORE UPDATE OR DELETE ON "forecast_override"
  FOR EACH ROW EXECUTE FUNCTION "refuse_override_change"();

CREATE TRIGGER "forecast_override_removal_append_only" BEFORE UPDATE OR DELETE ON "forecast_override_removal"
  FOR EACH ROW EXECUTE FUNCTION "refuse_override_change"();
