"""The linear member of the ensemble: hashed n-grams to the log odds of scope and mood, its weights in int8.

A text is its features (`ngrams`), each 1 + ln of its count times its inverse document frequency, all of them
of unit length together. Trained on the same kind of pool as the network, but on every review. The other heads
are left to the network: intents and categories gained too little for 27 columns, and the labels of complaint
and severity come from rules about words, which a model of words would only repeat.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.labels import SENTIMENTS
from supplygraph_training.triage.losses import binary_loss, ordinal_loss
from supplygraph_training.triage.ngrams import BUCKETS, WORD_BUCKETS, Ngrams, find_ngrams
from supplygraph_training.triage.pool import Example

EPOCHS, ROWS, RATE = 8, 256, 0.5
_COLUMNS = 2
_WORD_FACTOR = 1.5
"""How much more a word or a pair counts than a run of characters: a text has ten times as many of these."""

_LAST_RATE = 0.1
_STEPS = 127


class LinearScores(NamedTuple):
    """Log odds of being in scope [n], and of a mood above level 0, 1, 2, 3 [n, 4]."""

    in_scope: Tensor
    sentiment: Tensor


class Bags(NamedTuple):
    """Features of n texts one behind the other: numbers, weights, and where each text begins [n + 1]."""

    ids: Tensor
    weights: Tensor
    starts: NDArray[np.int64]


class LinearMember(nn.Module):
    """Features [n, f] and their weights [n, f], 0 for padding, to `LinearScores`."""

    scale: Tensor
    matrix: Tensor
    steps: Tensor
    bias: Tensor
    sentiment: Tensor

    def __init__(self) -> None:
        super().__init__()
        self.register_buffer("scale", torch.ones(BUCKETS))
        self.register_buffer("matrix", torch.zeros(BUCKETS, _COLUMNS, dtype=torch.int8))
        self.register_buffer("steps", torch.ones(_COLUMNS))
        self.register_buffer("bias", torch.zeros(_COLUMNS))
        self.register_buffer("sentiment", torch.zeros(len(SENTIMENTS) - 1))

    def forward(self, ids: Tensor, weights: Tensor) -> LinearScores:
        """Read texts."""
        scaled = weights * self.scale[ids]
        length = (scaled * scaled).sum(-1, keepdim=True).clamp(min=1e-12).sqrt()
        rows = self.matrix[ids].float()
        columns = ((scaled / length).unsqueeze(1) @ rows).squeeze(1) * self.steps + self.bias
        return _split(columns, self.sentiment)

    @torch.no_grad()
    def predict(self, texts: list[str]) -> LinearScores:
        """Scores of preprocessed texts, in their order."""
        parts = [
            self(*pad_ngrams([find_ngrams(text) for text in texts[start : start + ROWS]]))
            for start in range(0, len(texts), ROWS)
        ]
        return LinearScores(*(torch.cat(fields) for fields in zip(*parts, strict=True)))

    def count_parameters(self) -> int:
        """Number of trained numbers."""
        return self.matrix.numel() + self.bias.numel() + self.sentiment.numel()


class _Trainee(nn.Module):
    """The member in float32, its thresholds as steps so that they never fall."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.EmbeddingBag(BUCKETS, _COLUMNS, mode="sum", sparse=True)
        nn.init.zeros_(self.table.weight)
        self.bias = nn.Parameter(torch.zeros(_COLUMNS))
        self.first = nn.Parameter(torch.tensor(-1.0))
        self.rises = nn.Parameter(torch.zeros(len(SENTIMENTS) - 2))

    def forward(self, bags: Bags) -> LinearScores:
        columns = self.table(bags.ids, torch.from_numpy(bags.starts[:-1]), per_sample_weights=bags.weights)
        return _split(columns + self.bias, self.thresholds())

    def thresholds(self) -> Tensor:
        """Of the sentiment's levels, rising."""
        rises = functional.softplus(self.rises).cumsum(0)
        return torch.cat([self.first[None], self.first + rises])


