-- AlterTable
ALTER TABLE "complaint_triage" ADD COLUMN     "message_id" INTEGER;

-- CreateTable
CREATE TABLE "complaint_text_triage" (
    "id" SERIAL NOT NULL,
    "complaint_id" INTEGER NOT NULL,
    "message_id" INTEGER,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "triaged_at" TIMESTAMPTZ(3) NOT NULL,
    "result" JSONB NOT NULL,
    "embedding" REAL[],

    CONSTRAINT "complaint_text_triage_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "complaint_text_triage_complaint_id_id_idx" ON "complaint_text_triage"("complaint_id", "id");

-- CreateIndex
CREATE INDEX "complaint_text_triage_message_id_idx" ON "complaint_text_triage"("message_id");

-- CreateIndex
CREATE INDEX "complaint_sales_order_number_idx" ON "complaint"("sales_order_number");

-- CreateIndex
CREATE INDEX "complaint_triage_message_id_idx" ON "complaint_triage"("message_id");

-- AddForeignKey
ALTER TABLE "complaint_triage" ADD CONSTRAINT "complaint_triage_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "complaint_message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_text_triage" ADD CONSTRAINT "complaint_text_triage_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "complaint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_text_triage" ADD CONSTRAINT "complaint_text_triage_message_id_fkey" FOREIGN KEY ("message_id") REFERENCES "complaint_message"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
CREATE INDEX "complaint_text_triage_entities_idx" ON "complaint_text_triage" USING gin (("result" -> 'entities') jsonb_path_ops);
-- Triages of before are the first of their texts.
INSERT INTO "complaint_text_triage" ("complaint_id", "model_name", "model_version", "triaged_at", "result", "embedding")
SELECT "complaint_id", "model_name", "model_version", "triaged_at", "result", "embedding" FROM "complaint_triage" ORDER BY "complaint_id";
