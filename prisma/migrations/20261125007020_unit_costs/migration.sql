-- CreateTable
CREATE TABLE "unit_cost" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "valid_from" DATE NOT NULL,
    "cost" DECIMAL(14,4) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "source" TEXT NOT NULL,
    "reference" TEXT,
    "actor" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "unit_cost_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "unit_cost_variant_id_valid_from_id_idx" ON "unit_cost"("variant_id", "valid_from", "id");

-- AddForeignKey
ALTER TABLE "unit_cost" ADD CONSTRAINT "unit_cost_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "unit_cost" ADD CONSTRAINT "unit_cost_check" CHECK ("cost" >= 0 AND "source" IN ('RECORDED', 'RECEIPT'));

CREATE FUNCTION "refuse_unit_cost_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "unit_cost_append_only" BEFORE UPDATE ON "unit_cost"
  FOR EACH ROW EXECUTE FUNCTION "refuse_unit_cost_change"();
