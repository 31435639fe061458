"""Cuts a pool into batches of texts of about one length."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import torch

from supplygraph_training.triage.labels import INTENTS
from supplygraph_training.triage.losses import Batch
from supplygraph_training.triage.pool import Example, Targets, stack_targets
from supplygraph_training.triage.tokenise import WordPiece

_CHUNK = 32
"""Batches that are sorted by length together."""


@dataclass(frozen=True)
class BatchPlan:
    """Rows of a batch of short texts, tokens of the longest text, and the intents of the targets."""

    rows: int = 64
    longest: int = 96
    intents: tuple[str, ...] = INTENTS


def make_batches(examples: list[Example], pieces: WordPiece, plan: BatchPlan, seed: int) -> Iterator[Batch]:
    """Yield all examples once, in random order, cut after `longest` tokens; long texts in smaller batches."""
    rng = np.random.default_rng(seed)
    rows = plan.rows
    encoded = [pieces.encode_clean(example.text, plan.longest) for example in examples]
    targets = stack_targets(examples, plan.intents)
    order = rng.permutation(len(examples))
    for start in range(0, len(order), rows * _CHUNK):
        chunk = sorted(order[start : start + rows * _CHUNK].tolist(), key=lambda row: len(encoded[row]))
        parts = _cut(chunk, encoded, rows)
        for place in rng.permutation(len(parts)):
            yield _make_batch(parts[place], encoded, targets)


def pad_ids(encoded: list[list[int]]) -> tuple[torch.Tensor, torch.Tensor]:
    """Ids and mask [n, longest], zeros behind each row."""
    longest = max(len(ids) for ids in encoded)
    ids = torch.zeros(len(encoded), longest, dtype=torch.long)
    mask = torch.zeros(len(encoded), longest, dtype=torch.long)
    for row, one in enumerate(encoded):
        ids[row, : len(one)] = torch.tensor(one)
        mask[row, : len(one)] = 1
    return ids, mask


def _cut(chunk: list[int], encoded: list[list[int]], rows: int) -> list[list[int]]:
    """Parts of a sorted chunk with at most rows × 24 tokens."""
    parts: list[list[int]] = []
    current: list[int] = []
    for row in chunk:
        if current and (len(current) == rows or (len(current) + 1) * len(encoded[row]) > rows * 24):
            parts.append(current)
            current = []
        current.append(row)
    return [*parts, current]


def _make_batch(rows: list[int], encoded: list[list[int]], targets: Targets) -> Batch:
    ids, mask = pad_ids([encoded[row] for row in rows])
    return Batch(
        ids,
        mask,
        torch.from_numpy(targets.intents[rows]),
        torch.from_numpy(targets.weight[rows]),
        torch.from_numpy(targets.scope[rows]),
        torch.from_numpy(targets.complaint[rows]),
        torch.from_numpy(targets.sentiment[rows]),
        torch.from_numpy(targets.severity[rows]),
        torch.from_numpy(targets.recommended[rows]),
    )
