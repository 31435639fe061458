"""What the network is told about a history: patches, seasonal lags, levels and statistics."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

from supplygraph_training.config import HORIZON_LENGTH
from supplygraph_training.scaling import (
    KNEE,
    Scaling,
    asinh,
    difference_size,
    distance_to_counts,
    measure_scaling,
)

LAGS = 8
"""Seasons back that each forecast step looks at."""

HALF_LIVES = (1.0, 4.0, 16.0, 64.0)
"""Half-lives, in periods, of the exponentially weighted levels."""

LEVEL_ANCHORS = 5 + len(HALF_LIVES)
"""Anchors that are forecasts of the level by themselves."""

TRENDS = 3
"""Trend lines whose movement is added to the level (see `Features.anchors`)."""

ANCHORS = LEVEL_ANCHORS + 1 + TRENDS
"""Plain forecasts and movements that each step's median starts from (see `Features.anchors`)."""

STATISTICS = 10
"""Numbers that describe a whole history."""

_SMALLEST_NOISE = 0.03
_TREND_HALF_LIFE = 16.0
_FARTHEST_MOVE = 6.0


@dataclass(frozen=True)
class Features:
    """Everything the encoder reads. `context` is the length of the history given.

    Attributes
    ----------
    scaling : Scaling
        Way back to units.
    compressed, seasonal_change : Tensor
        [batch, context], scaled values and their change over one season; 0 where unknown.
    lags, lag_mask : Tensor
        [batch, 64, LAGS], for each step ahead the values 1 … 8 seasons before it that are known.
    anchors : Tensor
        [batch, 64, ANCHORS]: the same phase one, two and three seasons back, its mean over four and
        eight seasons, four exponentially weighted levels, the value zero; then how far each of three
        trend lines moves up to the step: least squares over the whole history and with a half-life
        of 16 periods, and the recent change per season.
    noise : Tensor
        [batch, 1], typical change from period to period or season to season, in scales.
    floor : Tensor
        [batch, 1], where zero lies after scaling.
    waves : Tensor
        [batch, context + 64, 2], sine and cosine of the season's phase.
    statistics : Tensor
        [batch, STATISTICS].
    """

    scaling: Scaling
    compressed: Tensor
    seasonal_change: Tensor
    lags: Tensor
    lag_mask: Tensor
    anchors: Tensor
    noise: Tensor
    floor: Tensor
    waves: Tensor
    statistics: Tensor


def extract_features(values: Tensor, mask: Tensor, period: Tensor) -> Features:
    """Scale a batch of histories and compute its features, by plain ONNX operators.

    Parameters
    ----------
    values, mask : Tensor
        [batch, context], units per period and 1 = observed, most recent period last.
    period : Tensor
        [batch], season length in periods, ≥ 1.
    """
    context = values.shape[1]
    values = torch.where(mask > 0, values, torch.zeros_like(values))
    scaling = measure_scaling(values, mask)
    compressed = scaling.compress(values) * mask
    floor = scaling.compress(torch.zeros_like(scaling.location))
    season = period.round().clamp(min=1).unsqueeze(1)
    now = torch.arange(context, dtype=values.dtype, device=values.device)

    before, before_mask = _gather(compressed, mask, now - season)
    lags, lag_mask = _seasonal_lags(compressed, mask, season)
    levels = _levels(compressed, mask)
    change, change_mask = (compressed - before) * mask * before_mask, mask * before_mask
    moves = _trend_moves(compressed, mask, season, change, change_mask)
    noise_season = difference_size(compressed, mask, before, before_mask)
    noise_step = difference_size(compressed[:, 1:], mask[:, 1:], compressed[:, :-1], mask[:, :-1])
    return Features(
        scaling=scaling,
        compressed=compressed,
        seasonal_change=change,
        lags=lags,
        lag_mask=lag_mask,
        anchors=torch.cat([_anchors(lags, lag_mask, levels, floor), moves], dim=2),
        noise=torch.minimum(noise_season, noise_step).clamp(min=_SMALLEST_NOISE),
        floor=floor,
        waves=_waves(context, season),
        statistics=_statistics(values, mask, season, scaling, noise_season, noise_step, floor),
    )


def _gather(compressed: Tensor, mask: Tensor, position: Tensor) -> tuple[Tensor, Tensor]:
    """Read values and mask [batch, n] at positions that may lie before the history (masked)."""
    index = position.clamp(min=0).to(torch.int64)
    known = torch.gather(mask, 1, index) * (position >= 0)
    return torch.gather(compressed, 1, index) * known, known


