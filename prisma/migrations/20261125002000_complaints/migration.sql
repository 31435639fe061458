-- CreateTable
CREATE TABLE "complaint" (
    "id" SERIAL NOT NULL,
    "customer_reference" TEXT,
    "sales_order_number" TEXT,
    "variant_id" INTEGER,
    "shipment_reference" TEXT,
    "carrier" TEXT,
    "warehouse_id" INTEGER,
    "supplier_id" INTEGER,
    "channel" TEXT NOT NULL,
    "text" TEXT,
    "masked_text" TEXT NOT NULL DEFAULT '',
    "text_deleted_at" TIMESTAMPTZ(3),
    "status" TEXT NOT NULL DEFAULT 'OPEN',
    "assignee" TEXT,
    "submitted_at" TIMESTAMPTZ(3) NOT NULL,
    "triage_state" TEXT NOT NULL DEFAULT 'PENDING',
    "intent" TEXT,
    "intent_confidence" DECIMAL(6,5) NOT NULL DEFAULT 0,
    "severity" SMALLINT NOT NULL DEFAULT 0,
    "sentiment" SMALLINT NOT NULL DEFAULT 0,
    "is_complaint" BOOLEAN,

    CONSTRAINT "complaint_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "complaint_triage" (
    "complaint_id" INTEGER NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "triaged_at" TIMESTAMPTZ(3) NOT NULL,
    "result" JSONB NOT NULL,
    "embedding" REAL[],

    CONSTRAINT "complaint_triage_pkey" PRIMARY KEY ("complaint_id")
);

-- CreateTable
CREATE TABLE "complaint_override" (
    "id" SERIAL NOT NULL,
    "complaint_id" INTEGER NOT NULL,
    "intent" TEXT,
    "severity" SMALLINT,
    "sentiment" SMALLINT,
    "is_complaint" BOOLEAN,
    "author" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "model_name" TEXT,
    "model_version" TEXT,

    CONSTRAINT "complaint_override_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "complaint_message" (
    "id" SERIAL NOT NULL,
    "complaint_id" INTEGER NOT NULL,
    "author" TEXT NOT NULL,
    "agent" TEXT,
    "text" TEXT,
    "masked_text" TEXT NOT NULL DEFAULT '',
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "complaint_message_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "complaint_submitted_at_id_idx" ON "complaint"("submitted_at", "id");

-- CreateIndex
CREATE INDEX "complaint_severity_id_idx" ON "complaint"("severity", "id");

-- CreateIndex
CREATE INDEX "complaint_intent_confidence_id_idx" ON "complaint"("intent_confidence", "id");

-- CreateIndex
CREATE INDEX "complaint_intent_id_idx" ON "complaint"("intent", "id");

-- CreateIndex
CREATE INDEX "complaint_status_id_idx" ON "complaint"("status", "id");

-- CreateIndex
CREATE INDEX "complaint_triage_state_id_idx" ON "complaint"("triage_state", "id");

-- CreateIndex
CREATE INDEX "complaint_channel_id_idx" ON "complaint"("channel", "id");

-- CreateIndex
CREATE INDEX "complaint_assignee_id_idx" ON "complaint"("assignee", "id");

-- CreateIndex
CREATE INDEX "complaint_is_complaint_id_idx" ON "complaint"("is_complaint", "id");

-- CreateIndex
CREATE INDEX "complaint_sentiment_id_idx" ON "complaint"("sentiment", "id");

-- CreateIndex
CREATE INDEX "complaint_customer_reference_idx" ON "complaint"("customer_reference");

-- CreateIndex
CREATE INDEX "complaint_variant_id_submitted_at_idx" ON "complaint"("variant_id", "submitted_at");

-- CreateIndex
CREATE INDEX "complaint_warehouse_id_submitted_at_idx" ON "complaint"("warehouse_id", "submitted_at");

-- CreateIndex
CREATE INDEX "complaint_supplier_id_submitted_at_idx" ON "complaint"("supplier_id", "submitted_at");

-- CreateIndex
CREATE INDEX "complaint_carrier_submitted_at_idx" ON "complaint"("carrier", "submitted_at");

-- CreateIndex
CREATE INDEX "complaint_override_complaint_id_id_idx" ON "complaint_override"("complaint_id", "id");

-- CreateIndex
CREATE INDEX "complaint_message_complaint_id_id_idx" ON "complaint_message"("complaint_id", "id");

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "supplier"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_triage" ADD CONSTRAINT "complaint_triage_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "complaint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_override" ADD CONSTRAINT "complaint_override_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "complaint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_message" ADD CONSTRAINT "complaint_message_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "complaint"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
CREATE INDEX "complaint_search_idx" ON "complaint" USING gin (to_tsvector('english', "masked_text"));
ALTER TABLE "complaint" ADD CONSTRAINT "complaint_check" CHECK (
  "severity" BETWEEN 0 AND 4 AND "sentiment" BETWEEN 0 AND 5 AND "intent_confidence" BETWEEN 0 AND 1
  AND "triage_state" IN ('PENDING', 'DONE') AND ("text" IS NULL) = ("text_deleted_at" IS NOT NULL)
);
ALTER TABLE "complaint_override" ADD CONSTRAINT "complaint_override_check" CHECK (
  "severity" BETWEEN 1 AND 4 AND "sentiment" BETWEEN 1 AND 5
  AND num_nonnulls("intent", "severity", "sentiment", "is_complaint") > 0
);
