from __future__ import annotations

import numpy as np
import pytest

from supplygraph_training.metrics import (
    interval_coverage,
    mean_absolute_scaled_error,
    seasonal_change,
    weighted_quantile_loss,
)

_NAN = float("nan")


def test_wql_of_a_point_forecast_is_its_absolute_error_over_the_total() -> None:
    # Averaged over symmetric levels, 2|(y − f)(1[y ≤ f] − q)| is |y − f|: (2 + 3) / (10 + 5).
    quantiles = np.repeat(np.array([[[8.0], [8.0]]]), 9, axis=2)
    assert weighted_quantile_loss(quantiles, np.array([[10.0, 5.0]])) == pytest.approx(5 / 15)


def test_wql_of_one_step_by_hand() -> None:
    # y = 5 against f = 1 … 9: Σ_q 2|5 − f|·weight, weights q below and 1 − q above.
    quantiles = np.arange(1.0, 10.0).reshape(1, 1, 9)
    by_hand = 2 * 2 * (4 * 0.1 + 3 * 0.2 + 2 * 0.3 + 1 * 0.4) / 9 / 5
    assert weighted_quantile_loss(quantiles, np.array([[5.0]])) == pytest.approx(by_hand)


def test_missing_targets_are_ignored() -> None:
    quantiles = np.full((1, 2, 9), 8.0)
    assert weighted_quantile_loss(quantiles, np.array([[10.0, _NAN]])) == pytest.approx(0.2)
    assert interval_coverage(quantiles, np.array([[8.0, _NAN]])) == 1.0


def test_mase_divides_by_the_seasonal_change_of_each_history() -> None:
    histories = [np.array([1.0, 2.0, 3.0, 6.0]), np.array([0.0, 0.0, 4.0, 4.0])]
    targets, medians = np.array([[5.0], [5.0]]), np.array([[8.0], [7.0]])
    # Changes over m = 2: (2 + 4) / 2 = 3 and 4, so 3/3 and 2/4.
    assert mean_absolute_scaled_error(medians, targets, histories, 2) == pytest.approx(0.75)


def test_mase_leaves_out_series_that_never_change() -> None:
    histories = [np.ones(4), np.array([0.0, 2.0, 0.0, 2.0])]
    medians, targets = np.array([[9.0], [1.0]]), np.array([[1.0], [2.0]])
    assert mean_absolute_scaled_error(medians, targets, histories, 1) == pytest.approx(0.5)


def test_short_or_unknown_histories_have_a_defined_scale() -> None:
    assert seasonal_change(np.array([1.0, 3.0, 4.0]), 12) == pytest.approx(1.5)
    assert np.isnan(seasonal_change(np.array([1.0, _NAN]), 1))


def test_coverage_counts_the_interval_from_the_first_to_the_last_quantile() -> None:
    quantiles = np.tile(np.arange(1.0, 10.0), (1, 4, 1))
    assert interval_coverage(quantiles, np.array([[0.5, 1.0, 9.0, 9.5]])) == 0.5
