"""A process that draws batches, and asks a teacher about them, while the network learns from earlier ones."""

from __future__ import annotations

import hashlib
import multiprocessing
from collections.abc import Iterator
from dataclasses import dataclass
from multiprocessing.queues import Queue
from pathlib import Path

import numpy as np
import torch

from supplygraph_training.config import CorpusConfig, DistillationConfig
from supplygraph_training.generator.corpus import Batch, draw_batch
from supplygraph_training.generator.series import Integers
from supplygraph_training.leakage import fingerprint_junctions
from supplygraph_training.teacher import Rows, Taught, Teacher, load_teacher

_AHEAD = 32
_PATIENCE_SECONDS = 300
_LESSONS = 1
"""Sets the draws of taught rows apart from those of the batches."""


@dataclass(frozen=True)
class Teaching:
    """Who teaches: weights of the teacher's members, how they are asked, and on which device."""

    members: tuple[Path, ...]
    config: DistillationConfig
    device: str = "cpu"


@dataclass(frozen=True)
class Portion:
    """What a step learns from: a batch, and the lesson about some of its rows if there is a teacher."""

    batch: Batch
    taught: Taught | None = None


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
    teaching : Teaching, optional
        The teacher that answers for a share of each batch's rows.
    """

    def __init__(self, config: CorpusConfig, seed: int, first: int, teaching: Teaching | None = None) -> None:
        context = multiprocessing.get_context("spawn")
        self._queue: Queue[Portion] = context.Queue(_AHEAD)
        arguments = (config, seed, first, teaching, self._queue)
        self._process = context.Process(target=_draw, args=arguments, daemon=True)
        self._process.start()

    def __iter__(self) -> Iterator[Portion]:
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


def teach(teacher: Teacher, batch: Batch, share: float, rng: np.random.Generator) -> Taught:
    """Ask a teacher about a share of a batch's rows, at least one, drawn at random."""
    count = max(round(share * len(batch.period)), 1)
    index = np.sort(rng.permutation(len(batch.period))[:count])
    inputs = (batch.values, batch.mask, batch.period, batch.covariates)
    return Taught(index, teacher(Rows(*(torch.from_numpy(one[index]) for one in inputs))))


def _draw(
    config: CorpusConfig, seed: int, first: int, teaching: Teaching | None, out: Queue[Portion]
) -> None:
    torch.set_num_threads(1)
    teacher = load_teacher(teaching.members, teaching.config, teaching.device) if teaching else None
    index = first
    while True:
        batch = draw_batch(config, seed, index)
        taught = None
        if teacher and teaching:
            rng = np.random.default_rng([seed, index, _LESSONS])
            taught = teach(teacher, batch, teaching.config.share, rng)
        out.put(Portion(batch, taught))
        index += 1
