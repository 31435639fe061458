"""The multi-task loss, and what a student learns from its teachers."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.nn import functional

from supplygraph_training.triage.network import Logits, level_chances


@dataclass(frozen=True)
class LossWeights:
    """λ of each task in Σ λ_i L_i, and how much of the intents' chance is spread evenly."""

    intent: float = 1.0
    category: float = 0.4
    scope: float = 0.5
    complaint: float = 0.25
    sentiment: float = 0.5
    severity: float = 0.3
    recommended: float = 0.25
    smoothing: float = 0.05

    def to_json(self) -> dict[str, float]:
        """The entry of a run's record and of the card."""
        return asdict(self)


@dataclass(frozen=True)
class Batch:
    """Rows of one length [n, t] with their targets as tensors (`pool.Targets`)."""

    ids: Tensor
    mask: Tensor
    intents: Tensor
    weight: Tensor
    scope: Tensor
    complaint: Tensor
    sentiment: Tensor
    severity: Tensor
    recommended: Tensor


def truth_loss(logits: Logits, batch: Batch, membership: Tensor, weights: LossWeights) -> Tensor:
    """Σ λ_i L_i over the tasks; rows without a target of a task do not count in it."""
    classes = logits.intent.shape[1]
    smooth = (1 - weights.smoothing) * batch.intents + weights.smoothing / classes
    intent = _soft_loss(logits.intent, smooth, batch.weight)
    category = _soft_loss(logits.category, smooth @ membership, batch.weight)
    return (
        weights.intent * intent
        + weights.category * category
        + weights.scope * binary_loss(logits.scope, batch.scope)
        + weights.complaint * binary_loss(logits.complaint, batch.complaint)
        + weights.recommended * binary_loss(logits.recommended, batch.recommended)
        + weights.sentiment * ordinal_loss(logits.sentiment, batch.sentiment)
        + weights.severity * ordinal_loss(logits.severity, batch.severity)
    )


def teacher_loss(student: Logits, teacher: Logits, temperature: float, weights: LossWeights) -> Tensor:
    """Σ λ_i T² KL(teacher ‖ student) for intent and category, Σ λ_i KL of the other heads' chances."""
    soft = temperature**2 * (
        weights.intent * _divergence(student.intent / temperature, teacher.intent / temperature)
        + weights.category * _divergence(student.category / temperature, teacher.category / temperature)
    )
    binary = weights.scope * _soft_binary(student.scope, teacher.scope)
    binary = binary + weights.complaint * _soft_binary(student.complaint, teacher.complaint)
    binary = binary + weights.recommended * _soft_binary(student.recommended, teacher.recommended)
    ordinal = weights.sentiment * _level_divergence(student.sentiment, teacher.sentiment)
    ordinal = ordinal + weights.severity * _level_divergence(student.severity, teacher.severity)
    return soft + binary + ordinal


def relation_loss(embedding: Tensor, reference: Tensor) -> Tensor:
    """Mean squared difference of the cosines between all pairs of a batch (Park et al. 2019).

    Both are [n, d] of unit length; the widths may differ.
    """
    return functional.mse_loss(embedding @ embedding.T, reference @ reference.T)


def _soft_loss(logits: Tensor, targets: Tensor, weight: Tensor) -> Tensor:
    losses = -(targets * logits.log_softmax(-1)).sum(-1)
    return (losses * weight).sum() / weight.sum().clamp(min=1)


def binary_loss(log_odds: Tensor, target: Tensor) -> Tensor:
    """Mean cross-entropy of chances [n]; a target below 0 is not known."""
    known = target >= 0
    losses = functional.binary_cross_entropy_with_logits(log_odds, target.clamp(min=0), reduction="none")
    return (losses * known).sum() / known.sum().clamp(min=1)


def ordinal_loss(log_odds: Tensor, level: Tensor) -> Tensor:
    """Mean negative log-likelihood of levels [n]; one below 0 is not known."""
    known = level >= 0
    chance = level_chances(log_odds).gather(1, level.clamp(min=0)[:, None]).squeeze(1)
    return (-(0.98 * chance + 0.004).log() * known).sum() / known.sum().clamp(min=1)


def _divergence(student: Tensor, teacher: Tensor) -> Tensor:
    return functional.kl_div(
        student.log_softmax(-1), teacher.log_softmax(-1), log_target=True, reduction="batchmean"
    )


def _soft_binary(student: Tensor, teacher: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(student, teacher.sigmoid())


def _level_divergence(student: Tensor, teacher: Tensor) -> Tensor:
    ours, theirs = level_chances(student).clamp(min=1e-5), level_chances(teacher).clamp(min=1e-5)
    return (theirs * (theirs.log() - ours.log())).sum(-1).mean()


def mean_logits(members: list[Logits]) -> Logits:
    """The ensemble: logits averaged over its members."""
    return Logits(*(torch.stack(parts).mean(0) for parts in zip(*members, strict=True)))
