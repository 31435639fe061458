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
    scope, complaint, recommended : float
        Chances, or `UNKNOWN`; the last that the writer recommends what is written about.
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
    recommended: float = UNKNOWN


@dataclass(frozen=True)
class Targets:
    """Targets of n rows: intents [n, intents] with weights [n]; those of the other heads [n]."""

    intents: Floats
    weight: Floats
    scope: Floats
    complaint: Floats
    sentiment: NDArray[np.int64]
    severity: NDArray[np.int64]
    recommended: Floats


def weak_example(text: str, intent: str, weak: WeakLabels) -> Example:
    """An example of one intent, in scope, with weak labels for the rest."""
    return Example(text, {intent: 1.0}, 1.0, 1.0, weak.complaint, weak.sentiment, weak.severity)


def outside_example(text: str, intents: tuple[str, ...] = INTENTS) -> Example:
    """An example out of scope: all intents equally likely, with a small weight (outlier exposure)."""
    even = {intent: 1 / len(intents) for intent in intents}
    return Example(text, even, weight=0.2, scope=0.0, complaint=UNKNOWN)


def stack_targets(examples: list[Example], intents: tuple[str, ...] = INTENTS) -> Targets:
    """Put the targets of examples into arrays; the columns of the intents are in the order given."""
    column = {intent: place for place, intent in enumerate(intents)}
    chances = np.zeros((len(examples), len(intents)), np.float32)
    for row, example in enumerate(examples):
        for intent, chance in example.intents.items():
            chances[row, column[intent]] = chance
    return Targets(
        chances,
        np.array([one.weight if one.intents else 0.0 for one in examples], np.float32),
        np.array([one.scope for one in examples], np.float32),
        np.array([one.complaint for one in examples], np.float32),
        np.array([one.sentiment for one in examples], np.int64),
        np.array([one.severity for one in examples], np.int64),
        np.array([one.recommended for one in examples], np.float32),
    )
