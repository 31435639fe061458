"""Random building blocks that the families share. `n` series by `length` periods, vectorised."""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.series import Booleans, Floats, Integers


def autoregression(rng: np.random.Generator, length: int, rho: Floats, deviation: Floats) -> Floats:
    """Draw stationary AR(1) paths.

    Parameters
    ----------
    rho : Floats
        [n], autocorrelation at lag 1, in (-1, 1).
    deviation : Floats
        [n], stationary standard deviation.

    Returns
    -------
    Floats
        [n, length].
    """
    shocks = rng.standard_normal((length, rho.size), np.float32)
    innovation = np.sqrt(1 - rho**2)
    path = np.empty_like(shocks)
    path[0] = shocks[0]
    for t in range(1, length):
        path[t] = rho * path[t - 1] + innovation * shocks[t]
    return path.T * deviation[:, None]


def harmonics(rng: np.random.Generator, time: Floats, cycle: Floats, amplitude: Floats, count: int) -> Floats:
    """Sum `count` harmonics of a cycle with random phases and amplitudes falling as 1/k.

    `time` is [n, length] in periods, `cycle` [n] in periods, `amplitude` [n] the standard
    deviation of the first harmonic.
    """
    total = np.zeros(time.shape, np.float32)
    angle = (2 * np.pi * time / cycle[:, None]).astype(np.float32)
    for k in range(1, count + 1):
        phase = rng.uniform(0, 2 * np.pi, (amplitude.size, 1)).astype(np.float32)
        height = amplitude * rng.normal(size=amplitude.size) / k
        total += height[:, None] * np.cos(k * angle + phase)
    return total


def pattern(rng: np.random.Generator, step: Integers, period: Integers, deviation: Floats) -> Floats:
    """Repeat an arbitrary pattern: one independent normal number per phase of the season.

    `step` is [n, length] (whole periods), `period` and `deviation` [n]. The mean over a season is
    about zero. Returns [n, length].
    """
    n = period.size
    heights = rng.standard_normal((n, int(period.max())), np.float32)
    inside = np.arange(heights.shape[1]) < period[:, None]
    heights -= (heights * inside).sum(1, keepdims=True) / period[:, None]
    chosen = np.take_along_axis(heights, step % period[:, None], axis=1)
    return chosen * (deviation * (period > 1))[:, None]


def spells(rng: np.random.Generator, length: int, rate: Floats, mean_length: Floats) -> Booleans:
    """Mark spells that begin at random and last a geometric time.

    `rate` [n] is the chance of a beginning per period, `mean_length` [n] ≥ 1 in periods.
    Returns [n, length].
    """
    shape = (rate.size, length)
    begins = rng.random(shape) < rate[:, None]
    lasts = rng.geometric(np.broadcast_to(1 / mean_length[:, None], shape))
    now = np.arange(length)
    ends = np.maximum.accumulate(np.where(begins, now + lasts, 0), axis=1)
    return ends > now


def log_uniform(rng: np.random.Generator, low: float, high: float, n: int) -> Floats:
    """Draw [n] numbers whose logarithm is uniform between those of `low` and `high`."""
    return np.exp(rng.uniform(np.log(low), np.log(high), n))


def chosen(rng: np.random.Generator, share: float, n: int) -> Booleans:
    """Mark each of `n` series with chance `share`."""
    return rng.random(n) < share
