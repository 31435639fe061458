"""One step of training: optimizers, learning rate, losses of a batch against truth and teacher."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from supplygraph_training.config import DistillationConfig, LossWeights, TrainingConfig
from supplygraph_training.distillation import measure_distance
from supplygraph_training.feed import Portion
from supplygraph_training.losses import Losses, Truth, measure_losses, soften_below_floor, weigh
from supplygraph_training.muon import Muon
from supplygraph_training.network import DemandNetwork


@dataclass(frozen=True)
class Objective:
    """What a step lowers: `L = α · L_truth + (1 − α) · L_teacher` where a portion has a lesson.

    Both parts are Σ λ_i L_i over the three tasks; without a lesson `L = L_truth`.
    """

    weights: LossWeights
    distillation: DistillationConfig


def make_optimizers(network: DemandNetwork, config: TrainingConfig) -> list[torch.optim.Optimizer]:
    """Muon for the matrices of the encoder's layers, AdamW for all else."""
    hidden = [p for p in network.layers.parameters() if p.ndim == 2]
    chosen = {id(p) for p in hidden}
    others = [p for p in network.parameters() if id(p) not in chosen]
    groups = [
        {"params": [p for p in others if p.ndim == 2], "weight_decay": config.weight_decay},
        {"params": [p for p in others if p.ndim != 2], "weight_decay": 0.0},
    ]
    return [
        Muon(hidden, lr=config.learning_rate, weight_decay=config.weight_decay),
        torch.optim.AdamW(groups, lr=config.learning_rate, betas=(0.9, 0.98)),
    ]


def learning_rate(config: TrainingConfig, step: int, share: float) -> float:
    """Linear warm-up by steps, then half a cosine over the share of the budget that is spent."""
    warm = min(1.0, (step + 1) / max(config.warmup_steps, 1))
    return config.learning_rate * warm * 0.5 * (1 + math.cos(math.pi * min(share, 1.0)))


def train_step(
    network: DemandNetwork,
    optimizers: list[torch.optim.Optimizer],
    portion: Portion,
    objective: Objective,
    gradient_norm: float,
) -> Losses:
    """Take one step; return the losses against the truth.

    A step whose gradient is not finite is left out.
    """
    losses, total = evaluate_portion(network, portion, objective)
    network.zero_grad(set_to_none=True)
    torch.autograd.backward(total)
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), gradient_norm)
    if torch.isfinite(norm):
        for optimizer in optimizers:
            optimizer.step()
    return losses


def evaluate_portion(network: DemandNetwork, portion: Portion, objective: Objective) -> tuple[Losses, Tensor]:
    """Forecast a batch: its losses against the truth, and the objective, a scalar."""
    device, batch = network.position.device, portion.batch
    values, mask, period, covariates = (
        torch.from_numpy(one).to(device) for one in (batch.values, batch.mask, batch.period, batch.covariates)
    )
    truth = Truth(
        *(
            torch.from_numpy(one).to(device)
            for one in (batch.target, batch.target_mask, batch.demand, batch.hidden)
        )
    )
    forecast = network.predict(values, mask, period, covariates)
    losses = measure_losses(forecast, values, truth, objective.weights)
    if portion.taught is None:
        return losses, losses.total
    softened = replace(forecast, quantiles=soften_below_floor(forecast, values))
    distance = measure_distance(softened, truth, portion.taught, objective.distillation.temperature)
    alpha = objective.distillation.alpha
    return losses, alpha * losses.total + (1 - alpha) * weigh(distance, objective.weights)
