-- CreateEnum
CREATE TYPE "inventory_quantity_name" AS ENUM ('ON_HAND', 'COMMITTED', 'RESERVED', 'INCOMING', 'DAMAGED', 'SAFETY_STOCK');

-- CreateEnum
CREATE TYPE "inventory_movement_type" AS ENUM ('ADJUSTMENT', 'RECEIPT', 'SALE', 'RETURN', 'TRANSFER_IN', 'TRANSFER_OUT', 'RESERVATION', 'RELEASE');

-- CreateEnum
CREATE TYPE "inventory_reservation_status" AS ENUM ('ACTIVE', 'CONFIRMED', 'RELEASED', 'EXPIRED');

-- CreateEnum
CREATE TYPE "sales_order_line_kind" AS ENUM ('SALE', 'RETURN');

-- CreateEnum
CREATE TYPE "purchase_order_status" AS ENUM ('OPEN', 'PARTIALLY_RECEIVED', 'RECEIVED', 'CANCELLED');

-- CreateEnum
CREATE TYPE "recommendation_status" AS ENUM ('PROPOSED', 'ACCEPTED', 'REJECTED', 'APPLIED', 'REVERTED');

-- CreateEnum
CREATE TYPE "sales_import_status" AS ENUM ('RUNNING', 'COMPLETED');

