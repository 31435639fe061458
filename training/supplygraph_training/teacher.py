"""The teacher: an ensemble of trained networks that look at a history in several ways."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from supplygraph_training.config import CONTEXT_LENGTH, HORIZON_LENGTH, DistillationConfig, NetworkConfig
from supplygraph_training.forecaster import make_inputs
from supplygraph_training.generator.series import Floats, Integers
from supplygraph_training.lineage import load_network
from supplygraph_training.network import DemandNetwork
from supplygraph_training.scaling import Scaling

_PATCH = NetworkConfig.patch
_FEWEST_RECENT = 8.0
_SEASONS_RECENT = 3.0
_ROUNDING = 1e-4
"""Quantiles that were lifted to zero come back as this many scales or less."""


@dataclass(frozen=True)
class Rows:
    """The network's inputs: [n, context], [n, context], [n], [n, context + 64, 4]."""

    values: Tensor
    mask: Tensor
    period: Tensor
    covariates: Tensor

    def pick(self, index: Tensor) -> Rows:
        """The rows of these indices."""
        return Rows(self.values[index], self.mask[index], self.period[index], self.covariates[index])


@dataclass(frozen=True)
class Lesson:
    """What a teacher answers for m rows, in the compressed scales of their whole histories.

    Attributes
    ----------
    scaling : Scaling
        Way back to units per period.
    quantiles : Tensor
        [m, 64, 9], non-decreasing along the last axis; not below zero where no value is.
    zero_probability : Tensor
        [m, 64], 0 to 1.
    undisturbed : Tensor
        [m, context].
    """

    scaling: Scaling
    quantiles: Tensor
    zero_probability: Tensor
    undisturbed: Tensor


@dataclass(frozen=True)
class Taught:
    """A teacher's lesson about the rows [m] of a batch."""

    rows: Integers
    lesson: Lesson


class Teacher(nn.Module):
    """Ensemble of networks, each of which looks at a history in up to three ways.

    - plain: as it is;
    - recent: its newer half, but at least three seasons and eight periods, for what was long ago may
      no longer hold;
    - mirrored: x → −x where every value is positive, so that a rise is forecast as a fall is.

    Quantiles and chances of zero are averaged over views and members (Lichtendahl, Grushka-Cockayne &
    Winkler 2013, "Is It Better to Average Probabilities or Quantiles?"), views weighted as
    `DistillationConfig` says. A view that a row does not have leaves its weight to the plain one.
    """

    def __init__(self, members: Sequence[DemandNetwork], config: DistillationConfig) -> None:
        super().__init__()
        self.members = nn.ModuleList(members)
        self._config = config
        self.requires_grad_(False)

    @torch.no_grad()
    def forward(self, rows: Rows) -> Lesson:
        """Answer for a batch; rows and answer lie in the processor's memory, whatever device computes."""
        device = next(self.parameters()).device
        there = Rows(*(one.to(device) for one in (rows.values, rows.mask, rows.period, rows.covariates)))
        answers = [self._ask(member, there) for member in self.members]
        quantiles, zero, undisturbed = (
            torch.stack([getattr(answer, part) for answer in answers]).mean(0).cpu()
            for part in ("quantiles", "zero_probability", "undisturbed")
        )
        scaling = answers[0].scaling  # of the histories alone, so the same for every member
        return Lesson(Scaling(scaling.location.cpu(), scaling.scale.cpu()), quantiles, zero, undisturbed)

    def _ask(self, member: nn.Module, rows: Rows) -> Lesson:
        plain = _answer(member, rows)
        quantiles, zero = plain.quantiles.clone(), plain.zero_probability.clone()
        for weight, view in ((self._config.recent, _see_recent), (self._config.mirrored, _see_mirrored)):
            if weight == 0:
                continue
            index, seen = view(member, rows)
            own = Scaling(plain.scaling.location[index], plain.scaling.scale[index])
            in_units = seen.scaling.expand(seen.quantiles.flatten(1))
            rescaled = own.compress(in_units).reshape(seen.quantiles.shape)
            quantiles[index] += weight * (rescaled - plain.quantiles[index])
            zero[index] += weight * (seen.zero_probability - plain.zero_probability[index])
        return Lesson(plain.scaling, quantiles, zero, plain.undisturbed)


