-- AlterTable
ALTER TABLE "job" DROP COLUMN "finished_chunks";

-- AlterTable
ALTER TABLE "job_chunk" ADD COLUMN     "round" INTEGER NOT NULL DEFAULT 0,
ADD COLUMN     "timeout_seconds" INTEGER;
