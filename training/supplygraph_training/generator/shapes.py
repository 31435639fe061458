"""Plain shapes: trend, season, steps and spikes with known form, and nearly constant series."""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import chosen, harmonics, log_uniform, pattern
from supplygraph_training.generator.series import Floats, Integers, Series, without_covariates

_PERIODS = np.array([1, 4, 7, 12, 24, 52, 5, 30])


def shapes(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` sums of a line, a season, level steps, periodic spikes and noise; 8 % constant."""
    period = rng.choice(_PERIODS, n)
    now = np.arange(length)
    step = rng.integers(0, 1000, n)[:, None] + now
    trend = line(now, (rng.normal(0, 2, n) * chosen(rng, 0.5, n))[:, None])
    smooth = harmonics(
        rng, step.astype(np.float64), period.astype(np.float64), rng.exponential(1, n) * (period > 1), 2
    )
    rough = pattern(rng, step, period, rng.exponential(1, n))
    season = np.where(chosen(rng, 0.5, n)[:, None], smooth, rough) * chosen(rng, 0.75, n)[:, None]
    jumps = level_steps(rng, (n, length), 0.01, 2) * chosen(rng, 0.3, n)[:, None]
    every = np.where(period > 1, period, rng.integers(5, 40, n))[:, None]
    peaks = spikes(step, every, (rng.exponential(4, n) * chosen(rng, 0.25, n))[:, None])
    noise = rng.standard_normal((n, length)) * log_uniform(rng, 0.01, 1, n)[:, None]
    path = trend + season + jumps + peaks + noise
    constant = chosen(rng, 0.08, n)[:, None]
    level = rng.uniform(0, 8, (n, 1))
    return without_covariates(np.where(constant, level, level + path), period)


def line(now: Integers, rise: Floats) -> Floats:
    """A straight line from 0 that would reach `rise` just after the last of the periods `now`."""
    return rise * now / now.size


def level_steps(rng: np.random.Generator, shape: tuple[int, int], rate: float, deviation: float) -> Floats:
    """Levels that step by N(0, deviation²) with chance `rate` per period; variance rate · σ² · time."""
    jumps = (rng.random(shape) < rate) * rng.normal(0, deviation, shape)
    return np.cumsum(jumps, axis=1)


def spikes(step: Integers, every: Integers, height: Floats) -> Floats:
    """`height` once in `every` periods, on whole multiples of it, 0 otherwise."""
    return (step % every == 0) * height
