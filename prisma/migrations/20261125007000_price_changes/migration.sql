-- DropIndex
DROP INDEX "variant_price_variant_id_valid_from_key";

-- AlterTable
ALTER TABLE "variant_price" ADD COLUMN     "actor" TEXT,
ADD COLUMN     "compare_price" DECIMAL(14,4),
ADD COLUMN     "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
ADD COLUMN     "reason" TEXT,
ADD COLUMN     "reference" TEXT,
ADD COLUMN     "settled_at" TIMESTAMPTZ(3),
ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'IMPORT',
ADD COLUMN     "status" TEXT NOT NULL DEFAULT 'EFFECTIVE';

-- CreateIndex
CREATE INDEX "variant_price_variant_id_valid_from_id_idx" ON "variant_price"("variant_id", "valid_from", "id");

-- What Prisma cannot say. Scheduled prices are few: indexes of their own find those that are due, and those to be cancelled.
CREATE INDEX "variant_price_scheduled_idx" ON "variant_price"("valid_from", "variant_id") WHERE "status" = 'SCHEDULED';
CREATE INDEX "variant_price_scheduled_reference_idx" ON "variant_price"("reference") WHERE "status" = 'SCHEDULED';
ALTER TABLE "variant_price" ADD CONSTRAINT "variant_price_check" CHECK (
  "price" > 0 AND "list_price" >= "price" AND "compare_price" > 0
  AND "status" IN ('SCHEDULED', 'EFFECTIVE', 'LAPSED', 'CANCELLED')
  AND "source" IN ('IMPORT', 'MANUAL', 'RECOMMENDATION', 'REVERSAL')
  AND ("status" IN ('SCHEDULED', 'EFFECTIVE') OR "settled_at" IS NOT NULL)
);

-- A price is never rewritten: only a scheduled one may change, and that once, to what became of it.
CREATE FUNCTION "refuse_variant_price_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD."status" <> 'SCHEDULED' OR NEW."status" = 'SCHEDULED'
     OR ROW(NEW."variant_id", NEW."valid_from", NEW."price", NEW."list_price", NEW."currency_code", NEW."source", NEW."created_at")
        IS DISTINCT FROM
        ROW(OLD."variant_id", OLD."valid_from", OLD."price", OLD."list_price", OLD."currency_code", OLD."source", OLD."created_at")
  THEN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
  END IF;
  RETURN NEW;
END
$$;

CREATE TRIGGER "variant_price_append_only" BEFORE UPDATE ON "variant_price"
  FOR EACH ROW EXECUTE FUNCTION "refuse_variant_price_change"();
