"""Python's onnxruntime on the texts of a file, one thread, as a peer of `bench/triage.ts`.

`python triageOnnx.py model.onnx vocabulary.txt texts.json batch` reads a JSON list of texts with their n-grams, says `ready` after a first
pass, and reads all of them once for each line of standard input; each pass answers {"wall": s, "cpu": s}. Ids are made
by the tokenizers library (Rust), from texts that are preprocessed already; texts of one length stand together. N-grams
are given, in the peer's favour: hashed by Python itself they would cost it more than the model.
"""

import json
import sys
import time

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers


def main() -> None:
    model, vocabulary, texts_file, batch = sys.argv[1:5]
    with open(vocabulary, encoding="utf-8") as file:
        tokens = {token: number for number, token in enumerate(file.read().rstrip("\n").split("\n"))}
    tokenizer = Tokenizer(models.WordPiece(tokens, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer(lowercase=True)
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    with open(texts_file, encoding="utf-8") as file:
        texts = json.load(file)
    if not any(one.name == "ngrams" for one in session.get_inputs()):
        texts = [{**text, "ngrams": None} for text in texts]
    read(texts, tokenizer, session, int(batch))
    print("ready", flush=True)
    for _ in sys.stdin:
        wall, cpu = time.perf_counter(), time.process_time()
        read(texts, tokenizer, session, int(batch))
        print(json.dumps({"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu}), flush=True)


def read(texts: list[dict], tokenizer: Tokenizer, session: ort.InferenceSession, batch: int) -> None:
    encoded = tokenizer.encode_batch([text["clean"] for text in texts])
    rows = [([2, *one.ids, 3], text["ngrams"]) for one, text in zip(encoded, texts, strict=True)]
    rows.sort(key=lambda row: len(row[0]))
    for start in range(0, len(rows), batch):
        tile = rows[start : start + batch]
        ids = np.zeros((len(tile), len(tile[-1][0])), np.int64)
        mask = np.zeros_like(ids)
        for index, (row, _) in enumerate(tile):
            ids[index, : len(row)] = row
            mask[index, : len(row)] = 1
        ngrams = [found for _, found in tile if found]
        session.run(None, {"input_ids": ids, "attention_mask": mask, **lay_out(ngrams)})


def lay_out(rows: list[dict]) -> dict[str, np.ndarray]:
    """The inputs of the linear member, none where the graph has no such member."""
    if not rows:
        return {}
    width = max(1, *(len(row["ids"]) for row in rows))
    ids, weights = np.zeros((len(rows), width), np.int32), np.zeros((len(rows), width), np.float32)
    for index, row in enumerate(rows):
        ids[index, : len(row["ids"])] = row["ids"]
        weights[index, : len(row["ids"])] = row["weights"]
    return {"ngrams": ids, "ngram_weights": weights}


if __name__ == "__main__":
    main()
