-- AlterTable
ALTER TABLE "forecast" ADD COLUMN     "influences" JSONB NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "product_signal" (
    "variant_id" INTEGER NOT NULL,
    "week_starts_on" DATE NOT NULL,
    "complaints" INTEGER NOT NULL,
    "texts" INTEGER NOT NULL,
    "sentiment" DOUBLE PRECISION,

    CONSTRAINT "product_signal_pkey" PRIMARY KEY ("variant_id","week_starts_on")
);

-- AddForeignKey
ALTER TABLE "product_signal" ADD CONSTRAINT "product_signal_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "product_signal" ADD CONSTRAINT "product_signal_check" CHECK (
  extract(isodow FROM "week_starts_on") = 1 AND "complaints" >= 0 AND "texts" >= "complaints"
  AND ("sentiment" IS NULL) = ("texts" = 0) AND "sentiment" BETWEEN -1 AND 1
);
