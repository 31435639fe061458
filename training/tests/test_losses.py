from __future__ import annotations

import math

import pytest
import torch
from conftest import make_rows

from supplygraph_training.config import LossWeights
from supplygraph_training.losses import Truth, mean_where, measure_losses, pinball_loss
from supplygraph_training.network import DemandNetwork, Forecast


def test_pinball_loss_weighs_misses_by_level() -> None:
    quantiles = torch.full((1, 1, 9), 10.0)
    above = pinball_loss(quantiles, torch.tensor([[12.0]]))[0, 0]
    below = pinball_loss(quantiles, torch.tensor([[9.0]]))[0, 0]
    assert above.tolist() == pytest.approx([0.2, 0.4, 0.6, 0.8, 1.0, 1.2, 1.4, 1.6, 1.8])
    assert below.tolist() == pytest.approx([0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1])


def test_means_leave_out_what_is_masked() -> None:
    values = torch.tensor([[1.0, 5.0, 9.0], [1.0, 1.0, 1.0]])
    mask = torch.tensor([[1.0, 1.0, 0.0], [0.0, 0.0, 0.0]])
    assert mean_where(values, mask).tolist() == [3.0, 0.0]


def _measure(network: DemandNetwork, quantile: float, target: float) -> tuple[Forecast, float, float, float]:
    """Losses of a made-up forecast: all quantiles `quantile` (scaled), even odds of zero."""
    values, mask, period, covariates = make_rows([[1.0, 3.0, 1.0, 3.0]])
    real = network.predict(values, mask, period, covariates)
    forecast = Forecast(
        real.features, torch.full((1, 64, 9), quantile), torch.zeros(1, 64), torch.zeros(1, 512)
    )
    truth = Truth(
        target=torch.full((1, 64), target),
        target_mask=(torch.arange(64) < 4).float().unsqueeze(0),
        demand=values + 1,
        hidden=(torch.arange(512) == 511).float().unsqueeze(0),
    )
    losses = measure_losses(forecast, values, truth, LossWeights(quantiles=2, zero=3, undisturbed=5))
    parts = (float(losses.quantiles), float(losses.zero), float(losses.undisturbed))
    assert float(losses.total) == pytest.approx(2 * parts[0] + 3 * parts[1] + 5 * parts[2], rel=1e-5)
    return forecast, *parts


@torch.no_grad()
def test_the_tasks_match_hand_computed_losses(network: DemandNetwork) -> None:
    # Mean 2, mean absolute deviation 1, so 3 scales to 3 asinh(1/3) and 4 to 3 asinh(2/3).
    forecast, quantiles, zero, undisturbed = _measure(network, 0.0, 3.0)
    noise = float(forecast.features.noise)
    assert quantiles == pytest.approx(0.5 * 3 * math.asinh(1 / 3) / math.sqrt(noise), rel=1e-4)
    assert zero == pytest.approx(math.log(2), rel=1e-5)
    assert undisturbed == pytest.approx((3 * math.asinh(2 / 3)) ** 2, rel=1e-4)


@torch.no_grad()
def test_quantiles_far_below_zero_cost_a_tenth_where_demand_cannot_be_negative(
    network: DemandNetwork,
) -> None:
    floor = 3 * math.asinh(-2 / 3)
    forecast, quantiles, _, _ = _measure(network, floor - 4, 0.0)
    noise = float(forecast.features.noise)
    assert quantiles == pytest.approx(0.5 * 0.1 * 4 / math.sqrt(noise), rel=1e-4)