-- CreateTable
CREATE TABLE "category" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "category_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product" (
    "id" SERIAL NOT NULL,
    "handle" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "description" TEXT NOT NULL DEFAULT '',
    "category_id" INTEGER,
    "units_sold" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "product_variant" (
    "id" SERIAL NOT NULL,
    "product_id" INTEGER NOT NULL,
    "sku" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "price" DECIMAL(14,4) NOT NULL,
    "list_price" DECIMAL(14,4) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "weight_kg" DOUBLE PRECISION,
    "units_sold" INTEGER NOT NULL DEFAULT 0,
    "launched_on" DATE,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "product_variant_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "variant_price" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "valid_from" DATE NOT NULL,
    "price" DECIMAL(14,4) NOT NULL,
    "list_price" DECIMAL(14,4) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,

    CONSTRAINT "variant_price_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supplier" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country_code" CHAR(2),

    CONSTRAINT "supplier_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "supplier_offer" (
    "id" SERIAL NOT NULL,
    "supplier_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "unit_cost" DECIMAL(14,4) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "lead_time_days_mean" DOUBLE PRECISION NOT NULL,
    "lead_time_days_deviation" DOUBLE PRECISION NOT NULL DEFAULT 0,
    "minimum_order_quantity" INTEGER NOT NULL DEFAULT 1,
    "pack_size" INTEGER NOT NULL DEFAULT 1,
    "is_preferred" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "supplier_offer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "warehouse" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "country_code" CHAR(2) NOT NULL,
    "longitude" DOUBLE PRECISION NOT NULL,
    "latitude" DOUBLE PRECISION NOT NULL,
    "sales_through" DATE,

    CONSTRAINT "warehouse_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_level" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "on_hand" INTEGER NOT NULL DEFAULT 0,
    "committed" INTEGER NOT NULL DEFAULT 0,
    "reserved" INTEGER NOT NULL DEFAULT 0,
    "incoming" INTEGER NOT NULL DEFAULT 0,
    "damaged" INTEGER NOT NULL DEFAULT 0,
    "safety_stock" INTEGER NOT NULL DEFAULT 0,
    "updated_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inventory_level_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_movement" (
    "id" BIGSERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "quantity_name" "inventory_quantity_name" NOT NULL,
    "type" "inventory_movement_type" NOT NULL,
    "delta" INTEGER NOT NULL,
    "balance_after" INTEGER NOT NULL,
    "reason" TEXT NOT NULL,
    "reference_document_uri" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "inventory_movement_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_reservation" (
    "id" SERIAL NOT NULL,
    "status" "inventory_reservation_status" NOT NULL DEFAULT 'ACTIVE',
    "expires_at" TIMESTAMPTZ(3) NOT NULL,
    "reference_document_uri" TEXT,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "closed_at" TIMESTAMPTZ(3),

    CONSTRAINT "inventory_reservation_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "inventory_reservation_line" (
    "id" SERIAL NOT NULL,
    "reservation_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,

    CONSTRAINT "inventory_reservation_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "customer" (
    "id" SERIAL NOT NULL,
    "code" TEXT NOT NULL,
    "name" TEXT,
    "country" TEXT,

    CONSTRAINT "customer_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sales_order" (
    "id" SERIAL NOT NULL,
    "channel" TEXT NOT NULL,
    "number" TEXT NOT NULL,
    "customer_id" INTEGER,
    "placed_at" TIMESTAMPTZ(3) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "import_id" INTEGER,

    CONSTRAINT "sales_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "sales_order_line" (
    "id" SERIAL NOT NULL,
    "order_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "kind" "sales_order_line_kind" NOT NULL,
    "quantity" INTEGER NOT NULL,
    "unit_price" DECIMAL(14,4) NOT NULL,

    CONSTRAINT "sales_order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "daily_sales" (
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "date" DATE NOT NULL,
    "units" INTEGER NOT NULL,
    "returns" INTEGER NOT NULL DEFAULT 0,
    "revenue" DECIMAL(16,4) NOT NULL,
    "list_price" DECIMAL(14,4),
    "paid_price" DECIMAL(14,4),
    "in_stock" BOOLEAN NOT NULL DEFAULT true,
    "promoted" BOOLEAN NOT NULL DEFAULT false,

    CONSTRAINT "daily_sales_pkey" PRIMARY KEY ("variant_id","date","warehouse_id")
);

-- CreateTable
CREATE TABLE "purchase_order" (
    "id" SERIAL NOT NULL,
    "number" TEXT NOT NULL,
    "supplier_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "status" "purchase_order_status" NOT NULL DEFAULT 'OPEN',
    "currency_code" CHAR(3) NOT NULL,
    "ordered_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "expected_on" DATE,

    CONSTRAINT "purchase_order_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "purchase_order_line" (
    "id" SERIAL NOT NULL,
    "purchase_order_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "quantity" INTEGER NOT NULL,
    "received_quantity" INTEGER NOT NULL DEFAULT 0,
    "unit_cost" DECIMAL(14,4) NOT NULL,

    CONSTRAINT "purchase_order_line_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "forecast" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "frequency" TEXT NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "generated_at" TIMESTAMPTZ(3) NOT NULL,
    "starts_on" DATE NOT NULL,
    "data_through" DATE NOT NULL,
    "horizon" INTEGER NOT NULL,
    "quantile_levels" DOUBLE PRECISION[],
    "quantiles" DOUBLE PRECISION[],
    "mean" DOUBLE PRECISION[],
    "members" JSONB NOT NULL,
    "accuracy" JSONB,

    CONSTRAINT "forecast_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "reorder_proposal" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "warehouse_id" INTEGER NOT NULL,
    "supplier_offer_id" INTEGER NOT NULL,
    "status" "recommendation_status" NOT NULL DEFAULT 'PROPOSED',
    "quantity" INTEGER NOT NULL,
    "reorder_point" DOUBLE PRECISION NOT NULL,
    "order_up_to" DOUBLE PRECISION NOT NULL,
    "safety_stock" DOUBLE PRECISION NOT NULL,
    "lead_time_days" DOUBLE PRECISION NOT NULL,
    "service_level" DOUBLE PRECISION NOT NULL,
    "demand_during_lead_time" JSONB NOT NULL,
    "formula" TEXT NOT NULL,
    "inputs" JSONB NOT NULL,
    "input_hash" TEXT NOT NULL,
    "model_name" TEXT NOT NULL,
    "model_version" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "decided_at" TIMESTAMPTZ(3),
    "actor" TEXT,
    "reason" TEXT,
    "purchase_order_id" INTEGER,

    CONSTRAINT "reorder_proposal_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "idempotency_key" (
    "key" TEXT NOT NULL,
    "mutation" TEXT NOT NULL,
    "argument_hash" TEXT NOT NULL,
    "outcome" JSONB NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "idempotency_key_pkey" PRIMARY KEY ("key")
);

-- CreateTable
CREATE TABLE "sales_import" (
    "id" SERIAL NOT NULL,
    "file_sha256" TEXT NOT NULL,
    "file_name" TEXT NOT NULL,
    "format" TEXT NOT NULL,
    "status" "sales_import_status" NOT NULL DEFAULT 'RUNNING',
    "checkpoint_line" INTEGER NOT NULL DEFAULT 0,
    "summary" JSONB NOT NULL,
    "started_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "finished_at" TIMESTAMPTZ(3),

    CONSTRAINT "sales_import_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "category_code_key" ON "category"("code");

-- CreateIndex
CREATE INDEX "category_name_id_idx" ON "category"("name", "id");

-- CreateIndex
CREATE UNIQUE INDEX "product_handle_key" ON "product"("handle");

-- CreateIndex
CREATE INDEX "product_units_sold_id_idx" ON "product"("units_sold" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "product_name_id_idx" ON "product"("name", "id");

-- CreateIndex
CREATE INDEX "product_created_at_id_idx" ON "product"("created_at", "id");

-- CreateIndex
CREATE INDEX "product_category_id_id_idx" ON "product"("category_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "product_variant_sku_key" ON "product_variant"("sku");

-- CreateIndex
CREATE INDEX "product_variant_product_id_id_idx" ON "product_variant"("product_id", "id");

-- CreateIndex
CREATE INDEX "product_variant_units_sold_id_idx" ON "product_variant"("units_sold" DESC, "id" DESC);

-- CreateIndex
CREATE INDEX "product_variant_price_id_idx" ON "product_variant"("price", "id");

-- CreateIndex
CREATE INDEX "product_variant_name_id_idx" ON "product_variant"("name", "id");

-- CreateIndex
CREATE INDEX "product_variant_created_at_id_idx" ON "product_variant"("created_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "variant_price_variant_id_valid_from_key" ON "variant_price"("variant_id", "valid_from");

-- CreateIndex
CREATE UNIQUE INDEX "supplier_code_key" ON "supplier"("code");

-- CreateIndex
CREATE INDEX "supplier_name_id_idx" ON "supplier"("name", "id");

-- CreateIndex
CREATE INDEX "supplier_offer_supplier_id_id_idx" ON "supplier_offer"("supplier_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "supplier_offer_variant_id_supplier_id_key" ON "supplier_offer"("variant_id", "supplier_id");

-- CreateIndex
CREATE UNIQUE INDEX "warehouse_code_key" ON "warehouse"("code");

-- CreateIndex
CREATE INDEX "warehouse_name_id_idx" ON "warehouse"("name", "id");

-- CreateIndex
CREATE INDEX "inventory_level_warehouse_id_id_idx" ON "inventory_level"("warehouse_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_level_variant_id_warehouse_id_key" ON "inventory_level"("variant_id", "warehouse_id");

-- CreateIndex
CREATE INDEX "inventory_movement_variant_id_warehouse_id_id_idx" ON "inventory_movement"("variant_id", "warehouse_id", "id");

-- CreateIndex
CREATE INDEX "inventory_movement_warehouse_id_id_idx" ON "inventory_movement"("warehouse_id", "id");

-- CreateIndex
CREATE INDEX "inventory_movement_type_id_idx" ON "inventory_movement"("type", "id");

-- CreateIndex
CREATE INDEX "inventory_reservation_status_expires_at_idx" ON "inventory_reservation"("status", "expires_at");

-- CreateIndex
CREATE INDEX "inventory_reservation_line_variant_id_warehouse_id_idx" ON "inventory_reservation_line"("variant_id", "warehouse_id");

-- CreateIndex
CREATE UNIQUE INDEX "inventory_reservation_line_reservation_id_variant_id_wareho_key" ON "inventory_reservation_line"("reservation_id", "variant_id", "warehouse_id");

-- CreateIndex
CREATE UNIQUE INDEX "customer_code_key" ON "customer"("code");

-- CreateIndex
CREATE INDEX "sales_order_customer_id_idx" ON "sales_order"("customer_id");

-- CreateIndex
CREATE INDEX "sales_order_import_id_idx" ON "sales_order"("import_id");

-- CreateIndex
CREATE UNIQUE INDEX "sales_order_channel_number_key" ON "sales_order"("channel", "number");

-- CreateIndex
CREATE INDEX "sales_order_line_order_id_idx" ON "sales_order_line"("order_id");

-- CreateIndex
CREATE INDEX "daily_sales_date_idx" ON "daily_sales"("date");

-- CreateIndex
CREATE INDEX "daily_sales_warehouse_id_idx" ON "daily_sales"("warehouse_id");

-- CreateIndex
CREATE UNIQUE INDEX "purchase_order_number_key" ON "purchase_order"("number");

-- CreateIndex
CREATE INDEX "purchase_order_ordered_at_id_idx" ON "purchase_order"("ordered_at", "id");

-- CreateIndex
CREATE INDEX "purchase_order_supplier_id_id_idx" ON "purchase_order"("supplier_id", "id");

-- CreateIndex
CREATE INDEX "purchase_order_warehouse_id_id_idx" ON "purchase_order"("warehouse_id", "id");

-- CreateIndex
CREATE INDEX "purchase_order_status_id_idx" ON "purchase_order"("status", "id");

-- CreateIndex
CREATE INDEX "purchase_order_line_variant_id_idx" ON "purchase_order_line"("variant_id");

-- CreateIndex
CREATE UNIQUE INDEX "purchase_order_line_purchase_order_id_variant_id_key" ON "purchase_order_line"("purchase_order_id", "variant_id");

-- CreateIndex
CREATE UNIQUE INDEX "forecast_variant_id_frequency_key" ON "forecast"("variant_id", "frequency");

-- CreateIndex
CREATE INDEX "reorder_proposal_variant_id_id_idx" ON "reorder_proposal"("variant_id", "id");

-- CreateIndex
CREATE INDEX "reorder_proposal_status_id_idx" ON "reorder_proposal"("status", "id");

-- CreateIndex
CREATE INDEX "reorder_proposal_created_at_id_idx" ON "reorder_proposal"("created_at", "id");

-- CreateIndex
CREATE INDEX "idempotency_key_created_at_idx" ON "idempotency_key"("created_at");

-- CreateIndex
CREATE UNIQUE INDEX "sales_import_file_sha256_key" ON "sales_import"("file_sha256");

-- AddForeignKey
ALTER TABLE "product" ADD CONSTRAINT "product_category_id_fkey" FOREIGN KEY ("category_id") REFERENCES "category"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
-- The expression of `available` in src/inventory/available.ts.
CREATE INDEX "inventory_level_available_idx" ON "inventory_level" (("on_hand" - "committed" - "reserved" - "damaged" - "safety_stock"));

ALTER TABLE "product_variant" ADD CONSTRAINT "product_variant_product_id_fkey" FOREIGN KEY ("product_id") REFERENCES "product"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "variant_price" ADD CONSTRAINT "variant_price_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supplier_offer" ADD CONSTRAINT "supplier_offer_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "supplier"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "supplier_offer" ADD CONSTRAINT "supplier_offer_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_level" ADD CONSTRAINT "inventory_level_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_level" ADD CONSTRAINT "inventory_level_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_movement" ADD CONSTRAINT "inventory_movement_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_movement" ADD CONSTRAINT "inventory_movement_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_reservation_line" ADD CONSTRAINT "inventory_reservation_line_reservation_id_fkey" FOREIGN KEY ("reservation_id") REFERENCES "inventory_reservation"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_reservation_line" ADD CONSTRAINT "inventory_reservation_line_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "inventory_reservation_line" ADD CONSTRAINT "inventory_reservation_line_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales_order" ADD CONSTRAINT "sales_order_customer_id_fkey" FOREIGN KEY ("customer_id") REFERENCES "customer"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales_order" ADD CONSTRAINT "sales_order_import_id_fkey" FOREIGN KEY ("import_id") REFERENCES "sales_import"("id") ON DELETE SET NULL ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales_order_line" ADD CONSTRAINT "sales_order_line_order_id_fkey" FOREIGN KEY ("order_id") REFERENCES "sales_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales_order_line" ADD CONSTRAINT "sales_order_line_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "sales_order_line" ADD CONSTRAINT "sales_order_line_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "daily_sales" ADD CONSTRAINT "daily_sales_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "daily_sales" ADD CONSTRAINT "daily_sales_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "purchase_order" ADD CONSTRAINT "purchase_order_supplier_id_fkey" FOREIGN KEY ("supplier_id") REFERENCES "supplier"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "purchase_order" ADD CONSTRAINT "purchase_order_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "purchase_order_line" ADD CONSTRAINT "purchase_order_line_purchase_order_id_fkey" FOREIGN KEY ("purchase_order_id") REFERENCES "purchase_order"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "purchase_order_line" ADD CONSTRAINT "purchase_order_line_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "forecast" ADD CONSTRAINT "forecast_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reorder_proposal" ADD CONSTRAINT "reorder_proposal_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reorder_proposal" ADD CONSTRAINT "reorder_proposal_warehouse_id_fkey" FOREIGN KEY ("warehouse_id") REFERENCES "warehouse"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "reorder_proposal" ADD CONSTRAINT "reorder_proposal_supplier_offer_id_fkey" FOREIGN KEY ("supplier_offer_id") REFERENCES "supplier_offer"("id") ON DELETE RESTRICT ON UPDATE CASCADE;


-- CreateIndex
CREATE INDEX "inventory_movement_created_at_id_idx" ON "inventory_movement"("created_at", "id");

-- CreateIndex
CREATE INDEX "reorder_proposal_supplier_offer_id_id_idx" ON "reorder_proposal"("supplier_offer_id", "id");

-- CreateIndex
CREATE INDEX "reorder_proposal_quantity_id_idx" ON "reorder_proposal"("quantity", "id");

-- What Prisma cannot say: full-text search, checks, the append-only ledger.

-- The expression is repeated word for word by the catalogue repository, or the index is not used.
CREATE INDEX "product_search_idx" ON "product" USING gin (to_tsvector('english', "name" || ' ' || "description"));

ALTER TABLE "product_variant" ADD CONSTRAINT "product_variant_price_check" CHECK ("price" >= 0 AND "list_price" >= 0);

ALTER TABLE "supplier_offer" ADD CONSTRAINT "supplier_offer_terms_check"
  CHECK ("unit_cost" >= 0 AND "lead_time_days_mean" >= 0 AND "lead_time_days_deviation" >= 0 AND "minimum_order_quantity" >= 1 AND "pack_size" >= 1);

ALTER TABLE "inventory_level" ADD CONSTRAINT "inventory_level_quantities_check"
  CHECK ("committed" >= 0 AND "reserved" >= 0 AND "incoming" >= 0 AND "damaged" >= 0 AND "safety_stock" >= 0 AND "on_hand" >= "committed" + "reserved" + "damaged");

ALTER TABLE "inventory_reservation_line" ADD CONSTRAINT "inventory_reservation_line_quantity_check" CHECK ("quantity" > 0);

ALTER TABLE "sales_order_line" ADD CONSTRAINT "sales_order_line_quantity_check" CHECK ("quantity" > 0 AND "unit_price" >= 0);

ALTER TABLE "daily_sales" ADD CONSTRAINT "daily_sales_units_check" CHECK ("units" >= 0 AND "returns" >= 0 AND "revenue" >= 0);

ALTER TABLE "purchase_order_line" ADD CONSTRAINT "purchase_order_line_quantity_check"
  CHECK ("quantity" > 0 AND "received_quantity" >= 0 AND "received_quantity" <= "quantity" AND "unit_cost" >= 0);

CREATE FUNCTION "refuse_ledger_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'inventory_movement is append-only';
END
$$;

CREATE TRIGGER "inventory_movement_append_only" BEFORE UPDATE OR DELETE ON "inventory_movement"
  FOR EACH ROW EXECUTE FUNCTION "refuse_ledger_change"();
