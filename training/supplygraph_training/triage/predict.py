"""Runs a network or a served graph over texts."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnxruntime
import torch

from supplygraph_training.triage.batches import pad_ids
from supplygraph_training.triage.network import Logits, TriageNetwork
from supplygraph_training.triage.pool import Floats
from supplygraph_training.triage.tokenise import WordPiece

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


class OnnxTriage:
    """A served graph on one thread, with its vocabulary."""

    def __init__(self, model: Path, vocabulary: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
        self._names = [output.name for output in self._session.get_outputs()]
        self.pieces = WordPiece.read(vocabulary)

    def run(self, encoded: list[list[int]]) -> dict[str, Floats]:
        """Outputs by name of one batch of ids, padded to the longest."""
        ids, mask = pad_ids(encoded)
        inputs = {"input_ids": ids.numpy(), "attention_mask": mask.numpy()}
        return dict(zip(self._names, self._session.run(self._names, inputs), strict=True))

    def predict(self, texts: list[str]) -> dict[str, Floats]:
        """Outputs by name of preprocessed texts, in their order."""
        encoded = [self.pieces.encode_clean(text) for text in texts]
        order = sorted(range(len(texts)), key=lambda row: len(encoded[row]))
        parts = [
            self.run([encoded[row] for row in order[start : start + _ROWS]])
            for start in range(0, len(order), _ROWS)
        ]
        back = np.argsort(np.array(order))
        return {name: np.concatenate([part[name] for part in parts])[back] for name in self._names}