def _seasonal_lags(compressed: Tensor, mask: Tensor, season: Tensor) -> tuple[Tensor, Tensor]:
    context = compressed.shape[1]
    ahead = torch.arange(HORIZON_LENGTH, dtype=season.dtype, device=season.device)
    back = torch.arange(1, LAGS + 1, dtype=season.dtype, device=season.device)
    seasons = torch.floor(ahead / season).unsqueeze(2) + back
    position = context + ahead.unsqueeze(1) - seasons * season.unsqueeze(2)
    lags, known = _gather(compressed, mask, position.flatten(1))
    shape = (-1, HORIZON_LENGTH, LAGS)
    return lags.reshape(shape), known.reshape(shape)


def _levels(compressed: Tensor, mask: Tensor) -> Tensor:
    """Exponentially weighted means of the observed values, [batch, 4]."""
    context = compressed.shape[1]
    age = torch.arange(context - 1, -1, -1, dtype=compressed.dtype, device=compressed.device)
    half_lives = torch.tensor(HALF_LIVES, dtype=compressed.dtype, device=compressed.device)
    weights = torch.exp(-math.log(2) * age.unsqueeze(1) / half_lives)
    return (compressed @ weights) / (mask @ weights).clamp(min=1e-30)


def _trend_moves(
    compressed: Tensor, mask: Tensor, season: Tensor, change: Tensor, change_mask: Tensor
) -> Tensor:
    """Movement of three trend lines from the end of the history to each step, [batch, 64, TRENDS]."""
    context = compressed.shape[1]
    age = torch.arange(context - 1, -1, -1, dtype=compressed.dtype, device=compressed.device)
    fading = torch.exp(-math.log(2) * age / _TREND_HALF_LIFE)
    slopes = [_slope(compressed, weights, age) for weights in (mask, mask * fading)]
    recent = change_mask * torch.exp(-math.log(2) * age / (2 * season))
    slopes.append(
        (change * recent).sum(1, keepdim=True) / recent.sum(1, keepdim=True).clamp(min=1e-6) / season
    )
    ahead = torch.arange(1, HORIZON_LENGTH + 1, dtype=compressed.dtype, device=compressed.device)
    moves = torch.stack(slopes, dim=2) * ahead[None, :, None]
    return moves.clamp(-_FARTHEST_MOVE, _FARTHEST_MOVE)


def _slope(compressed: Tensor, weights: Tensor, age: Tensor) -> Tensor:
    """Weighted least-squares change per period, [batch, 1]; 0 where fewer than two periods tell."""
    total = weights.sum(1, keepdim=True).clamp(min=1e-6)
    time = (weights * age).sum(1, keepdim=True) / total - age
    spread = (weights * time * time).sum(1, keepdim=True)
    slope = (weights * time * compressed).sum(1, keepdim=True) / spread.clamp(min=1e-6)
    return torch.where(spread > 1e-3, slope, torch.zeros_like(slope))


def _anchors(lags: Tensor, known: Tensor, levels: Tensor, floor: Tensor) -> Tensor:
    steps = levels.unsqueeze(1).expand(-1, HORIZON_LENGTH, -1)
    spare = steps[:, :, 2:3]
    recent = torch.where(known[:, :, :3] > 0, lags[:, :, :3], spare)
    means = [
        torch.where(known[:, :, :k].sum(2, keepdim=True) > 0, _mean(lags, known, k), spare) for k in (4, LAGS)
    ]
    zero = floor.unsqueeze(1).expand(-1, HORIZON_LENGTH, -1)
    return torch.cat([recent, *means, steps, zero], dim=2)


def _mean(lags: Tensor, known: Tensor, count: int) -> Tensor:
    total = lags[:, :, :count].sum(2, keepdim=True)
    return total / known[:, :, :count].sum(2, keepdim=True).clamp(min=1)


def _waves(context: int, season: Tensor) -> Tensor:
    """Sine and cosine of 2πt/season, t = 0 at the last period of the history."""
    time = torch.arange(1 - context, HORIZON_LENGTH + 1, dtype=season.dtype, device=season.device)
    turns = time / season
    angle = 2 * math.pi * (turns - torch.floor(turns))
    return torch.stack([torch.sin(angle), torch.cos(angle)], dim=2)


def _statistics(
    values: Tensor,
    mask: Tensor,
    season: Tensor,
    scaling: Scaling,
    noise_season: Tensor,
    noise_step: Tensor,
    floor: Tensor,
) -> Tensor:
    count = mask.sum(1, keepdim=True)
    unit, distance = distance_to_counts(values, mask)
    zeros = ((values == 0) * mask).sum(1, keepdim=True) / count.clamp(min=1)
    return torch.cat(
        [
            torch.log1p(count) / 3,
            torch.log(count.clamp(min=1) / season) / 3,
            torch.log(season) / 2,
            (season == 1).to(values.dtype),
            floor / KNEE,
            zeros,
            torch.log(noise_season.clamp(min=1e-3)),
            torch.log(noise_step.clamp(min=1e-3)),
            asinh(unit / scaling.scale),
            4 * distance,
        ],
        dim=1,
    )
