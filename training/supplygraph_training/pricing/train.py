"""Train the pricing network: `python -m supplygraph_training.pricing.train --lessons FILE… --out FOLDER`.

Three tasks share one trunk: quantiles of the response to prices, of promotions' lift and of the demand
level. Their losses are weighed by learned uncertainties (A. Kendall, Y. Gal and R. Cipolla, CVPR 2018).
The response is learned from the truth of drawn shops, with weight α, and distilled from the elasticity
engine's posterior, with weight 1 − α: the distance between the quantiles of the network at the current
price and those of the engine (Wasserstein-1, since both are quantile functions).
"""

from __future__ import annotations

import argparse
import json
import time
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from supplygraph_training.pricing.lessons import FAMILIES, Lessons, read_lessons
from supplygraph_training.pricing.network import LEVELS, PricingConfig, PricingNetwork
from supplygraph_training.pricing.score import score_network

POSTERIOR = (16, 17)
"""Places among the features of the engine's posterior: its mean, and the log of its standard error."""

_SCORES = (-1.96, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.96)
_LARGEST_LEVEL = 3.0
_COVERAGE = 0.95


@dataclass(frozen=True)
class TrainingConfig:
    """How to train.

    Attributes
    ----------
    epochs, batch, rate, decay
        Passes over the lessons, items per step, largest learning rate, weight decay.
    alpha
        Weight of the truth beside the engine, 0 to 1.
    seed
        Of initial weights and of the order of items.
    """

    epochs: int = 20
    batch: int = 1024
    rate: float = 2e-3
    decay: float = 1e-2
    alpha: float = 0.95
    seed: int = 0

    def __post_init__(self) -> None:
        """Check the ranges."""
        if self.epochs < 1 or self.batch < 2:
            raise ValueError(
                f"epochs and batch must be at least 1 and 2, got {self.epochs} and {self.batch}."
            )
        if not 0 <= self.alpha <= 1:
            raise ValueError(f"alpha must be 0 to 1, got {self.alpha}.")


class TaskWeights(nn.Module):
    """Learned log variances of the three tasks: loss = Σ exp(−s) L + s."""

    def __init__(self) -> None:
        super().__init__()
        self.log_variances = nn.Parameter(torch.zeros(3))

    def forward(self, losses: Tensor) -> Tensor:
        """Weigh and add the losses `[3]`."""
        return (torch.exp(-self.log_variances) * losses + 0.5 * self.log_variances).sum()

    def weights(self) -> list[float]:
        """Weights of response, lift and level."""
        return [float(weight) for weight in torch.exp(-self.log_variances.detach())]


def main() -> None:
    """Train by the options and write the run."""
    options = _parse_options()
    config = TrainingConfig(epochs=options.epochs, alpha=options.alpha, seed=options.seed)
    torch.set_num_threads(options.threads)
    train(read_lessons(*options.lessons), read_lessons(options.validation), config, options.out)


def train(lessons: Lessons, validation: Lessons, config: TrainingConfig, out: Path) -> PricingNetwork:
    """Train on lessons, print scores on the validation ones, and write `network.pt` and `run.json`."""
    torch.manual_seed(config.seed)
    network, tasks = PricingNetwork(PricingConfig()), TaskWeights()
    standardise(network, lessons)
    rows, steps = len(lessons.level), config.epochs * (len(lessons.level) // config.batch)
    parameters = [*network.parameters(), *tasks.parameters()]
    optimiser = torch.optim.AdamW(parameters, lr=config.rate, weight_decay=config.decay)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, config.rate, total_steps=steps, pct_start=0.05)
    started = time.monotonic()
    for epoch in range(config.epochs):
        order = torch.randperm(rows)
        for first in range(0, rows - config.batch + 1, config.batch):
            losses = measure_losses(network, pick(lessons, order[first : first + config.batch]), config.alpha)
            optimiser.zero_grad()
            tasks(losses).backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimiser.step()
            schedule.step()
        if epoch % 5 == 4 or epoch == config.epochs - 1:
            scores = score_network(network, validation)
            print(f"epoch {epoch + 1} {time.monotonic() - started:.0f} s {json.dumps(scores)}", flush=True)
    kept, scored = halve(validation)
    calibrate(network, kept)
    out.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), out / "network.pt")
    run = {
        "training": asdict(config),
        "network": asdict(PricingConfig()),
        "items": rows,
        "lessonsSha256": sha256(lessons.features.tobytes()).hexdigest(),
        "taskWeights": tasks.weights(),
        "minutes": round((time.monotonic() - started) / 60, 1),
        "widening": float(network.widening),
        "validation": score_network(network, scored),
    }
    (out / "run.json").write_text(json.dumps(run, indent=1) + "\n")
    return network


