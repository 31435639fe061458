"""What a student learns from its teacher: `L = α · L_truth + (1 − α) · L_teacher`.

Knowledge distillation (Hinton, Vinyals & Dean 2015, "Distilling the Knowledge in a Neural Network")
carried over to quantiles: what is soft about a teacher's answer is its whole distribution, so the
student's nine quantiles are drawn to the teacher's. A realised future tells one number per step; a
teacher says where nine quantiles lie, with far less noise. The chance of zero is distilled as a
classifier is, by `T² · KL(teacher ‖ student)` between its two classes at temperature `T`.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor

from supplygraph_training.losses import Truth, mean_where
from supplygraph_training.network import Forecast
from supplygraph_training.teacher import Taught

_BEND = 0.1
"""Compressed scales at which the quantiles' loss turns from squares to absolute values."""


def measure_distance(
    forecast: Forecast, truth: Truth, taught: Taught, temperature: float
) -> tuple[Tensor, Tensor, Tensor]:
    """Measure how far a student is from its teacher, in the rows that were taught.

    Steps and rows count as in `losses.measure_losses`; of the truth only the masks are read.

    Parameters
    ----------
    forecast : Forecast
        The student's, its quantiles softened below zero (`losses.soften_below_floor`).
    temperature : float
        T ≥ 1 of the chance of zero.

    Returns
    -------
    tuple of Tensor
        Scalars for quantiles, chance of zero and undisturbed demand.
    """
    device = forecast.quantiles.device
    rows = torch.from_numpy(taught.rows).to(device)
    lesson, counted, hidden = taught.lesson, truth.target_mask[rows], truth.hidden[rows]
    gaps = F.smooth_l1_loss(
        forecast.quantiles[rows], lesson.quantiles.to(device), reduction="none", beta=_BEND
    )
    by_row = mean_where(gaps.mean(2), counted) / forecast.features.noise[rows, 0].sqrt()
    zero = bernoulli_divergence(lesson.zero_probability.to(device), forecast.zero_logit[rows], temperature)
    undisturbed = (forecast.undisturbed[rows] - lesson.undisturbed.to(device)) ** 2
    return (
        by_row.mean(),
        mean_where(zero, counted).mean(),
        (undisturbed * hidden).sum() / hidden.sum().clamp(min=1),
    )


def bernoulli_divergence(teacher: Tensor, student_logit: Tensor, temperature: float) -> Tensor:
    """`T² · KL` of two Bernoulli distributions whose log-odds are divided by T first; ≥ 0."""
    log_odds = torch.logit(teacher, eps=1e-6) / temperature
    softened = torch.sigmoid(log_odds)
    cross = F.binary_cross_entropy_with_logits(student_logit / temperature, softened, reduction="none")
    entropy = F.binary_cross_entropy_with_logits(log_odds, softened, reduction="none")
    return temperature**2 * (cross - entropy)
