"""Random walks, mean-reverting paths and regimes: series whose last values say most."""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import autoregression, chosen, log_uniform
from supplygraph_training.generator.series import Booleans, Floats, Series, without_covariates

_PERIODS = np.array([1, 4, 7, 12, 24, 52])


def walk(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` paths: random walk with drift, Ornstein–Uhlenbeck, or switching levels."""
    shocks = rng.standard_t(4, (n, length))
    drift = rng.normal(0, 0.1, n)[:, None] * chosen(rng, 0.4, n)[:, None]
    wandering = random_walk(shocks, drift)
    reverting = autoregression(rng, length, rng.uniform(0.3, 0.99, n), rng.uniform(0.5, 5, n))
    switches = rng.random((n, length)) < log_uniform(rng, 0.003, 0.08, n)[:, None]
    levels = regimes(rng, switches, 3)
    noise = rng.standard_normal((n, length)) * rng.exponential(0.5, n)[:, None]
    kind = rng.integers(0, 3, n)[:, None]
    path = np.select([kind == 0, kind == 1], [wandering, reverting], levels + noise)
    lifted = path - np.minimum(path.min(1, keepdims=True), 0) + rng.exponential(3, (n, 1))
    values = np.where(chosen(rng, 0.7, n)[:, None], lifted, path)
    return without_covariates(values, rng.choice(_PERIODS, n))


def random_walk(shocks: Floats, drift: Floats | float) -> Floats:
    """Add up shocks [n, length] and a drift per period: variance grows as time, mean as drift · time."""
    return np.cumsum(shocks + drift, axis=1)


def regimes(rng: np.random.Generator, switches: Booleans, deviation: float) -> Floats:
    """Levels [n, length] that stay until a switch and then are drawn anew from N(0, deviation²)."""
    n, length = switches.shape
    begins = switches.copy()
    begins[:, 0] = True
    regime = np.maximum.accumulate(np.where(begins, np.arange(length), 0), axis=1)
    return np.take_along_axis(rng.normal(0, deviation, (n, length)), regime, axis=1)
