"""Accuracy of probabilistic forecasts: WQL, MASE and interval coverage.

As in design: last window only, missing targets ignored, sums over the whole data set.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from supplygraph_training.config import QUANTILE_LEVELS
from supplygraph_training.datasets import Task
from supplygraph_training.generator.series import Booleans, Floats

_MEDIAN = QUANTILE_LEVELS.index(0.5)


@dataclass(frozen=True)
class Scores:
    """Scores of one forecaster on one task.

    Attributes
    ----------
    wql : float
        Weighted quantile loss, ≥ 0.
    mase : float
        Mean absolute scaled error of the median, ≥ 0.
    coverage80 : float
        Share of targets between the 0.1 and the 0.9 quantile, 0 to 1.
    """

    wql: float
    mase: float
    coverage80: float


def score(task: Task, quantiles: Floats) -> Scores:
    """Score quantile forecasts [series, horizon, 9] of a task, units per period."""
    targets = np.stack([one.test for one in task.series])
    return Scores(
        wql=weighted_quantile_loss(quantiles, targets),
        mase=mean_absolute_scaled_error(
            quantiles[:, :, _MEDIAN], targets, [one.train for one in task.series], task.seasonality
        ),
        coverage80=interval_coverage(quantiles, targets),
    )


def weighted_quantile_loss(quantiles: Floats, targets: Floats) -> float:
    """Mean over levels q of Σ 2·|(y − f_q)·(1[y ≤ f_q] − q)| / Σ|y|; missing targets are NaN."""
    known = np.isfinite(targets)
    actual = targets[known][:, None]
    forecast = quantiles[known]
    below = (actual <= forecast).astype(np.float64)
    loss = 2 * np.abs((actual - forecast) * (below - np.array(QUANTILE_LEVELS)))
    return float(loss.sum(0).mean() / np.abs(actual).sum())


def mean_absolute_scaled_error(
    medians: Floats, targets: Floats, histories: list[Floats], seasonality: int
) -> float:
    """Mean of |y − f_0.5| over each series' in-sample mean |y_t − y_{t−m}| (Hyndman & Koehler 2006).

    Series without a target or whose scale is zero or unknown are left out; a history no longer
    than the season is scaled by its period-to-period changes.
    """
    scales = np.array([seasonal_change(history, seasonality) for history in histories])
    usable = np.isfinite(scales) & (scales > 0)
    errors = np.abs(targets - medians)[usable] / scales[usable, None]
    known: Booleans = np.isfinite(errors)
    return float(errors[known].mean())


def seasonal_change(history: Floats, seasonality: int) -> float:
    """In-sample mean |y_t − y_{t−m}|; NaN where no pair is known."""
    lag = seasonality if history.size > seasonality else 1
    changes = np.abs(history[lag:] - history[:-lag])
    changes = changes[np.isfinite(changes)]
    return float(changes.mean()) if changes.size else float("nan")


def interval_coverage(quantiles: Floats, targets: Floats) -> float:
    """Share of known targets inside [f_0.1, f_0.9]."""
    known = np.isfinite(targets)
    inside = (targets >= quantiles[:, :, 0]) & (targets <= quantiles[:, :, -1])
    return float(inside[known].mean())
