"""Plain forecasters that the network is measured against: seasonal naive and Theta."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np

from supplygraph_training.config import QUANTILE_LEVELS
from supplygraph_training.generator.series import Floats

_NORMAL = np.array([NormalDist().inv_cdf(level) for level in QUANTILE_LEVELS])
_ALPHAS = np.linspace(0.05, 0.99, 48)
_SEASONALITY_90 = 1.645


def seasonal_naive(history: Floats, horizon: int, seasonality: int) -> Floats:
    """Repeat the last season (Hyndman & Athanasopoulos, FPP3, section 5.2).

    Returns
    -------
    Floats
        [horizon, 9]; all nine quantiles are the same number, the value one season back, because
        that is the baseline behind the published relative scores: it reproduces them to four
        decimals. A history no longer than a season repeats its last value.
    """
    known = fill_forward(history)
    season = seasonality if known.size > seasonality else 1
    point = known[known.size - season + np.arange(horizon) % season]
    return np.repeat(point[:, None], len(QUANTILE_LEVELS), axis=1)


def theta(history: Floats, horizon: int, seasonality: int) -> Floats:
    """Theta method with classical seasonal adjustment (Assimakopoulos & Nikolopoulos 2000).

    Simple exponential smoothing with half the slope of the linear trend as drift, the form of
    Hyndman & Billah (2003). Seasonal if the autocorrelation at the season passes a 90 % test;
    multiplicative where all values are positive, otherwise not adjusted. Normal quantiles whose
    variance grows as σ²(1 + (h − 1)α²).

    Returns
    -------
    Floats
        [horizon, 9].
    """
    known = fill_forward(history)
    if known.size < 3:
        return seasonal_naive(history, horizon, seasonality)
    indices = _seasonal_indices(known, seasonality)
    season = indices.size
    adjusted = known / indices[np.arange(known.size) % season]
    alpha, level, errors = _smooth(adjusted)
    slope = np.polyfit(np.arange(known.size), adjusted, 1)[0] / 2
    ahead = np.arange(1, horizon + 1)
    start = (1 - (1 - alpha) ** known.size) / alpha
    point = level + slope * (ahead - 1 + start)
    spread = np.sqrt(np.mean(errors**2) * (1 + (ahead - 1) * alpha**2))
    quantiles = point[:, None] + spread[:, None] * _NORMAL
    return quantiles * indices[(known.size + ahead - 1) % season, None]


def fill_forward(history: Floats) -> Floats:
    """Put the last known value where one is missing; what precedes the first known value is cut.

    A history without any known value becomes a single zero.
    """
    known = np.isfinite(history)
    if not known.any():
        return np.zeros(1)
    latest = np.maximum.accumulate(np.where(known, np.arange(history.size), -1))
    return history[latest[latest >= 0]]


def _seasonal_indices(known: Floats, seasonality: int) -> Floats:
    """Multiplicative indices of mean one, [season]; [1] of one where there is no season."""
    none = np.ones(1)
    if seasonality < 2 or known.size < 2 * seasonality + 1 or known.min() <= 0:
        return none
    if not _is_seasonal(known, seasonality):
        return none
    weights = np.ones(seasonality + 1 - seasonality % 2)
    if seasonality % 2 == 0:
        weights[[0, -1]] = 0.5
    half = weights.size // 2
    trend = np.convolve(known, weights / weights.sum(), mode="valid")
    ratios = known[half : known.size - half] / trend
    phase = np.arange(half, known.size - half) % seasonality
    indices = np.array([ratios[phase == k].mean() for k in range(seasonality)])
    return np.asarray(indices / indices.mean())


def _is_seasonal(known: Floats, seasonality: int) -> bool:
    centred = known - known.mean()
    variance = float(centred @ centred)
    if variance == 0:
        return False
    lags = [float(centred[k:] @ centred[:-k]) / variance for k in range(1, seasonality + 1)]
    limit = _SEASONALITY_90 * np.sqrt((1 + 2 * np.sum(np.square(lags[:-1]))) / known.size)
    return bool(abs(lags[-1]) > limit)


def _smooth(values: Floats) -> tuple[float, float, Floats]:
    """Simple exponential smoothing by the α of least one-step error: (α, last level, errors)."""
    level = np.full(_ALPHAS.size, values[0])
    errors = np.empty((values.size - 1, _ALPHAS.size))
    for t in range(1, values.size):
        errors[t - 1] = values[t] - level
        level = level + _ALPHAS * errors[t - 1]
    best = int(np.argmin((errors**2).sum(0)))
    return float(_ALPHAS[best]), float(level[best]), errors[:, best]
