"""What the pricing network learns from: rows written by `training/shops/writeLessons.ts`."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]

FEATURES = 61
QUERIES = 9
FAMILIES = ("isoelastic", "exponential", "linear", "logit", "segments", "steps")
_ROW = FEATURES + 3 + 2 * QUERIES


@dataclass(frozen=True)
class Lessons:
    """Items with what is true of them.

    Attributes
    ----------
    features
        `[N, 61]`, as serving lays them out (`evidenceFeatures.ts`).
    level
        `[N]`, log of future units ÷ recent level.
    lift
        `[N]`, log of the factor of promotions on demand; NaN = never promoted.
    family
        `[N]`, place in `FAMILIES`.
    ratios
        `[N, 9]`, log of price ÷ current price; the first is 0.
    elasticities
        `[N, 9]`, mean elasticity from the current price to there.
    """

    features: Floats
    level: Floats
    lift: Floats
    family: NDArray[np.int64]
    ratios: Floats
    elasticities: Floats


def read_lessons(*paths: Path) -> Lessons:
    """Read and join files of lessons.

    Raises
    ------
    ValueError
        If a file is not whole rows.
    """
    parts = []
    for path in paths:
        numbers = np.fromfile(path, dtype=np.float32)
        if numbers.size == 0 or numbers.size % _ROW:
            raise ValueError(f"{path.name} must hold rows of {_ROW} numbers, got {numbers.size}.")
        parts.append(numbers.reshape(-1, _ROW))
    rows = np.concatenate(parts)
    queries = rows[:, FEATURES + 3 :].reshape(-1, QUERIES, 2)
    return Lessons(
        features=rows[:, :FEATURES],
        level=rows[:, FEATURES],
        lift=rows[:, FEATURES + 1],
        family=rows[:, FEATURES + 2].astype(np.int64),
        ratios=np.ascontiguousarray(queries[:, :, 0]),
        elasticities=np.ascontiguousarray(queries[:, :, 1]),
    )
