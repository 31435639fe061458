"""Temperatures of the heads and thresholds of the answers, fitted on texts that were never trained on.

Guo et al. 2017: one temperature a head minimises the negative log-likelihood. The chance of being in scope
is a logistic regression on the scope head's chance and the energy of the intents (Liu et al. 2020).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from torch import Tensor
from torch.nn import functional

from supplygraph_training.triage.network import Logits, level_chances
from supplygraph_training.triage.pool import Targets

_GRID = torch.logspace(-1, 1, 81)
_ACCEPTED_RISK, _SCOPE_RECALL = 0.03, 0.95


@dataclass(frozen=True)
class Calibration:
    """Numbers that become part of the graph.

    Attributes
    ----------
    intent, category, complaint, sentiment, severity : float
        Temperatures.
    scope : tuple
        Intercept, weight of the head's chance, weight of the energy.
    """

    intent: float = 1.0
    category: float = 1.0
    complaint: float = 1.0
    sentiment: float = 1.0
    severity: float = 1.0
    scope: tuple[float, float, float] = (0.0, 1.0, 0.0)

    def to_json(self) -> dict[str, object]:
        """The entry of the card."""
        return asdict(self)


@dataclass(frozen=True)
class Thresholds:
    """Below `in_scope` a text is out of scope; from `accept` an intent is taken, from `suggest` shown."""

    in_scope: float
    accept: float
    suggest: float

    def to_json(self) -> dict[str, float]:
        """The entry of the card, four decimals."""
        names = {"inScope": self.in_scope, "intentAccept": self.accept, "intentSuggest": self.suggest}
        return {name: round(value, 4) for name, value in names.items()}


def fit_calibration(logits: Logits, targets: Targets, membership: Tensor) -> Calibration:
    """Fit all heads on rows of which each head uses those whose target is known and certain."""
    intents = torch.from_numpy(targets.intents)
    certain = (torch.from_numpy(targets.weight) >= 1) & (intents.max(1).values > 0.99)
    complaint = torch.from_numpy(targets.complaint)
    sentiment, severity = torch.from_numpy(targets.sentiment), torch.from_numpy(targets.severity)
    return Calibration(
        _fit(lambda t: _nll(logits.intent[certain] / t, intents[certain])),
        _fit(lambda t: _nll(logits.category[certain] / t, intents[certain] @ membership)),
        _fit(lambda t: _binary_nll(logits.complaint / t, complaint)),
        _fit(lambda t: _level_nll(logits.sentiment / t, sentiment)),
        _fit(lambda t: _level_nll(logits.severity / t, severity)),
        _fit_scope(logits, targets),
    )


def choose_thresholds(
    confidence: NDArray[np.float32], correct: NDArray[np.bool_], in_scope: NDArray[np.float32]
) -> Thresholds:
    """Thresholds from the risk–coverage curve of texts in scope (El-Yaniv & Wiener 2010).

    `accept` is the lowest confidence above which at most 3 % of the answers are wrong, `suggest` the highest
    below which at least half of them are; `in_scope` is the chance that 95 % of the texts in scope exceed.
    """
    return Thresholds(
        float(np.quantile(in_scope, 1 - _SCOPE_RECALL)),
        lowest_confidence(confidence, correct, _ACCEPTED_RISK),
        doubtful_confidence(confidence, correct),
    )


def lowest_confidence(confidence: NDArray[np.float32], correct: NDArray[np.bool_], risk: float) -> float:
    """Lowest confidence from which on at most the share `risk` of the answers is wrong; 1 if none."""
    order = np.argsort(-confidence)
    wrong = np.cumsum(~correct[order]) / np.arange(1, order.size + 1)
    good = np.flatnonzero(wrong <= risk)
    return float(confidence[order][good[-1]]) if good.size else 1.0


def doubtful_confidence(confidence: NDArray[np.float32], correct: NDArray[np.bool_]) -> float:
    """Highest confidence up to which at least half of the answers are wrong; 0 if there is none."""
    order = np.argsort(confidence)
    wrong = np.cumsum(~correct[order]) / np.arange(1, order.size + 1)
    bad = np.flatnonzero(wrong >= 0.5)
    return float(confidence[order][bad[-1]]) if bad.size else 0.0


def scope_features(logits: Logits) -> Tensor:
    """Chance by the scope head and energy of the intents [n, 2].

    The chance is bounded, so that a head that is sure of itself about a kind of text it has never seen does
    not outvote the energy.
    """
    return torch.stack([logits.scope.sigmoid(), logits.intent.logsumexp(-1)], 1)


def _fit_scope(logits: Logits, targets: Targets) -> tuple[float, float, float]:
    known = (targets.scope == 0) | (targets.scope == 1)
    features = scope_features(logits).numpy()[known]
    model = LogisticRegression(C=1.0).fit(features, targets.scope[known] > 0.5)
    head, energy = (float(weight) for weight in model.coef_[0])
    return float(model.intercept_[0]), head, energy


def _fit(loss: Callable[[Tensor], Tensor]) -> float:
    values = torch.stack([loss(temperature) for temperature in _GRID])
    return float(_GRID[int(values.argmin())])


def _nll(logits: Tensor, targets: Tensor) -> Tensor:
    return -(targets * logits.log_softmax(-1)).sum(-1).mean()


def _binary_nll(log_odds: Tensor, target: Tensor) -> Tensor:
    known = target >= 0
    return functional.binary_cross_entropy_with_logits(log_odds[known], target[known])


def _level_nll(log_odds: Tensor, level: Tensor) -> Tensor:
    known = level >= 0
    chances = level_chances(log_odds[known]).gather(1, level[known][:, None])
    return -chances.clamp(min=1e-4).log().mean()
