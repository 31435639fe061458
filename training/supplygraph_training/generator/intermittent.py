"""Slow movers and spare parts: whole units, most periods without demand."""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import autoregression, chosen, log_uniform, pattern
from supplygraph_training.generator.retail import sample_negative_binomial
from supplygraph_training.generator.series import Floats, Integers, Series, without_covariates

_PERIODS = np.array([12, 7, 52, 1, 4])
_PERIOD_SHARES = np.array([0.55, 0.15, 0.15, 0.1, 0.05])


def intermittent(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` sparse count series of mean 0.01 to 8 units per period.

    About three quarters of all values are zero. A series is either negative binomial around its
    rate, or demand arrives with a probability and has a size of one plus a negative binomial.
    """
    period = rng.choice(_PERIODS, n, p=_PERIOD_SHARES)
    rate = log_uniform(rng, 0.01, 3, n)
    rate = np.where(chosen(rng, 0.1, n), log_uniform(rng, 1, 8, n), rate)
    path = rate[:, None] * _movement(rng, period, length)
    sized = chosen(rng, 0.45, n)
    values = np.empty((n, length))
    values[~sized] = sample_negative_binomial(rng, path[~sized], log_uniform(rng, 0.15, 20, (~sized).sum()))
    values[sized] = _sample_arrivals(rng, path[sized])
    return without_covariates(values, period)


def _movement(rng: np.random.Generator, period: Integers, length: int) -> Floats:
    """Factor of mean about 1 on the rate: slow drift, season, launch and end of life."""
    n = period.size
    now = np.arange(length)
    drift = autoregression(rng, length, rng.uniform(0.8, 0.995, n), rng.exponential(0.5, n))
    drift *= chosen(rng, 0.4, n)[:, None]
    step = rng.integers(0, 1000, n)[:, None] + now
    drift += pattern(rng, step, period, rng.exponential(0.4, n) * chosen(rng, 0.2, n))
    pace = log_uniform(rng, 2, 40, n)[:, None]
    ended = rng.uniform(0, 1.3, n)[:, None] * length
    drift -= np.logaddexp(0, (now - ended) / pace) * chosen(rng, 0.25, n)[:, None]
    launched = rng.uniform(-0.3, 0.6, n)[:, None] * length
    drift -= np.logaddexp(0, -(now - launched) / pace) * chosen(rng, 0.1, n)[:, None]
    return np.exp(np.clip(drift, -8, 3))


def _sample_arrivals(rng: np.random.Generator, path: Floats) -> Floats:
    """Arrivals with probability p, sizes 1 + negative binomial; the mean stays about `path`."""
    n = len(path)
    mean_size = 1 + rng.exponential(1.5, n) * chosen(rng, 0.8, n)
    mean_size = np.where(chosen(rng, 0.1, n), mean_size * rng.integers(2, 12, n), mean_size)
    arrives = rng.random(path.shape) < np.minimum(path / mean_size[:, None], 1)
    sizes = 1 + sample_negative_binomial(
        rng, np.broadcast_to(mean_size[:, None] - 1, path.shape), log_uniform(rng, 0.3, 20, n)
    )
    return arrives * sizes
