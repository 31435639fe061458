from __future__ import annotations

import numpy as np
import torch
from conftest import make_rows

from supplygraph_training.config import CONTEXT_LENGTH, PROMOTION, STOCK_OUT
from supplygraph_training.network import DemandNetwork

_RNG = np.random.default_rng(0)
_HISTORIES = [
    (20 + 5 * np.sin(np.arange(90) / 7 * 2 * np.pi) + _RNG.normal(0, 1, 90)).tolist(),
    _RNG.poisson(0.3, 40).astype(float).tolist(),
    [3.0, 4.0],
]


@torch.no_grad()
def test_outputs_have_the_shapes_of_the_contract(network: DemandNetwork) -> None:
    quantiles, zero_probability, undisturbed = network(*make_rows(_HISTORIES))
    assert quantiles.shape == (3, 64, 9)
    assert zero_probability.shape == (3, 64)
    assert undisturbed.shape == (3, CONTEXT_LENGTH)
    assert ((zero_probability >= 0) & (zero_probability <= 1)).all()


@torch.no_grad()
def test_quantiles_never_cross(network: DemandNetwork) -> None:
    quantiles, _, _ = network(*make_rows(_HISTORIES))
    assert (torch.diff(quantiles, dim=2) >= 0).all()


@torch.no_grad()
def test_forecasts_scale_with_the_history(network: DemandNetwork) -> None:
    values, mask, period, covariates = make_rows(_HISTORIES)
    once, zero_once, hidden_once = network(values, mask, period, covariates)
    thousand, zero_thousand, hidden_thousand = network(1000 * values, mask, period, covariates)
    torch.testing.assert_close(thousand, 1000 * once, rtol=1e-3, atol=1e-1)
    torch.testing.assert_close(zero_thousand, zero_once, rtol=1e-3, atol=1e-4)
    torch.testing.assert_close(hidden_thousand, 1000 * hidden_once, rtol=1e-3, atol=1e-1)


@torch.no_grad()
def test_what_stands_at_masked_periods_changes_nothing(network: DemandNetwork) -> None:
    values, mask, period, covariates = make_rows(_HISTORIES)
    mask[:, 480:490] = 0
    garbage = torch.where(mask > 0, values, torch.full_like(values, -1e6))
    for clean, dirty in zip(
        network(values, mask, period, covariates),
        network(garbage, mask, period, covariates),
        strict=True,
    ):
        torch.testing.assert_close(clean, dirty, rtol=0, atol=0)


@torch.no_grad()
def test_a_row_without_any_observation_gives_finite_numbers(network: DemandNetwork) -> None:
    for output in network(*make_rows([[], [1.0]])):
        assert torch.isfinite(output).all()


@torch.no_grad()
def test_a_short_context_gives_what_a_padded_one_gives(network: DemandNetwork) -> None:
    values, mask, period, covariates = make_rows([_HISTORIES[0][-48:]])
    full = network.predict(values, mask, period, covariates)
    short = network.predict(values[:, -48:], mask[:, -48:], period, covariates[:, -48 - 64 :])
    torch.testing.assert_close(short.quantiles, full.quantiles, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(short.undisturbed, full.undisturbed[:, -48:], rtol=1e-4, atol=1e-5)


@torch.no_grad()
def test_a_row_does_not_depend_on_its_neighbours(network: DemandNetwork) -> None:
    together, _, _ = network(*make_rows(_HISTORIES))
    alone, _, _ = network(*make_rows(_HISTORIES[1:2]))
    torch.testing.assert_close(together[1:2], alone, rtol=1e-4, atol=1e-4)


@torch.no_grad()
def test_a_coming_promotion_changes_the_forecast(network: DemandNetwork) -> None:
    values, mask, period, covariates = make_rows(_HISTORIES[:1])
    usual, _, _ = network(values, mask, period, covariates)
    covariates[:, CONTEXT_LENGTH:, PROMOTION] = 1
    promoted, _, _ = network(values, mask, period, covariates)
    assert (promoted - usual).abs().max() > 1e-3


@torch.no_grad()
def test_demand_is_estimated_for_a_stock_out_before_the_first_sale(network: DemandNetwork) -> None:
    values, mask, period, covariates = make_rows([_HISTORIES[0][-32:]])
    covariates[:, 440:480, STOCK_OUT] = 1
    forecast = network.predict(values, mask, period, covariates)
    expected = forecast.features.scaling.expand(forecast.undisturbed)
    _, _, undisturbed = network(values, mask, period, covariates)
    torch.testing.assert_close(undisturbed[:, 440:480], expected[:, 440:480], rtol=1e-4, atol=1e-4)
