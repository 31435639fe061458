"""Per-row scaling and the plain statistics of a history, all of them inside the served graph.

The network sees `z = 3·asinh((x − location) / (3·scale))`: linear within about three scales of the
row's mean, logarithmic beyond. Location and scale are the mean and the mean absolute deviation of
the observed values, so that multiplying a history by a constant multiplies its forecast.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

KNEE = 3.0
"""Scales from the location at which compression sets in."""

_SMALLEST_SHARE = 1e-3
_TINY = 1e-30
_LIMIT = 24.0


@dataclass(frozen=True)
class Scaling:
    """Location and scale of each row, [batch, 1], in units per period."""

    location: Tensor
    scale: Tensor

    def compress(self, values: Tensor) -> Tensor:
        """Turn units per period [batch, n] into compressed scales."""
        return KNEE * asinh((values - self.location) / (KNEE * self.scale))

    def expand(self, compressed: Tensor) -> Tensor:
        """Undo `compress`."""
        inside = torch.clamp(compressed, -_LIMIT, _LIMIT) / KNEE
        return self.location + KNEE * self.scale * _sinh(inside)


def measure_scaling(values: Tensor, mask: Tensor) -> Scaling:
    """Measure location and scale of the observed values; 0 and 1 where nothing tells them.

    The scale is at least the mean |x| over the number of observations: that two periods were equal
    does not say that the third will be.

    Parameters
    ----------
    values, mask : Tensor
        [batch, context], with values 0 where the mask is 0.
    """
    count = mask.sum(1, keepdim=True).clamp(min=1)
    location = values.sum(1, keepdim=True) / count
    level = values.abs().sum(1, keepdim=True) / count
    deviation = ((values - location).abs() * mask).sum(1, keepdim=True) / count
    scale = torch.maximum(deviation, level * torch.clamp(1 / count, min=_SMALLEST_SHARE))
    return Scaling(location, torch.where(scale > _TINY, scale, torch.ones_like(scale)))


def difference_size(compressed: Tensor, mask: Tensor, earlier: Tensor, earlier_mask: Tensor) -> Tensor:
    """Mean |z_t − z_{t−lag}| over pairs that are both observed, [batch, 1]; 1 where there is none."""
    both = mask * earlier_mask
    pairs = both.sum(1, keepdim=True)
    size = ((compressed - earlier).abs() * both).sum(1, keepdim=True) / pairs.clamp(min=1)
    return torch.where(pairs > 0, size, torch.ones_like(size))


def distance_to_counts(values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Tell counts from measurements: the smallest unit, and how far values are from multiples of it.

    Returns
    -------
    unit : Tensor
        [batch, 1], smallest non-zero |value| observed; 0 where there is none.
    distance : Tensor
        [batch, 1], mean distance to the nearest whole multiple of the unit, in units: 0 for counts,
        about 0.25 for measurements.
    """
    size = values.abs()
    unit = torch.where(size * mask > 0, size, torch.full_like(size, torch.inf)).amin(1, keepdim=True)
    unit = torch.where(torch.isinf(unit), torch.zeros_like(unit), unit)
    multiple = size / torch.where(unit > 0, unit, torch.ones_like(unit))
    distance = (multiple - torch.round(multiple)).abs() * mask
    return unit, distance.sum(1, keepdim=True) / mask.sum(1, keepdim=True).clamp(min=1)


def asinh(x: Tensor) -> Tensor:
    """Inverse hyperbolic sine, by operators that every ONNX exporter and runtime has."""
    size = x.abs()
    return torch.sign(x) * torch.log(size + torch.sqrt(size * size + 1))


def _sinh(x: Tensor) -> Tensor:
    return 0.5 * (torch.exp(x) - torch.exp(-x))
