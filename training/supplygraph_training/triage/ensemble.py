"""The ensemble that is served: network and linear member, weighted per head.

Of each head, `(1 − w) · network + w · linear` on log odds, then a temperature: a weighted geometric mean
(Heskes 1998) of what both say. Weights and temperatures minimise the negative log-likelihood of texts that
neither member has seen. A head for which the linear member does not measurably help, cross-fitted on halves
of these texts, keeps the network's answer alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.linear import LinearMember, LinearScores
from supplygraph_training.triage.network import level_chances
from supplygraph_training.triage.pool import UNKNOWN, Example, Floats

MEMBERS = ("network", "linear")
HEADS = ("in_scope", "sentiment")
"""Outputs that both members answer, by their names in the graph."""

_WEIGHTS = torch.linspace(0, 1, 21)
_TEMPERATURES = torch.logspace(-0.7, 0.7, 29)
_LEAST_GAIN = 0.001
_SMALLEST = 1e-6

Losses = Callable[[Tensor], Tensor]
"""Scores of a head to the negative log-likelihood of each row."""


@dataclass(frozen=True)
class HeadMixture:
    """The linear member's weight in a head, 0 to 1, and the temperature of the mixture."""

    weight: float
    temperature: float


Mixtures = dict[str, HeadMixture]
"""The heads that the linear member has a weight in."""


class Ensemble(nn.Module):
    """Features, their weights and the network's chances of the mixed heads to the ensemble's chances."""

    def __init__(self, member: LinearMember, mixtures: Mixtures) -> None:
        super().__init__()
        self.member, self.mixtures = member, mixtures

    def forward(self, ngrams: Tensor, weights: Tensor, *network: Tensor) -> tuple[Tensor, ...]:
        """Chances of the mixed heads, in the order of `mixtures`."""
        linear = self.member(ngrams, weights)
        return tuple(
            read_scores(mix(head_scores(chances), getattr(linear, head), mixture))
            for (head, mixture), chances in zip(self.mixtures.items(), network, strict=True)
        )


def mix(network: Tensor, linear: Tensor, mixture: HeadMixture) -> Tensor:
    """Scores of a head from both members' scores."""
    return ((1 - mixture.weight) * network + mixture.weight * linear) / mixture.temperature


def head_scores(chances: Tensor) -> Tensor:
    """Log odds of chances [n], or of being above each level but the last of chances [n, levels]."""
    above = chances if chances.dim() == 1 else 1 - chances.cumsum(-1)[:, :-1]
    return above.clamp(_SMALLEST, 1 - _SMALLEST).logit()


def read_scores(scores: Tensor) -> Tensor:
    """The chances of log odds; the reverse of `head_scores`."""
    return scores.sigmoid() if scores.dim() == 1 else level_chances(scores)


def fit_mixtures(network: dict[str, Floats], linear: LinearScores, examples: list[Example]) -> Mixtures:
    """Fit every head on texts with what the members say of them; heads without gain are left out."""
    mixtures = {}
    for head, (rows, losses) in _list_losses(examples).items():
        own = head_scores(torch.from_numpy(network[head]))[rows]
        other = getattr(linear, head)[rows]
        fitted = fit_mixture(own, other, losses)
        if fitted.weight > 0 and _has_gain(own, other, losses):
            mixtures[head] = fitted
    return mixtures


def fit_mixture(network: Tensor, linear: Tensor, losses: Losses, rows: slice = slice(None)) -> HeadMixture:
    """The weight and the temperature of least mean loss over `rows`."""
    candidates = [HeadMixture(float(w), float(t)) for w in _WEIGHTS for t in _TEMPERATURES]
    means = [float(losses(mix(network, linear, one))[rows].mean()) for one in candidates]
    return candidates[int(np.argmin(means))]


def _has_gain(network: Tensor, linear: Tensor, losses: Losses) -> bool:
    """Whether mixing lowers the loss by a thousandth, each half being scored by what the other one chose."""
    halves = slice(0, None, 2), slice(1, None, 2)
    mixed = alone = 0.0
    for fitting, scoring in (halves, halves[::-1]):
        best = fit_mixture(network, linear, losses, fitting)
        mixed += float(losses(mix(network, linear, best))[scoring].mean())
        same = fit_mixture(network, network, losses, fitting)
        alone += float(losses(mix(network, network, same))[scoring].mean())
    return mixed < (1 - _LEAST_GAIN) * alone


def _list_losses(examples: list[Example]) -> dict[str, tuple[Tensor, Losses]]:
    """Rows of each head whose target is known and certain, and their losses."""
    scope = torch.tensor([one.scope for one in examples])
    inside = (scope == 0) | (scope == 1)
    levels = torch.tensor([one.sentiment for one in examples])
    return {
        "in_scope": (inside, lambda scores: _binary_losses(scores, scope[inside])),
        "sentiment": (levels >= 0, _level_losses(levels[levels >= 0], _balance(examples, levels >= 0))),
    }


def _binary_losses(scores: Tensor, targets: Tensor) -> Tensor:
    return functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")


def _level_losses(levels: Tensor, weights: Tensor) -> Losses:
    def losses(scores: Tensor) -> Tensor:
        chances = level_chances(scores).gather(1, levels[:, None]).squeeze(1)
        return -chances.clamp(min=1e-4).log() * weights

    return losses


def _balance(examples: list[Example], known: Tensor) -> Tensor:
    """Weights of the known rows by which reviews, labelled by their writers, count as much as messages."""
    reviews = torch.tensor([one.scope == UNKNOWN and one.severity < 0 for one in examples])[known].float()
    share = reviews.mean().clamp(0.01, 0.99)
    return reviews * 0.5 / share + (1 - reviews) * 0.5 / (1 - share)
