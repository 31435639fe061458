from __future__ import annotations

import numpy as np
import pytest

from supplygraph_training.baselines import fill_forward, seasonal_naive, theta

_NAN = float("nan")


def test_seasonal_naive_repeats_the_last_season() -> None:
    forecast = seasonal_naive(np.array([9.0, 9.0, 9.0, 1.0, 2.0, 3.0]), 5, 3)
    assert forecast.shape == (5, 9)
    assert forecast[:, 0].tolist() == forecast[:, 8].tolist() == [1, 2, 3, 1, 2]


def test_seasonal_naive_repeats_the_last_value_of_a_history_shorter_than_a_season() -> None:
    assert seasonal_naive(np.array([4.0, 6.0]), 2, 52)[:, 4].tolist() == [6, 6]


def test_gaps_are_filled_with_the_last_known_value() -> None:
    assert fill_forward(np.array([_NAN, 1.0, _NAN, 3.0, _NAN])).tolist() == [1, 1, 3, 3]
    assert fill_forward(np.array([_NAN])).tolist() == [0]


def test_theta_continues_half_the_trend_of_a_line() -> None:
    forecast = theta(10 + 2.0 * np.arange(40), 3, 1)
    steps = np.diff(forecast[:, 4])
    assert steps.tolist() == pytest.approx([1.0, 1.0], rel=1e-6)
    assert forecast[0, 4] == pytest.approx(90, abs=1.2)


def test_theta_keeps_a_clear_season() -> None:
    season = np.array([50.0, 100.0, 150.0, 100.0])
    forecast = theta(np.tile(season, 10), 4, 4)
    np.testing.assert_allclose(forecast[:, 4], season, rtol=0.03)
    assert (np.diff(forecast, axis=1) >= 0).all()
