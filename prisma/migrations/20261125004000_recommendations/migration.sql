-- AlterTable
ALTER TABLE "purchase_order" ADD COLUMN     "expedited_at" TIMESTAMPTZ(3);

-- CreateTable
CREATE TABLE "complaint_action" (
    "id" SERIAL NOT NULL,
    "recommendation_id" INTEGER NOT NULL,
    "complaint_id" INTEGER NOT NULL,
    "kind" TEXT NOT NULL,
    "sales_order_line_id" INTEGER,
    "variant_id" INTEGER,
    "warehouse_id" INTEGER,
    "supplier_id" INTEGER,
    "purchase_order_id" INTEGER,
    "reservation_id" INTEGER,
    "shipment_reference" TEXT,
    "quantity" INTEGER,
    "amount" DECIMAL(14,4),
    "currency_code" CHAR(3),
    "assignee" TEXT,
    "previous_assignee" TEXT,
    "previous_status" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "cancelled_at" TIMESTAMPTZ(3),

    CONSTRAINT "complaint_action_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendation" (
    "id" SERIAL NOT NULL,
    "kind" TEXT NOT NULL,
    "subject_id" INTEGER NOT NULL,
    "topic" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "status" "recommendation_status" NOT NULL DEFAULT 'PROPOSED',
    "terms" JSONB NOT NULL,
    "facts" JSONB NOT NULL,
    "rule" TEXT NOT NULL,
    "explanation" TEXT NOT NULL,
    "needs_second_person" BOOLEAN NOT NULL,
    "input_hash" TEXT NOT NULL,
    "model_name" TEXT,
    "model_version" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,
    "decided_at" TIMESTAMPTZ(3),
    "actor" TEXT,
    "reason" TEXT,

    CONSTRAINT "recommendation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "recommendation_event" (
    "id" SERIAL NOT NULL,
    "recommendation_id" INTEGER NOT NULL,
    "status" "recommendation_status" NOT NULL,
    "actor" TEXT NOT NULL,
    "reason" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "recommendation_event_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "complaint_action_recommendation_id_key" ON "complaint_action"("recommendation_id");

-- CreateIndex
CREATE INDEX "complaint_action_complaint_id_idx" ON "complaint_action"("complaint_id");

-- CreateIndex
CREATE INDEX "complaint_action_sales_order_line_id_idx" ON "complaint_action"("sales_order_line_id");

-- CreateIndex
CREATE INDEX "complaint_action_variant_id_warehouse_id_idx" ON "complaint_action"("variant_id", "warehouse_id");

-- CreateIndex
CREATE INDEX "complaint_action_purchase_order_id_idx" ON "complaint_action"("purchase_order_id");

-- CreateIndex
CREATE INDEX "complaint_action_shipment_reference_idx" ON "complaint_action"("shipment_reference");

-- CreateIndex
CREATE INDEX "recommendation_kind_subject_id_id_idx" ON "recommendation"("kind", "subject_id", "id");

-- CreateIndex
CREATE INDEX "recommendation_status_id_idx" ON "recommendation"("status", "id");

-- CreateIndex
CREATE INDEX "recommendation_action_id_idx" ON "recommendation"("action", "id");

-- CreateIndex
CREATE INDEX "recommendation_created_at_id_idx" ON "recommendation"("created_at", "id");

-- CreateIndex
CREATE INDEX "recommendation_event_recommendation_id_id_idx" ON "recommendation_event"("recommendation_id", "id");

-- CreateIndex
CREATE INDEX "sales_order_number_idx" ON "sales_order"("number");

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_recommendation_id_fkey" FOREIGN KEY ("recommendation_id") REFERENCES "recommendation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_complaint_id_fkey" FOREIGN KEY ("complaint_id") REFERENCES "complaint"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_sales_order_line_id_fkey" FOREIGN KEY ("sales_order_line_id") REFERENCES "sales_order_line"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "supplier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_purchase_order_id_fkey" FOREIGN KEY ("purchase_order_id") REFERENCES "purchase_order"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "inventory_reservation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "recommendation_event" ADD CONSTRAINT "recommendation_event_recommendation_id_fkey" FOREIGN KEY ("recommendation_id") REFERENCES "recommendation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.
CREATE UNIQUE INDEX "recommendation_open_key" ON "recommendation"("kind", "subject_id", "topic") WHERE "status" = 'PROPOSED';
CREATE UNIQUE INDEX "recommendation_applied_key" ON "recommendation"("kind", "subject_id", "topic") WHERE "status" = 'APPLIED';
ALTER TABLE "complaint_action" ADD CONSTRAINT "complaint_action_check" CHECK (
  "quantity" > 0 AND "amount" > 0 AND ("amount" IS NULL) = ("currency_code" IS NULL)
  AND "kind" IN ('REFUND', 'REPLACEMENT', 'EXPEDITE', 'RECOUNT', 'SUPPLIER_CLAIM', 'HUMAN')
);
