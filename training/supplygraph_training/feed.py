"""A process that draws batches while the network learns from earlier ones."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator
from multiprocessing.queues import Queue

import numpy as np

from supplygraph_training.config import CorpusConfig
from supplygraph_training.generator.corpus import Batch, draw_batch
from supplygraph_training.generator.series import Integers
from supplygraph_training.leakage import fingerprint_junctions

_AHEAD = 32
_PATIENCE_SECONDS = 300


class BatchFeed:
    """Yields batches `first`, `first + 1`, … of a corpus, drawn by one background process.

    Parameters
    ----------
    config : CorpusConfig
        What the corpus is made of.
    seed : int
        Which corpus.
    first : int
        Index of the first batch, ≥ 0.
    """

    def __init__(self, config: CorpusConfig, seed: int, first: int) -> None:
        context = multiprocessing.get_context("spawn")
        self._queue: Queue[Batch] = context.Queue(_AHEAD)
        self._process = context.Process(target=_draw, args=(config, seed, first, self._queue), daemon=True)
        self._process.start()

    def __iter__(self) -> Iterator[Batch]:
        while True:
            yield self._queue.get(timeout=_PATIENCE_SECONDS)

    def close(self) -> None:
        """End the process."""
        self._process.terminate()
        self._process.join()


class CorpusRecord:
    """What is kept of the batches trained on: a running hash and each row's fingerprint.

    A run that goes on after an interruption starts from the earlier record.
    """

    def __init__(self, sha256: str, fingerprints: Integers) -> None:
        self._digest = hashlib.sha256(sha256.encode())
        self._fingerprints = [fingerprints]

    def add(self, batch: Batch) -> None:
        """Record a batch: hash its values, masks and targets, fingerprint its rows."""
        for array in (batch.values, batch.mask, batch.target):
            self._digest.update(array.tobytes())
        self._fingerprints.append(fingerprint_junctions(batch.values, batch.mask, batch.target))

    @property
    def sha256(self) -> str:
        """Hash of all batches recorded, in order."""
        return self._digest.hexdigest()

    @property
    def fingerprints(self) -> Integers:
        """[rows] uint64, one per row recorded (see `leakage`)."""
        return np.concatenate(self._fingerprints)


def _draw(config: CorpusConfig, seed: int, first: int, out: Queue[Batch]) -> None:
    index = first
    while True:
        out.put(draw_batch(config, seed, index))
        index += 1