def train_linear(examples: list[Example], seed: int) -> LinearMember:
    """Train on a pool: Adagrad (Duchi et al. 2011) with a rate that falls in a straight line."""
    torch.manual_seed(seed)
    rng = np.random.default_rng(seed)
    bags = stack_ngrams([find_ngrams(example.text) for example in examples])
    scale = _document_scale(bags)
    bags = _normalise(bags, scale)
    scope = torch.tensor([example.scope for example in examples])
    mood = torch.tensor([example.sentiment for example in examples])
    trainee = _Trainee()
    sparse = torch.optim.Adagrad(trainee.table.parameters(), lr=RATE)
    dense = torch.optim.Adam([trainee.bias, trainee.first, trainee.rises], lr=0.01)
    steps = EPOCHS * -(-len(examples) // ROWS)
    for step, rows in enumerate(_batches(len(examples), rng)):
        sparse.param_groups[0]["lr"] = RATE * max(_LAST_RATE, 1 - step / steps)
        scores = trainee(_take(bags, rows))
        loss = binary_loss(scores.in_scope, scope[rows]) + ordinal_loss(scores.sentiment, mood[rows])
        sparse.zero_grad()
        dense.zero_grad()
        torch.autograd.backward(loss)
        sparse.step()
        dense.step()
    return _quantise(trainee, scale)


def pad_ngrams(rows: list[Ngrams]) -> tuple[Tensor, Tensor]:
    """Numbers and weights [n, most], zeros behind each row."""
    most = max(1, *(len(row.ids) for row in rows))
    ids, weights = torch.zeros(len(rows), most, dtype=torch.int32), torch.zeros(len(rows), most)
    for place, row in enumerate(rows):
        ids[place, : len(row.ids)] = torch.tensor(row.ids, dtype=torch.int32)
        weights[place, : len(row.ids)] = torch.tensor(row.weights)
    return ids, weights


def stack_ngrams(rows: list[Ngrams]) -> Bags:
    """Put the features of texts behind one another."""
    return Bags(
        torch.from_numpy(np.fromiter((number for row in rows for number in row.ids), np.int64)),
        torch.from_numpy(np.fromiter((weight for row in rows for weight in row.weights), np.float32)),
        np.cumsum([0, *(len(row.ids) for row in rows)]),
    )


def _split(columns: Tensor, thresholds: Tensor) -> LinearScores:
    return LinearScores(columns[:, 0], columns[:, 1:] - thresholds)


def _document_scale(bags: Bags) -> Tensor:
    texts = bags.starts.size - 1
    found = torch.bincount(bags.ids, minlength=BUCKETS)
    scale = ((1 + texts) / (1 + found)).log() + 1
    scale[:WORD_BUCKETS] *= _WORD_FACTOR
    return scale


def _normalise(bags: Bags, scale: Tensor) -> Bags:
    scaled = bags.weights * scale[bags.ids]
    text = torch.from_numpy(np.repeat(np.arange(bags.starts.size - 1), np.diff(bags.starts)))
    squares = torch.zeros(bags.starts.size - 1).index_add_(0, text, scaled * scaled)
    return bags._replace(weights=scaled / squares.clamp(min=1e-12).sqrt()[text])


def _batches(count: int, rng: np.random.Generator) -> Iterator[NDArray[np.int64]]:
    for _ in range(EPOCHS):
        order = rng.permutation(count)
        for start in range(0, count, ROWS):
            yield order[start : start + ROWS]


def _take(bags: Bags, rows: NDArray[np.int64]) -> Bags:
    parts = [slice(int(bags.starts[row]), int(bags.starts[row + 1])) for row in rows]
    return Bags(
        torch.cat([bags.ids[part] for part in parts]),
        torch.cat([bags.weights[part] for part in parts]),
        np.cumsum([0, *(part.stop - part.start for part in parts)]),
    )


@torch.no_grad()
def _quantise(trainee: _Trainee, scale: Tensor) -> LinearMember:
    """Each column in steps of a 127th of its largest weight."""
    table = trainee.table.weight
    steps = table.abs().amax(0).clamp(min=1e-12) / _STEPS
    member = LinearMember()
    member.scale.copy_(scale)
    member.matrix.copy_((table / steps).round().to(torch.int8))
    member.steps.copy_(steps)
    member.bias.copy_(trainee.bias)
    member.sentiment.copy_(trainee.thresholds())
    return member
