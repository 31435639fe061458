from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from supplygraph_training import generate
from supplygraph_training.config import HORIZON_LENGTH, PRICE_RATIO, PROMOTION, STOCK_OUT, CorpusConfig
from supplygraph_training.generator.corpus import FAMILIES, draw_batch, draw_series, mix
from supplygraph_training.generator.intermittent import intermittent
from supplygraph_training.generator.macro import macro, splice
from supplygraph_training.generator.processes import autoregression, pattern, spells
from supplygraph_training.generator.retail import price_factor, retail, sample_negative_binomial
from supplygraph_training.generator.series import without_covariates


def test_autoregression_is_stationary_with_the_deviation_and_correlation_asked_for() -> None:
    rng = np.random.default_rng(0)
    path = autoregression(rng, 200, np.full(400, 0.8), np.full(400, 2.0))
    assert path.std() == pytest.approx(2.0, rel=0.05)
    assert path[:, 0].std() == pytest.approx(path[:, -1].std(), rel=0.15)
    assert np.mean(path[:, 1:] * path[:, :-1]) / path.var() == pytest.approx(0.8, abs=0.02)


def test_a_pattern_repeats_after_its_period_and_is_flat_without_one() -> None:
    rng = np.random.default_rng(0)
    step = np.broadcast_to(np.arange(60), (2, 60))
    wave = pattern(rng, step, np.array([12, 1]), np.array([1.0, 1.0]))
    np.testing.assert_allclose(wave[0, :48], wave[0, 12:])
    assert wave[0, :12].mean() == pytest.approx(0, abs=1e-6)
    assert not wave[1].any()


def test_spells_last_as_long_as_asked_for_on_average() -> None:
    rng = np.random.default_rng(0)
    marked = spells(rng, 400, np.full(200, 0.005), np.full(200, 6.0))
    begins = (marked[:, 1:] & ~marked[:, :-1]).sum()
    assert marked.sum() / begins == pytest.approx(6.0, rel=0.15)


def test_negative_binomial_counts_have_the_mean_and_variance_of_the_formula() -> None:
    rng = np.random.default_rng(0)
    counts = sample_negative_binomial(rng, np.full((1, 200_000), 3.0), np.array([2.0]))
    assert counts.mean() == pytest.approx(3.0, rel=0.02)
    assert counts.var() == pytest.approx(3.0 + 9.0 / 2.0, rel=0.04)


def test_price_factor_is_the_constant_elasticity_curve() -> None:
    assert price_factor(np.log(np.array([0.8])), np.array([-2.0]))[0] == pytest.approx(1.5625)


def test_lower_prices_sell_more() -> None:
    series = retail(np.random.default_rng(0), 400, 200)
    promoted = series.covariates[:, :, PROMOTION] == 1
    deep = promoted & (series.covariates[:, :, PRICE_RATIO] < -0.3)
    rows = (deep.sum(1) > 5) & ((~promoted).sum(1) > 5)
    during = [series.demand[row][deep[row]].mean() for row in np.flatnonzero(rows)]
    usually = [series.demand[row][~promoted[row]].mean() for row in np.flatnonzero(rows)]
    assert rows.sum() > 40
    assert np.mean(np.array(during) > np.array(usually)) > 0.8


def test_stock_outs_only_ever_lower_sales() -> None:
    series = retail(np.random.default_rng(1), 200, 150)
    empty = series.covariates[:, :, STOCK_OUT] == 1
    assert empty.any()
    assert (series.values <= series.demand).all()
    np.testing.assert_array_equal(series.values[~empty], series.demand[~empty])
    assert series.values[empty].sum() < 0.5 * series.demand[empty].sum()


def test_slow_movers_are_whole_numbers_and_about_three_quarters_zero() -> None:
    values = intermittent(np.random.default_rng(0), 500, 100).values
    np.testing.assert_array_equal(values, np.round(values))
    assert 0.65 < (values == 0).mean() < 0.85


