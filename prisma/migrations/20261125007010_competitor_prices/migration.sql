-- CreateTable
CREATE TABLE "competitor" (
    "id" SERIAL NOT NULL,
    "name" TEXT NOT NULL,

    CONSTRAINT "competitor_pkey" PRIMARY KEY ("id")
);

-- CreateTable
CREATE TABLE "competitor_price" (
    "id" SERIAL NOT NULL,
    "variant_id" INTEGER NOT NULL,
    "competitor_id" INTEGER NOT NULL,
    "observed_at" TIMESTAMPTZ(3) NOT NULL,
    "price" DECIMAL(14,4) NOT NULL,
    "currency_code" CHAR(3) NOT NULL,
    "source" TEXT NOT NULL,

    CONSTRAINT "competitor_price_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE UNIQUE INDEX "competitor_name_key" ON "competitor"("name");

-- CreateIndex
CREATE INDEX "competitor_price_competitor_id_observed_at_id_idx" ON "competitor_price"("competitor_id", "observed_at", "id");

-- CreateIndex
CREATE INDEX "competitor_price_observed_at_id_idx" ON "competitor_price"("observed_at", "id");

-- CreateIndex
CREATE UNIQUE INDEX "competitor_price_variant_id_competitor_id_observed_at_key" ON "competitor_price"("variant_id", "competitor_id", "observed_at");

-- AddForeignKey
ALTER TABLE "competitor_price" ADD CONSTRAINT "competitor_price_variant_id_fkey" FOREIGN KEY ("variant_id") REFERENCES "product_variant"("id") ON DELETE CASCADE ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "competitor_price" ADD CONSTRAINT "competitor_price_competitor_id_fkey" FOREIGN KEY ("competitor_id") REFERENCES "competitor"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say.
ALTER TABLE "competitor" ADD CONSTRAINT "competitor_check" CHECK (btrim("name") <> '');
ALTER TABLE "competitor_price" ADD CONSTRAINT "competitor_price_check" CHECK ("price" > 0 AND btrim("source") <> '');