def standardise(network: PricingNetwork, lessons: Lessons) -> None:
    """Set the network's centre and scale of features to those of the lessons."""
    network.centre.copy_(torch.from_numpy(lessons.features.mean(0)))
    network.scale.copy_(torch.from_numpy(lessons.features.std(0) + 1e-3))


def halve(lessons: Lessons) -> tuple[Lessons, Lessons]:
    """The first and the second half of the items, between which shops differ."""
    places = torch.arange(len(lessons.level))
    middle = len(places) // 2
    return pick(lessons, places[:middle]), pick(lessons, places[middle:])


@torch.no_grad()
def calibrate(network: PricingNetwork, lessons: Lessons) -> None:
    """Widen the quantiles of elasticities until 95 % of the truths lie within the outermost.

    The factor is the 95 % quantile of |truth − median| ÷ half-width towards it, of families whose demand is
    smooth: conformal calibration (Y. Romano, E. Patterson and E. Candès, NeurIPS 2019).
    """
    network.eval()
    elasticities = network(torch.from_numpy(lessons.features), torch.zeros(len(lessons.level), 1))[0][:, 0]
    network.train()
    truth = torch.from_numpy(lessons.elasticities[:, 0])
    above = (truth - elasticities[:, 3]) / (elasticities[:, 6] - elasticities[:, 3])
    below = (elasticities[:, 3] - truth) / (elasticities[:, 3] - elasticities[:, 0])
    smooth = torch.from_numpy(lessons.family != FAMILIES.index("steps"))
    factor = torch.quantile(torch.maximum(above, below)[smooth], _COVERAGE)
    network.widening.copy_(network.widening * factor)


def measure_losses(network: PricingNetwork, lessons: Lessons, alpha: float) -> Tensor:
    """Losses `[3]` of response, lift and level on one batch."""
    to_tensor = torch.from_numpy
    features, truths = to_tensor(lessons.features), to_tensor(lessons.elasticities)
    elasticities, lift, level = network(features, to_tensor(lessons.ratios))
    mean, log_error = POSTERIOR
    engine = features[:, mean : mean + 1] + features[:, log_error : log_error + 1].exp() * torch.tensor(
        _SCORES
    )
    # The elasticity at the current price counts as much as all others together: it is what is shown.
    truth = pinball(elasticities, truths).mean() + pinball(elasticities[:, 0], truths[:, 0]).mean()
    distance = (elasticities[:, 0] - engine).abs().mean()
    lifts = to_tensor(lessons.lift)
    known = lifts.isfinite()
    return torch.stack(
        (
            alpha * truth + (1 - alpha) * distance,
            pinball(lift[known], lifts[known]).mean(),
            pinball(level, to_tensor(lessons.level).clamp(-_LARGEST_LEVEL, _LARGEST_LEVEL)).mean(),
        )
    )


def pinball(quantiles: Tensor, truth: Tensor) -> Tensor:
    """Mean quantile loss at `LEVELS`; `[…, 7]` beside `[…]`.

    Source: R. Koenker and G. Bassett, Econometrica 46 (1978), eq. 2.
    """
    levels = torch.tensor(LEVELS)
    gap = truth.unsqueeze(-1) - quantiles
    return torch.maximum(levels * gap, (levels - 1) * gap).mean(-1)


def pick(lessons: Lessons, places: Tensor) -> Lessons:
    """The items at `places`."""
    at = places.numpy()
    return Lessons(**{name: np.ascontiguousarray(values[at]) for name, values in vars(lessons).items()})


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, nargs="+", required=True, help="files to learn from")
    parser.add_argument("--validation", type=Path, required=True, help="file to score on")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--epochs", type=int, default=TrainingConfig.epochs)
    parser.add_argument(
        "--alpha", type=float, default=TrainingConfig.alpha, help="weight of the truth beside the engine"
    )
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


if __name__ == "__main__":
    main()