@pytest.mark.parametrize("name", FAMILIES)
def test_every_family_draws_finite_series_of_the_shape_asked_for(name: str) -> None:
    series = FAMILIES[name](np.random.default_rng(3), 40, 112)
    assert series.values.shape == series.demand.shape == (40, 112)
    assert series.covariates.shape == (40, 112, 4)
    assert np.isfinite(series.values).all()
    assert (series.period >= 1).all()


def test_a_mix_is_convex_and_joins_series_of_one_period_alone() -> None:
    wave = np.where(np.arange(40) % 2 == 0, 0.5, 1.5)
    series = without_covariates(np.stack([wave, 3 * wave[::-1], 9 * wave]), np.array([4, 4, 12]))
    mixed = mix(np.random.default_rng(0), 1.0, series).values
    assert ((mixed[:2] > 0.5) & (mixed[:2] < 1.5)).all()
    np.testing.assert_allclose(mixed[2], wave)


def test_a_mix_crosses_the_continuous_families() -> None:
    config = CorpusConfig(
        batch=400, family_shares=(("walk", 0.5), ("shapes", 0.5)), mix_share=1.0, missing_share=0.0
    )
    plain = draw_series(np.random.default_rng(1), replace(config, mix_share=0.0), 64)
    mixed = draw_series(np.random.default_rng(1), config, 64)
    np.testing.assert_array_equal(mixed.period, plain.period)
    assert (np.abs(mixed.values - plain.values).max(1) > 1e-6).mean() > 0.95


def test_a_spliced_path_keeps_its_end_and_has_another_ones_past_without_a_jump() -> None:
    path = np.stack([np.arange(100.0), -2 * np.arange(100.0)])
    spliced = splice(np.random.default_rng(2), 1.0, path)
    np.testing.assert_array_equal(spliced[:, -10:], path[:, -10:])
    steps = np.diff(spliced, axis=1)
    assert set(np.unique(steps)) == {-2.0, 1.0}
    assert (np.diff(steps, axis=1) != 0).sum() == 2
    np.testing.assert_array_equal(splice(np.random.default_rng(2), 0.0, path), path)


def test_positive_aggregates_stay_above_zero() -> None:
    series = macro(np.random.default_rng(0), 600, 112)
    assert (series.values.min(1) <= 0).mean() < 0.1


def test_a_batch_depends_on_nothing_but_seed_and_index() -> None:
    config = CorpusConfig(batch=16)
    first, again, other = (draw_batch(config, 5, index) for index in (3, 3, 4))
    np.testing.assert_array_equal(first.values, again.values)
    assert first.values.shape != other.values.shape or (first.values != other.values).any()


def test_a_batch_has_the_networks_shapes_and_horizons_of_4_to_64() -> None:
    batch = draw_batch(CorpusConfig(batch=64, contexts=(48,), context_shares=(1.0,)), 0, 0)
    assert batch.values.shape == batch.mask.shape == batch.hidden.shape == (64, 48)
    assert batch.covariates.shape == (64, 48 + HORIZON_LENGTH, 4)
    horizons = batch.target_mask.sum(1)
    assert horizons.min() >= 4
    assert horizons.max() <= HORIZON_LENGTH
    assert set(np.unique(batch.mask)) <= {0.0, 1.0}


def test_a_batch_masks_known_stock_outs_and_hides_future_ones() -> None:
    config = CorpusConfig(batch=256, contexts=(128,), context_shares=(1.0,))
    batch = draw_batch(config, 0, 1)
    known = batch.covariates[:, :128, STOCK_OUT] == 1
    assert known.any()
    assert not batch.mask[known].any()
    assert not batch.values[batch.mask == 0].any()
    assert not batch.covariates[:, 128:, STOCK_OUT].any()


def test_the_command_describes_every_family_and_writes_a_batch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "batch.npz"
    monkeypatch.setattr(sys, "argv", ["generate", "--rows", "20", "--out", str(out)])
    generate.main()
    printed = capsys.readouterr().out
    assert all(name in printed for name in FAMILIES)
    assert np.load(out)["target"].shape == (20, HORIZON_LENGTH)
