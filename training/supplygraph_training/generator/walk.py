"""Random walks, mean-reverting paths and regimes: series whose last values say most."""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import autoregression, chosen, log_uniform
from supplygraph_training.generator.series import Series, without_covariates

_PERIODS = np.array([1, 4, 7, 12, 24, 52])


def walk(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` paths: random walk with drift, Ornstein–Uhlenbeck, or switching levels."""
    shocks = rng.standard_t(4, (n, length))
    drift = rng.normal(0, 0.1, n)[:, None] * chosen(rng, 0.4, n)[:, None]
    wandering = np.cumsum(shocks + drift, axis=1)
    reverting = autoregression(rng, length, rng.uniform(0.3, 0.99, n), rng.uniform(0.5, 5, n))
    switches = rng.random((n, length)) < log_uniform(rng, 0.003, 0.08, n)[:, None]
    switches[:, 0] = True
    regime = np.maximum.accumulate(np.where(switches, np.arange(length), 0), axis=1)
    levels = np.take_along_axis(rng.normal(0, 3, (n, length)), regime, axis=1)
    noise = rng.standard_normal((n, length)) * rng.exponential(0.5, n)[:, None]
    kind = rng.integers(0, 3, n)[:, None]
    path = np.select([kind == 0, kind == 1], [wandering, reverting], levels + noise)
    lifted = path - np.minimum(path.min(1, keepdims=True), 0) + rng.exponential(3, (n, 1))
    values = np.where(chosen(rng, 0.7, n)[:, None], lifted, path)
    return without_covariates(values, rng.choice(_PERIODS, n))