class TeacherForecaster:
    """Runs a teacher over histories as `forecaster.OnnxForecaster` runs the served graph."""

    def __init__(self, teacher: Teacher) -> None:
        self._teacher = teacher

    def forecast(self, histories: list[Floats], seasonality: int, batch: int = 64) -> Floats:
        """Quantiles [series, 64, 9] of histories with NaN = missing, without covariates."""
        longest = max(min(one.size, CONTEXT_LENGTH) for one in histories)
        context = _PATCH * max(-(-longest // _PATCH), 1)
        parts = []
        for start in range(0, len(histories), batch):
            inputs = make_inputs(histories[start : start + batch], seasonality)
            rows = Rows(
                values=torch.from_numpy(inputs["values"][:, -context:]),
                mask=torch.from_numpy(inputs["mask"][:, -context:]),
                period=torch.from_numpy(inputs["period"]),
                covariates=torch.from_numpy(inputs["covariates"][:, -context - HORIZON_LENGTH :]),
            )
            lesson = self._teacher(rows)
            in_units = lesson.scaling.expand(lesson.quantiles.flatten(1)).reshape(lesson.quantiles.shape)
            rounding = _ROUNDING * lesson.scaling.scale.unsqueeze(2)
            in_units = torch.where(in_units.abs() > rounding, in_units, torch.zeros_like(in_units))
            parts.append(in_units.numpy().astype(np.float64))
        return np.concatenate(parts)


def load_teacher(weights: Sequence[Path], config: DistillationConfig, device: str = "cpu") -> Teacher:
    """Load the members of a teacher from `.onnx` or `.pt` files."""
    return Teacher([load_network(path) for path in weights], config).to(device)


def _answer(member: nn.Module, rows: Rows) -> Lesson:
    assert isinstance(member, DemandNetwork)
    forecast = member.predict(rows.values, rows.mask, rows.period, rows.covariates)
    non_negative = (rows.values >= 0).all(1)[:, None, None]
    lifted = torch.maximum(forecast.quantiles, forecast.features.floor.unsqueeze(2))
    return Lesson(
        scaling=forecast.features.scaling,
        quantiles=torch.where(non_negative, lifted, forecast.quantiles),
        zero_probability=torch.sigmoid(forecast.zero_logit),
        undisturbed=forecast.undisturbed,
    )


def _see_recent(member: nn.Module, rows: Rows) -> tuple[Tensor, Lesson]:
    """Rows that have a newer half, and the answer for it."""
    context = rows.mask.shape[1]
    age = torch.arange(context, 0, -1, device=rows.mask.device)
    span = (rows.mask * age).amax(1)
    kept = torch.ceil(span / 2).clamp(min=_FEWEST_RECENT).maximum(_SEASONS_RECENT * rows.period)
    is_recent = (age <= kept.unsqueeze(1)).to(rows.mask.dtype)
    has_recent = (kept < span) & ((rows.mask * is_recent).sum(1) >= _FEWEST_RECENT / 2)
    index = torch.nonzero(has_recent).squeeze(1)
    some, is_recent = rows.pick(index), is_recent[index]
    known = F.pad(is_recent, (0, HORIZON_LENGTH), value=1.0).unsqueeze(2)
    longest = int(kept[index].max()) if index.numel() else 0
    used = min(_PATCH * max(-(-longest // _PATCH), 1), context)
    newer = Rows(
        values=(some.values * is_recent)[:, -used:],
        mask=(some.mask * is_recent)[:, -used:],
        period=some.period,
        covariates=(some.covariates * known)[:, -used - HORIZON_LENGTH :],
    )
    return index, _answer(member, newer)


def _see_mirrored(member: nn.Module, rows: Rows) -> tuple[Tensor, Lesson]:
    """Rows of nothing but positive values, and the answer for −x turned back."""
    is_positive = ((rows.values > 0) | (rows.mask == 0)).all(1) & (rows.mask.sum(1) > 0)
    index = torch.nonzero(is_positive).squeeze(1)
    some = rows.pick(index)
    seen = _answer(member, Rows(-some.values, some.mask, some.period, some.covariates))
    scaling = Scaling(-seen.scaling.location, seen.scaling.scale)
    quantiles = -torch.flip(seen.quantiles, dims=[2])
    return index, Lesson(scaling, quantiles, seen.zero_probability, -seen.undisturbed)
