-- CreateTable
CREATE TABLE "price_proposal" (
    "recommendation_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "job_id" INTEGER,
    "expected_gain" DECIMAL(16,4) NOT NULL,
    "price_id" INTEGER,
    "previous_list_price" DECIMAL(14,4),

    CONSTRAINT "price_proposal_pkey" PRIMARY KEY ("recommendation_id")
);

-- CreateTable
CREATE TABLE "price_schedule" (
    "id" SERIAL NOT NULL,
    "recommendation_id" INTEGER NOT NULL,
    "effective_from" DATE NOT NULL,
    "state" TEXT NOT NULL DEFAULT 'SCHEDULED',
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "note" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "ended_at" TIMESTAMPTZ(3),

    CONSTRAINT "price_schedule_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_proposal_price_id_key" ON "price_proposal"("price_id");

-- CreateIndex
CREATE INDEX "price_proposal_expected_gain_recommendation_id_idx" ON "price_proposal"("expected_gain", "recommendation_id");

-- CreateIndex
CREATE INDEX "price_proposal_variant_id_recommendation_id_idx" ON "price_proposal"("variant_id", "recommendation_id");

-- CreateIndex
CREATE INDEX "price_proposal_job_id_recommendation_id_idx" ON "price_proposal"("job_id", "recommendation_id");

-- CreateIndex
CREATE INDEX "price_schedule_recommendation_id_id_idx" ON "price_schedule"("recommendation_id", "id");

-- CreateIndex
CREATE INDEX "variant_price_source_id_idx" ON "variant_price"("source", "id");

-- AddForeignKey
ALTER TABLE "price_proposal" ADD CONSTRAINT "price_proposal_recommendation_id_fkey" FOREIGN KEY ("recommendation_id") REFERENCES "recommendation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_proposal" ADD CONSTRAINT "price_proposal_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_proposal" ADD CONSTRAINT "price_proposal_job_id_fkey" FOREIGN KEY ("job_id") REFERENCES "job"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_proposal" ADD CONSTRAINT "price_proposal_price_id_fkey" FOREIGN KEY ("price_id") REFERENCES "variant_price"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_schedule" ADD CONSTRAINT "price_schedule_recommendation_id_fkey" FOREIGN KEY ("recommendation_id") REFERENCES "recommendation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: one schedule of a recommendation at a time, and the states.
CREATE UNIQUE INDEX "price_schedule_open_key" ON "price_schedule"("recommendation_id") WHERE "state" = 'SCHEDULED';
CREATE INDEX "price_schedule_due_idx" ON "price_schedule"("effective_from", "id") WHERE "state" = 'SCHEDULED';
ALTER TABLE "price_schedule" ADD CONSTRAINT "price_schedule_check" CHECK (
  "state" IN ('SCHEDULED', 'APPLIED', 'FAILED', 'CANCELLED') AND ("state" = 'SCHEDULED') = ("ended_at" IS NULL)
);
