-- CreateTable
CREATE TABLE "price_list" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "valid_from" TIMESTAMPTZ(3),
    "valid_to" TIMESTAMPTZ(3),
    "customer_group" TEXT,
    "channel" TEXT,
    "priority" INTEGER NOT NULL DEFAULT 0,
    "created_at" TIMESTAMPTZ(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "price_list_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "price_list_entry" (
    "id" SERIAL NOT NULL,
    "price_list_id" INTEGER NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "price" DECIMAL(14,4) NOT NULL,

    CONSTRAINT "price_list_entry_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "price_list_name_key" ON "price_list"("name");

-- CreateIndex
CREATE INDEX "price_list_entry_price_list_id_id_idx" ON "price_list_entry"("price_list_id", "id");

-- CreateIndex
CREATE UNIQUE INDEX "price_list_entry_variant_id_price_list_id_key" ON "price_list_entry"("variant_id", "price_list_id");

-- AddForeignKey
ALTER TABLE "price_list_entry" ADD CONSTRAINT "price_list_entry_price_list_id_fkey" FOREIGN KEY ("price_list_id") REFERENCES "price_list"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "price_list_entry" ADD CONSTRAINT "price_list_entry_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "price_list" ADD CONSTRAINT "price_list_check" CHECK (
  btrim("name") <> '' AND "valid_to" > "valid_from" AND "priority" BETWEEN 0 AND 1000
);
ALTER TABLE "price_list_entry" ADD CONSTRAINT "price_list_entry_check" CHECK ("price" > 0);
