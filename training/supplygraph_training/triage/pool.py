"""A pool of training texts with the targets of every head, as arrays."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from supplygraph_training.triage.labels import INTENTS
from supplygraph_training.triage.weak_labels import WeakLabels

UNKNOWN = -1.0
"""A target that is not known; its head learns nothing from the row."""

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Example:
    """A preprocessed text and what is known of it.

    Attributes
    ----------
    intents : dict
        Chance of each intent; empty where not known.
    weight : float
        Of the intent's and the category's loss.
    scope, complaint : float
        Chances, or `UNKNOWN`.
    sentiment, severity : int
        Levels from 0, or -1.
    """

    text: str
    intents: dict[str, float] = field(default_factory=dict)
    weight: float = 1.0
    scope: float = UNKNOWN
    complaint: float = UNKNOWN
    sentiment: int = -1
    severity: int = -1


@dataclass(frozen=True)
class Targets:
    """Targets of n rows: intents [n, 27] with weights [n]; scope, complaint, sentiment, severity [n]."""

    intents: Floats
    weight: Floats
    scope: Floats
    complaint: Floats
    sentiment: NDArray[np.int64]
    severity: NDArray[np.int64]


def weak_example(text: str, intent: str, weak: WeakLabels) -> Example:
    """An example of one intent, in scope, with weak labels for the rest."""
    return Example(text, {intent: 1.0}, 1.0, 1.0, weak.complaint, weak.sentiment, weak.severity)


def outside_example(text: str) -> Example:
    """An example out of scope: all intents equally likely, with a small weight (outlier exposure)."""
    even = {intent: 1 / len(INTENTS) for intent in INTENTS}
    return Example(text, even, weight=0.2, scope=0.0, complaint=UNKNOWN)


def stack_targets(examples: list[Example]) -> Targets:
    """Put the targets of examples into arrays."""
    intents = np.zeros((len(examples), len(INTENTS)), np.float32)
    for row, example in enumerate(examples):
        for intent, chance in example.intents.items():
            intents[row, INTENTS.index(intent)] = chance
    return Targets(
        intents,
        np.array([one.weight if one.intents else 0.0 for one in examples], np.float32),
        np.array([one.scope for one in examples], np.float32),
        np.array([one.complaint for one in examples], np.float32),
        np.array([one.sentiment for one in examples], np.int64),
        np.array([one.severity for one in examples], np.int64),
    )
