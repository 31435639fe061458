"""Runs a network or a served graph over texts."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

import numpy as np
import onnxruntime
import torch

from supplygraph_training.triage.batches import pad_ids
from supplygraph_training.triage.ensemble_graph import NGRAM_INPUTS
from supplygraph_training.triage.linear import pad_ngrams
from supplygraph_training.triage.network import Logits, TriageNetwork
from supplygraph_training.triage.ngrams import Ngrams, find_ngrams
from supplygraph_training.triage.pool import Floats
from supplygraph_training.triage.tokenise import WordPiece
from supplygraph_training.triage.triage_graph import INPUTS

_ROWS = 32


@torch.no_grad()
def predict_logits(network: TriageNetwork, pieces: WordPiece, texts: list[str]) -> Logits:
    """Logits of preprocessed texts, in their order."""
    network.eval()
    encoded = [pieces.encode_clean(text) for text in texts]
    order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
    parts = [
        network(*pad_ids([encoded[row] for row in order[start : start + _ROWS]]))
        for start in range(0, len(order), _ROWS)
    ]
    back = torch.from_numpy(np.argsort(np.array(order)))
    return Logits(*(torch.cat(fields)[back] for fields in zip(*parts, strict=True)))


class TextRow(NamedTuple):
    """A text as a served graph reads it: ids of its tokens and, for the linear member, its features."""

    ids: list[int]
    ngrams: Ngrams | None


class OnnxTriage:
    """A served graph (its file or its bytes) on one thread, with its vocabulary."""

    def __init__(self, model: Path | bytes, vocabulary: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]
        self._has_member = len(self._session.get_inputs()) > len(INPUTS)
        self.pieces = WordPiece.read(vocabulary)

    def encode(self, clean: str) -> TextRow:
        """A preprocessed text as the graph reads it."""
        ngrams = find_ngrams(clean) if self._has_member else None
        return TextRow(self.pieces.encode_clean(clean), ngrams)

    def run(self, rows: list[TextRow]) -> dict[str, Floats]:
        """Outputs by name of one batch, padded to the longest."""
        ids, mask = pad_ids([row.ids for row in rows])
        inputs = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        if self._has_member:
            ngrams = pad_ngrams([row.ngrams for row in rows if row.ngrams])
            inputs |= {name: part.numpy() for name, part in zip(NGRAM_INPUTS, ngrams, strict=True)}
        return dict(zip(self._names, self._session.run(self._names, inputs), strict=True))

    def predict(self, texts: list[str]) -> dict[str, Floats]:
        """Outputs by name of preprocessed texts, in their order."""
        rows = [self.encode(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda row: len(rows[row].ids))
        parts = [
            self.run([rows[row] for row in order[start : start + _ROWS]])
            for start in range(0, len(order), _ROWS)
        ]
        back = np.argsort(np.array(order))
        return {name: np.concatenate([part[name] for part in parts])[back] for name in self._names}
