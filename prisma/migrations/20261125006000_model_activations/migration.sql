-- CreateTable
CREATE TABLE "model_activation" (
    "id" SERIAL NOT NULL,
    "model_name" TEXT NOT NULL,
    "kind" TEXT NOT NULL,
    "version" TEXT,
    "before_id" INTEGER,
    "actor" TEXT NOT NULL,
    "reason" TEXT NOT NULL,
    "created_at" TIMESTAMPTZ(3) NOT NULL,

    CONSTRAINT "model_activation_pkey" PRIMARY KEY ("id")
);

-- CreateIndex
CREATE INDEX "model_activation_model_name_id_idx" ON "model_activation"("model_name", "id");

-- AddForeignKey
ALTER TABLE "model_activation" ADD CONSTRAINT "model_activation_before_id_fkey" FOREIGN KEY ("before_id") REFERENCES "model_activation"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What Prisma cannot say: the kinds, and that what was done stays on record.
ALTER TABLE "model_activation" ADD CONSTRAINT "model_activation_kind_check" CHECK ("kind" IN ('ACTIVATE', 'ROLLBACK'));

CREATE FUNCTION "refuse_model_activation_change"() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '% is append-only', TG_TABLE_NAME;
END
$$;

CREATE TRIGGER "model_activation_append_only" BEFORE UPDATE OR DELETE ON "model_activation"
  FOR EACH ROW EXECUTE FUNCTION "refuse_model_activation_change"();
