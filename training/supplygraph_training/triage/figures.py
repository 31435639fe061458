"""Figures of a classifier's chances [n, classes]: macro-F1, calibration error, accuracy at a coverage."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Chances = NDArray[np.float32]
Labels = NDArray[np.int64]


def macro_f1(truth: Labels, predicted: Labels) -> float:
    """Mean over the classes that occur in the truth of 2·TP / (2·TP + FP + FN)."""
    scores = []
    for label in np.unique(truth):
        hit = np.count_nonzero((truth == label) & (predicted == label))
        wrong = np.count_nonzero((truth == label) != (predicted == label))
        scores.append(2 * hit / (2 * hit + wrong))
    return float(np.mean(scores))


def calibration_error(chances: Chances, truth: Labels, bins: int = 15) -> float:
    """Expected calibration error: mean |accuracy − confidence| over equal bins (Naeini et al. 2015)."""
    confidence, correct = chances.max(1), chances.argmax(1) == truth
    place = np.minimum((confidence * bins).astype(int), bins - 1)
    error = 0.0
    for number in range(bins):
        inside = place == number
        if inside.any():
            error += inside.mean() * abs(correct[inside].mean() - confidence[inside].mean())
    return float(error)


def accuracy_at_coverage(chances: Chances, truth: Labels, coverage: float = 0.8) -> float:
    """Accuracy on the share `coverage` of the texts whose confidence is highest."""
    kept = np.argsort(-chances.max(1), kind="stable")[: round(coverage * len(truth))]
    return float((chances.argmax(1) == truth)[kept].mean())
