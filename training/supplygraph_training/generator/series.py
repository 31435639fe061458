"""The series a generator family returns, and the array types of this package."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from supplygraph_training.config import COVARIATES

Floats = npt.NDArray[np.floating[Any]]
Integers = npt.NDArray[np.integer[Any]]
Booleans = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Series:
    """A batch of complete synthetic series: no cuts, nothing missing.

    Attributes
    ----------
    values : Floats
        [n, length], what was sold or measured, units per period.
    demand : Floats
        [n, length], what would have been sold without stock-outs; equals `values` elsewhere.
    covariates : Floats
        [n, length, 4], channels as in `config.COVARIATES`.
    period : Integers
        [n], season length in periods, 1 = none.
    """

    values: Floats
    demand: Floats
    covariates: Floats
    period: Integers


def without_covariates(values: Floats, period: Integers) -> Series:
    """Wrap values that know neither stock-outs nor covariates."""
    n, length = values.shape
    return Series(values, values, np.zeros((n, length, len(COVARIATES)), np.float32), period)
