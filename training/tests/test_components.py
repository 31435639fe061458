"""Moments of every component of the corpus against their formulas.

Seeds are fixed; the bounds are four to six standard errors of the sample moments.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from supplygraph_training.generator.components import COMPONENTS
from supplygraph_training.generator.corpus import FAMILIES
from supplygraph_training.generator.gaussian_process import brownian_path, linear_path, smooth_path
from supplygraph_training.generator.intermittent import intermittent
from supplygraph_training.generator.macro import limit
from supplygraph_training.generator.processes import autoregression, harmonics, pattern
from supplygraph_training.generator.retail import (
    censor,
    holidays,
    inflate_zeros,
    launch,
    price_factor,
    promotion_effect,
    retirement,
    sample_compound_poisson,
    sample_negative_binomial,
    trend,
)
from supplygraph_training.generator.series import Floats
from supplygraph_training.generator.shapes import level_steps, line, spikes
from supplygraph_training.generator.walk import random_walk, regimes
from supplygraph_training.plots import PICTURES, write_plots

_DRAWS = 200_000


@pytest.fixture
def rng() -> np.random.Generator:
    return np.random.default_rng(2026)


def _constant(value: float, length: int = _DRAWS) -> Floats:
    return np.full((1, length), value)


@pytest.mark.parametrize(("mean", "size"), [(0.2, 0.5), (3.0, 2.0), (40.0, 8.0)])
def test_negative_binomial_zeros_follow_the_formula(
    rng: np.random.Generator, mean: float, size: float
) -> None:
    counts = sample_negative_binomial(rng, _constant(mean), np.array([size]))
    assert counts.mean() == pytest.approx(mean, rel=0.02)
    assert counts.var() == pytest.approx(mean + mean**2 / size, rel=0.05)
    assert (counts == 0).mean() == pytest.approx((size / (size + mean)) ** size, abs=0.005)


@pytest.mark.parametrize("share", [0.1, 0.6])
def test_zero_inflation_thins_mean_variance_and_zeros_as_a_mixture_does(
    rng: np.random.Generator, share: float
) -> None:
    mean, size = 5.0, 3.0
    counts = inflate_zeros(
        rng, sample_negative_binomial(rng, _constant(mean), np.array([size])), np.array([[share]])
    )
    second_moment = (1 - share) * (mean + mean**2 / size + mean**2)
    assert counts.mean() == pytest.approx((1 - share) * mean, rel=0.02)
    assert counts.var() == pytest.approx(second_moment - ((1 - share) * mean) ** 2, rel=0.04)
    zeros = share + (1 - share) * (size / (size + mean)) ** size
    assert (counts == 0).mean() == pytest.approx(zeros, abs=0.005)


@pytest.mark.parametrize(("rate", "size"), [(0.5, 1.0), (4.0, 3.0), (20.0, 9.0)])
def test_compound_poisson_has_the_mean_variance_and_zeros_of_geometric_orders(
    rng: np.random.Generator, rate: float, size: float
) -> None:
    units = sample_compound_poisson(rng, _constant(rate), np.array([[size]]))
    assert units.mean() == pytest.approx(rate, rel=0.03)
    assert units.var() == pytest.approx(rate * (2 * size - 1), rel=0.06)
    assert (units == 0).mean() == pytest.approx(np.exp(-rate / size), abs=0.006)


def test_seasons_have_the_variance_of_their_amplitude_and_no_mean(rng: np.random.Generator) -> None:
    n = 4000
    time = np.broadcast_to(np.arange(52.0), (n, 52))
    wave = harmonics(rng, time, np.full(n, 52.0), np.full(n, 0.4), 3)
    # Each harmonic's height is N(0, (a/k)²) and a cosine of random phase has variance 1/2.
    assert wave.var() == pytest.approx(0.4**2 / 2 * (1 + 1 / 4 + 1 / 9), rel=0.06)
    np.testing.assert_allclose(wave.mean(1), 0, atol=1e-5)
    phase = np.broadcast_to(np.arange(7), (n, 7))
    week = pattern(rng, phase, np.full(n, 7), np.full(n, 0.3))
    # Taking the mean of seven away leaves six sevenths of the variance.
    assert week.var() == pytest.approx(0.3**2 * 6 / 7, rel=0.05)
    np.testing.assert_allclose(week.mean(1), 0, atol=1e-6)


def test_a_trend_has_its_slope_before_and_its_changed_slope_after_the_knee() -> None:
    years = np.linspace(0, 4, 401)
    growth = trend(years, np.array(0.3), np.array(-0.5), np.array(2.0))
    slopes = np.diff(growth) / np.diff(years)
    np.testing.assert_allclose(slopes[:200], 0.3)
    np.testing.assert_allclose(slopes[200:], -0.2)
    assert np.abs(trend(years, np.array(9.0), np.array(0.0), np.array(0.0))).max() == 4


@pytest.mark.parametrize("elasticity", [-0.5, -2.0, -4.0])
def test_elasticity_is_recovered_by_regression_of_log_demand_on_log_price(
    rng: np.random.Generator, elasticity: float
) -> None:
    price_ratio = rng.uniform(np.log(0.5), np.log(1.2), (1, 20_000))
    rate = 500 * price_factor(price_ratio, np.array([[elasticity]]))
    demand = sample_negative_binomial(rng, rate, np.array([50.0]))
    slope, level = np.polyfit(price_ratio[0], np.log(demand[0]), 1)
    assert slope == pytest.approx(elasticity, abs=0.03)
    assert level == pytest.approx(np.log(500), abs=0.03)


def test_promotions_lift_demand_while_they_last_and_dip_it_once_after(rng: np.random.Generator) -> None:
    promoted = np.tile(np.arange(20) % 20 < 3, (1, 2000))
    effect = promotion_effect(promoted, np.array([[0.5]]), np.array([[0.3]]))
    demand = sample_negative_binomial(rng, 100 * np.exp(effect), np.array([40.0]))[0].reshape(-1, 20)
    usual = demand[:, 4:].mean()
    assert np.log(demand[:, :3].mean() / usual) == pytest.approx(0.5, abs=0.02)
    assert np.log(demand[:, 3].mean() / usual) == pytest.approx(-0.3, abs=0.03)


def test_holidays_return_each_year_and_their_effect_is_recovered(rng: np.random.Generator) -> None:
    day = (np.arange(3650) / 365 % 1.0)[None]
    marked = holidays(day, np.array([[0.2, 0.7, 0.9]]), np.array([2]), np.array([3 / 365]))
    begins = np.flatnonzero(marked[0, 1:] & ~marked[0, :-1]) + 1
    assert begins.size == 20
    np.testing.assert_allclose(begins[2:] - begins[:-2], 365, atol=1)
    assert marked.mean() == pytest.approx(2 * 3 / 365, rel=0.1)
    demand = sample_negative_binomial(rng, 200 * np.exp(0.7 * marked), np.array([40.0]))
    assert np.log(demand[marked].mean() / demand[~marked].mean()) == pytest.approx(0.7, abs=0.08)


def test_censoring_only_lowers_sales_and_leaves_nothing_inside_a_spell(rng: np.random.Generator) -> None:
    demand = sample_negative_binomial(rng, _constant(8.0), np.array([5.0]))
    empty = np.arange(_DRAWS)[None] % 10 < 4
    sales = censor(rng, demand, empty)
    assert (sales <= demand).all()
    np.testing.assert_array_equal(sales[~empty], demand[~empty])
    first = np.arange(_DRAWS) % 10 == 0
    assert not sales[0, (np.arange(_DRAWS) % 10 > 0) & empty[0]].any()
    # ⌊d·u⌋ of u uniform in [0, 1) has mean (d − 1)/2 for a whole d ≥ 1.
    expected = np.maximum(demand[0, first] - 1, 0).mean() / 2
    assert sales[0, first].mean() == pytest.approx(expected, rel=0.02)


def test_a_launch_reaches_half_its_level_at_its_date_and_multiplies_its_odds_by_e_each_pace() -> None:
    now, pace = np.arange(200), np.array(8.0)
    level = np.exp(launch(now, np.array(100.0), pace))
    assert level[100] == pytest.approx(0.5)
    odds = level / (1 - level)
    np.testing.assert_allclose(odds[8:150] / odds[:142], np.e, rtol=1e-6)
    assert (np.diff(level[:150]) > 0).all()
    np.testing.assert_allclose(np.exp(retirement(now, np.array(99.0), pace)), level[::-1])


def test_kernels_have_their_covariances(rng: np.random.Generator) -> None:
    n, length = 4000, 64
    smooth = smooth_path(rng, np.full(n, 10.0), length)
    for lag in (0, 10, 20):
        covariance = np.mean(smooth[:, lag:] * smooth[:, : length - lag])
        assert covariance == pytest.approx(np.exp(-((lag / 10) ** 2) / 2), abs=0.04)
    brownian = brownian_path(rng, n, length)
    assert np.mean(brownian[:, 15] * brownian[:, 47]) == pytest.approx(16 / length, abs=0.03)
    assert brownian[:, -1].var() == pytest.approx(1, rel=0.1)
    straight = linear_path(rng, n, length)
    assert np.mean(straight[:, 0] * straight[:, 48]) == pytest.approx(-2 * (48 / length * 4 - 2), rel=0.1)
    np.testing.assert_allclose(np.diff(straight, 2), 0, atol=1e-9)
    time = np.broadcast_to(np.arange(float(length)), (n, length))
    periodic = harmonics(rng, time, np.full(n, 16.0), np.ones(n), 4)
    np.testing.assert_allclose(periodic[:, 16:], periodic[:, :-16], atol=1e-3)


def test_a_random_walk_spreads_with_time_around_its_drift(rng: np.random.Generator) -> None:
    walks = random_walk(rng.standard_normal((5000, 100)), 0.2)
    for t in (10, 100):
        assert walks[:, t - 1].mean() == pytest.approx(0.2 * t, abs=0.06 * np.sqrt(t))
        assert walks[:, t - 1].var() == pytest.approx(t, rel=0.1)


@pytest.mark.parametrize("rho", [0.3, 0.95])
def test_ornstein_uhlenbeck_is_stationary_and_forgets_exponentially(
    rng: np.random.Generator, rho: float
) -> None:
    path = autoregression(rng, 120, np.full(5000, rho), np.full(5000, 2.0))
    for t in (0, 60, 119):
        assert path[:, t].var() == pytest.approx(4, rel=0.1)
    for lag in (1, 3, 10):
        correlation = np.mean(path[:, lag:] * path[:, :-lag]) / 4
        assert correlation == pytest.approx(rho**lag, abs=0.04)


def test_regimes_stay_a_geometric_time_at_levels_of_the_deviation_asked_for(
    rng: np.random.Generator,
) -> None:
    levels = regimes(rng, rng.random((2000, 200)) < 0.05, 3)
    changes = np.diff(levels, axis=1) != 0
    assert changes.mean() == pytest.approx(0.05, abs=0.003)
    assert levels.std() == pytest.approx(3, rel=0.05)
    assert np.diff(levels, axis=1)[changes].std() == pytest.approx(3 * np.sqrt(2), rel=0.05)


def test_lines_steps_and_spikes_have_their_rise_variance_and_spacing(rng: np.random.Generator) -> None:
    now = np.arange(100)
    np.testing.assert_allclose(np.diff(line(now, np.array(5.0))), 0.05)
    steps = level_steps(rng, (4000, 100), 0.05, 2)
    assert steps[:, -1].var() == pytest.approx(100 * 0.05 * 4, rel=0.15)
    assert (np.diff(steps, axis=1) != 0).mean() == pytest.approx(0.05, abs=0.002)
    peaks = spikes(now, np.array(12), np.array(3.0))
    np.testing.assert_array_equal(np.flatnonzero(peaks), np.arange(0, 100, 12))
    assert set(peaks) == {0.0, 3.0}


def test_intermittent_series_are_overdispersed_counts_below_the_mean_asked_for(
    rng: np.random.Generator,
) -> None:
    values = intermittent(rng, 3000, 100).values
    means, variances = values.mean(1), values.var(1)
    assert np.median(means) == pytest.approx(0.2, abs=0.1)
    assert (means < 60).all()
    sold = means > 0.05
    assert np.median(variances[sold] / means[sold]) > 1


def test_a_path_that_strays_is_shrunk_as_a_whole() -> None:
    paths = np.stack([np.linspace(0, 12, 50), np.linspace(-1, 1, 50)])
    limited = limit(paths, 6.0)
    np.testing.assert_allclose(limited[0], paths[0] / 2)
    np.testing.assert_array_equal(limited[1], paths[1])


def test_components_and_families_have_pictures(tmp_path: Path) -> None:
    assert len(PICTURES) == len(COMPONENTS) + len(FAMILIES)
    paths = write_plots(tmp_path, 0, ["price elasticity", "family shapes"])
    assert [path.name for path in paths] == ["price-elasticity.png", "family-shapes.png"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in paths)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_draws_finite_lines_along_its_axis(name: str, rng: np.random.Generator) -> None:
    component = COMPONENTS[name]
    for drawn in component.draw(rng).values():
        assert drawn.shape == component.axis.shape
        assert np.isfinite(drawn).all()
