"""KernelSynth (Ansari et al. 2024, "Chronos", section 4.2): Gaussian processes of random kernels.

A stationary kernel is sampled by its spectrum (Rahimi & Recht 2007, random Fourier features), so
that a path costs O(length) instead of O(length³); a product of kernels becomes the product of two
independent paths, whose covariance is the product of their covariances.
"""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import chosen, harmonics, log_uniform
from supplygraph_training.generator.series import Floats, Integers, Series, without_covariates

_PERIODS = np.array([1, 4, 7, 12, 24, 52, 5, 10, 30])
_FREQUENCIES = 12


def gaussian_process(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` paths, each the sum or product of two random kernels plus white noise."""
    period = rng.choice(_PERIODS, n)
    first = _draw_kernel(rng, length, period)
    second = _draw_kernel(rng, length, period)
    path = np.where(chosen(rng, 0.3, n)[:, None], first * second, first + second)
    path += rng.exponential(0.15, n)[:, None] * rng.standard_normal((n, length))
    lift = np.where(chosen(rng, 0.7, n), rng.uniform(0, 6, n), 0.0)
    return without_covariates(path + lift[:, None], period)


def _draw_kernel(rng: np.random.Generator, length: int, period: Integers) -> Floats:
    """One path per series of a kernel drawn among smooth, periodic, linear and Brownian."""
    n = period.size
    kind = rng.integers(0, 4, n)[:, None]
    time = np.broadcast_to(np.arange(length, dtype=np.float64), (n, length))
    cycle = np.where(period > 1, period, rng.integers(3, 40, n)).astype(np.float64)
    periodic = harmonics(rng, time, cycle, np.ones(n), 4)
    linear = linear_path(rng, n, length)
    brownian = brownian_path(rng, n, length)
    smooth = smooth_path(rng, log_uniform(rng, 2, 200, n), length)
    return np.select([kind == 0, kind == 1, kind == 2], [periodic, linear, brownian], smooth)


def linear_path(rng: np.random.Generator, n: int, length: int) -> Floats:
    """Linear kernel: k(s, t) = x(s) · x(t), x rising from −2 to 2 over the path."""
    return rng.standard_normal((n, 1)) * (np.arange(length) / length * 4 - 2)


def brownian_path(rng: np.random.Generator, n: int, length: int) -> Floats:
    """Brownian kernel: k(s, t) = min(s, t) / length, times counted from 1."""
    return np.cumsum(rng.standard_normal((n, length)), axis=1) / np.sqrt(length)


def smooth_path(rng: np.random.Generator, scale: Floats, length: int) -> Floats:
    """Squared-exponential kernel k(s, t) = exp(−(s − t)² / 2ℓ²) of length scales ℓ [n], in periods."""
    n, scale = scale.size, scale[:, None]
    path = np.zeros((n, length), np.float32)
    time = np.arange(length, dtype=np.float32)
    for _ in range(_FREQUENCIES):
        frequency = (rng.standard_normal((n, 1)) / scale).astype(np.float32)
        phase = rng.uniform(0, 2 * np.pi, (n, 1)).astype(np.float32)
        path += np.cos(frequency * time + phase)
    return path * np.sqrt(2 / _FREQUENCIES)
