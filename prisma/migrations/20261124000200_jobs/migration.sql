-- CreateEnum
CREATE TYPE "job_state" AS ENUM ('PENDING', 'RUNNING', 'COMPLETED', 'RETRYING', 'FAILED', 'CANCELLED');

-- CreateTable
CREATE TABLE "job" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "state" "job_state" NOT NULL DEFAULT 'PENDING',
    "input" JSONB NOT NULL,
    "requested_by" TEXT,
    "done" INTEGER NOT NULL DEFAULT 0,
    "total" INTEGER,
    "finished_chunks" INTEGER NOT NULL DEFAULT 0,
    "chunk_count" INTEGER,
    "result" JSONB,
    "error" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "started_at" TIMESTAMPTZ(3),
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "job_chunk" (
    "job_id" INTEGER NOT NULL,
    "number" INTEGER NOT NULL,
    "size" INTEGER NOT NULL,
    "payload" JSONB NOT NULL,
    "part" JSONB,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "job_chunk_pkey" PRIMARY KEY ("job_id","number")
);

-- CreateIndex
CREATE INDEX "job_state_id_idx" ON "job"("state", "id");

-- CreateIndex
CREATE INDEX "job_kind_id_idx" ON "job"("kind", "id");

-- CreateIndex
CREATE INDEX "job_created_at_id_idx" ON "job"("created_at", "id");

-- AddForeignKey
ALTER TABLE "job_chunk" ADD CONSTRAINT "job_chunk_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "job" ADD CONSTRAINT "job_progress_check" CHECK ("done" >= 0 AND "done" <= coalesce("total", 0));
