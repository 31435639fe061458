"""Smooth aggregates: the yearly, quarterly and monthly series of firms and economies.

Structural time series in the sense of Harvey (1989): level with (damped) slope, stochastic cycle of
some years, season that may evolve, irregular noise; additive or multiplicative; occasional outliers
and breaks. They are what ETS and ARIMA models are the optimal forecasters of, except for the cycle,
whose turns nobody foresees: without it the forecasts of real series are too sure of themselves.
"""

from __future__ import annotations

import numpy as np

from supplygraph_training.generator.processes import (
    autoregression,
    chosen,
    harmonics,
    log_uniform,
    pattern,
)
from supplygraph_training.generator.series import Floats, Integers, Series, without_covariates

_PERIODS = np.array([12, 4, 1, 52, 7, 24, 6, 2])
_PERIOD_SHARES = np.array([0.41, 0.24, 0.20, 0.05, 0.05, 0.03, 0.01, 0.01])
_BREAKS_A_YEAR = 0.12
_SPLICED = 0.15
_FARTHEST = 6.0
_LOWEST = 0.02
"""An additive path that falls lower is made multiplicative: sales of a whole firm do not stay at zero."""


def macro(rng: np.random.Generator, n: int, length: int) -> Series:
    """Draw `n` trending, seasonal series of positive level."""
    period = rng.choice(_PERIODS, n, p=_PERIOD_SHARES)
    noise = log_uniform(rng, 0.003, 0.3, n)
    log_path: Floats = _level(rng, length, noise, period) + _seasonal(rng, length, period)
    log_path += _cycle(rng, length, period) + _irregular(rng, length, noise)
    log_path = splice(rng, _SPLICED, log_path)
    log_path = limit(log_path, _FARTHEST)
    multiplicative = np.exp(log_path)
    additive = 1 + log_path
    signed = chosen(rng, 0.1, n)
    is_additive = chosen(rng, 0.5, n) & (signed | (additive.min(1) > _LOWEST))
    values = np.where(is_additive[:, None], additive, multiplicative)
    values = values * log_uniform(rng, 1e2, 1e5, n)[:, None]
    values = np.where(chosen(rng, 0.3, n)[:, None], np.round(values), values)
    return without_covariates(values, period)


def _level(rng: np.random.Generator, length: int, noise: Floats, period: Integers) -> Floats:
    """Integrate level shocks and a slope that is constant, damped or wandering."""
    n = noise.size
    a_year = np.clip(period, 1, 12)
    wander = noise * log_uniform(rng, 0.05, 2.5, n) * chosen(rng, 0.8, n) * (12 / a_year) ** 0.25
    level = np.cumsum(rng.standard_normal((n, length), np.float32) * wander[:, None], axis=1)
    growth_a_year = (0.04 + rng.standard_t(3, n) * 0.05) * chosen(rng, 0.85, n)
    growth = growth_a_year / np.where(period > 1, period, 1)
    constant = chosen(rng, 0.75, n)
    rho = np.where(constant, 0.0, rng.uniform(0.85, 0.995, n))
    slope_noise = np.where(constant, 0.0, noise * log_uniform(rng, 0.03, 0.5, n))
    slope = growth[:, None] + autoregression(rng, length, rho, slope_noise)
    fade = np.where(chosen(rng, 0.2, n), rng.uniform(0.9, 0.99, n), 1.0)[:, None]
    slope = slope * fade ** np.arange(length)
    breaks = (rng.random((n, length)) < _BREAKS_A_YEAR / a_year[:, None]) * rng.normal(0, 0.25, (n, length))
    breaks *= chosen(rng, 0.35, n)[:, None]
    turns = (rng.random((n, length)) < _BREAKS_A_YEAR / a_year[:, None]) * rng.standard_t(3, (n, length))
    turns *= (0.06 / a_year * chosen(rng, 0.2, n))[:, None]
    return level + np.cumsum(slope + breaks + np.cumsum(turns, axis=1), axis=1)


def limit(path: Floats, most: float) -> Floats:
    """Shrink the paths [n, length] that stray further than `most` from 0, so that none is cut flat."""
    return path * np.minimum(most / np.maximum(np.abs(path).max(1, keepdims=True), 1e-9), 1)


def splice(rng: np.random.Generator, share: float, path: Floats) -> Floats:
    """Let the past of a share of the paths [n, length] be another path's, joined without a jump.

    Firms merge and definitions change: what lies before says little about what follows. The junction
    lies anywhere in the first 90 % of the path.
    """
    n, length = path.shape
    junction = (rng.random(n) * 0.9 * length).astype(np.int64)
    other = np.roll(path, 1, axis=0)
    rows = np.arange(n)
    joined = other - other[rows, junction][:, None] + path[rows, junction][:, None]
    is_past = (np.arange(length) < junction[:, None]) & chosen(rng, share, n)[:, None]
    return np.where(is_past, joined, path)


def _cycle(rng: np.random.Generator, length: int, period: Integers) -> Floats:
    """Stochastic cycle of 2 to 12 years whose amplitude and phase wander (Harvey 1989, section 2.3.3)."""
    n = period.size
    years = log_uniform(rng, 1.5, 10, n)
    steps = np.maximum(years * np.where(period > 1, period, 1), 5)
    angle = 2 * np.pi * np.arange(length) / steps[:, None]
    rho = np.exp(-1 / (steps * rng.uniform(0.3, 3, n)))
    amplitude = log_uniform(rng, 0.01, 0.25, n) * chosen(rng, 0.75, n)
    cosine = autoregression(rng, length, rho, amplitude)
    return cosine * np.cos(angle) + autoregression(rng, length, rho, amplitude) * np.sin(angle)


def _seasonal(rng: np.random.Generator, length: int, period: Integers) -> Floats:
    """Blend two seasonal shapes so that the season may change over the series."""
    n = period.size
    step = rng.integers(0, 1000, n)[:, None] + np.arange(length)
    strength = log_uniform(rng, 0.005, 0.6, n) * chosen(rng, 0.75, n)
    rough = pattern(rng, step, period, strength)
    smooth = harmonics(rng, step.astype(np.float64), period.astype(np.float64), strength * (period > 1), 3)
    first = np.where(chosen(rng, 0.5, n)[:, None], rough, smooth)
    second = pattern(rng, step, period, strength * rng.uniform(0, 0.7, n) * chosen(rng, 0.4, n))
    share = np.linspace(0, 1, length)
    return first + share * second


def _irregular(rng: np.random.Generator, length: int, noise: Floats) -> Floats:
    """White or autocorrelated noise, on some series heavy-tailed with outliers."""
    n = noise.size
    rho = rng.uniform(-0.4, 0.8, n) * chosen(rng, 0.4, n)
    irregular = autoregression(rng, length, rho, noise)
    outlier = (rng.random((n, length)) < 0.02) & chosen(rng, 0.25, n)[:, None]
    return irregular + outlier * rng.standard_t(3, (n, length)) * 4 * noise[:, None]
