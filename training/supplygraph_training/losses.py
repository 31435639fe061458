"""The multi-task loss Σ λ_i L_i of the demand network."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from supplygraph_training.config import QUANTILE_LEVELS, LossWeights
from supplygraph_training.network import Forecast

_BELOW_ZERO = 0.1
"""Slope below zero where demand cannot be negative: the server cuts there, so it costs little."""


@dataclass(frozen=True)
class Truth:
    """What really happened, in units per period; shapes as in `generator.corpus.Batch`."""

    target: Tensor
    target_mask: Tensor
    demand: Tensor
    hidden: Tensor


@dataclass(frozen=True)
class Losses:
    """The tasks' losses, scalars, and their weighted sum."""

    quantiles: Tensor
    zero: Tensor
    undisturbed: Tensor
    total: Tensor


def measure_losses(forecast: Forecast, values: Tensor, truth: Truth, weights: LossWeights) -> Losses:
    """Compare a forecast with the truth.

    Each row counts by its own mean over its horizon. The pinball loss is divided by the square
    root of the row's noise: without it noisy rows, with it squared smooth rows would outweigh all.
    """
    scaling = forecast.features.scaling
    quantiles = soften_below_floor(forecast, values)
    pinball = pinball_loss(quantiles, scaling.compress(truth.target)).mean(2)
    by_row = mean_where(pinball, truth.target_mask) / forecast.features.noise.squeeze(1).sqrt()
    is_zero = (truth.target == 0).to(values.dtype)
    entropy = F.binary_cross_entropy_with_logits(forecast.zero_logit, is_zero, reduction="none")
    gap = (forecast.undisturbed - scaling.compress(truth.demand)) ** 2
    undisturbed = (gap * truth.hidden).sum() / truth.hidden.sum().clamp(min=1)
    parts = (by_row.mean(), mean_where(entropy, truth.target_mask).mean(), undisturbed)
    return Losses(*parts, total=weigh(parts, weights))


def weigh(parts: tuple[Tensor, Tensor, Tensor], weights: LossWeights) -> Tensor:
    """Σ λ_i L_i of the losses of quantiles, chance of zero and undisturbed demand."""
    return weights.quantiles * parts[0] + weights.zero * parts[1] + weights.undisturbed * parts[2]


def pinball_loss(quantiles: Tensor, target: Tensor) -> Tensor:
    """Pinball loss (Koenker & Bassett 1978), [batch, steps, levels] for target [batch, steps]."""
    levels = torch.tensor(QUANTILE_LEVELS, dtype=quantiles.dtype, device=quantiles.device)
    error = target.unsqueeze(2) - quantiles
    return torch.maximum(levels * error, (levels - 1) * error)


def mean_where(values: Tensor, mask: Tensor) -> Tensor:
    """Mean of [batch, n] over the entries of each row whose mask is 1, [batch]; 0 if none."""
    return (values * mask).sum(1) / mask.sum(1).clamp(min=1)


def soften_below_floor(forecast: Forecast, values: Tensor) -> Tensor:
    """Lift quantiles below zero to near zero where no observed value is negative."""
    floor = forecast.features.floor.unsqueeze(2)
    lifted = torch.maximum(forecast.quantiles, floor)
    softened = lifted + _BELOW_ZERO * torch.clamp(forecast.quantiles - floor, max=0)
    non_negative = (values >= 0).all(1)[:, None, None]
    return torch.where(non_negative, softened, forecast.quantiles)
