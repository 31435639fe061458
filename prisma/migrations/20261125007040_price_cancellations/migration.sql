-- AlterTable
ALTER TABLE "variant_price" ADD COLUMN     "cancel_reason" TEXT,
ADD COLUMN     "cancelled_by" TEXT;

-- What Prisma cannot say. Scheduled prices are cancelled by their ids, not by what caused them.
DROP INDEX "variant_price_scheduled_reference_idx";
ALTER TABLE "variant_price" ADD CONSTRAINT "variant_price_cancelled_check"
  CHECK (("status" = 'CANCELLED') = ("cancelled_by" IS NOT NULL)) NOT VALID;
