-- AlterTable
ALTER TABLE "product_signal" ADD COLUMN     "source" TEXT NOT NULL DEFAULT 'COMPLAINTS';

-- What Prisma cannot say.
ALTER TABLE "product_signal" ADD CONSTRAINT "product_signal_source_check" CHECK ("source" IN ('RECORDED', 'COMPLAINTS'));
