"""Train the demand network: `python -m supplygraph_training.train --minutes 55`.

The learning rate is tied to the clock, so that any budget ends annealed. Every two minutes the run
is saved: `--continue` goes on after a kill, and what is saved can be exported at any time. With
`--resume` a run starts from a served ONNX file or from earlier weights.
"""

from __future__ import annotations

import argparse
import math
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from supplygraph_training.config import CorpusConfig, LossWeights, NetworkConfig, TrainingConfig
from supplygraph_training.feed import BatchFeed, CorpusRecord
from supplygraph_training.generator.corpus import Batch, draw_batch
from supplygraph_training.losses import Losses, Truth, measure_losses
from supplygraph_training.muon import Muon
from supplygraph_training.network import DemandNetwork
from supplygraph_training.run import (
    Configs,
    Progress,
    RunState,
    load_weights,
    read_earlier_runs,
    restore_run,
    save_run,
)
from supplygraph_training.threads import choose_threads
from supplygraph_training.weights import WeightAverage, insert_anchors

_SAVE_SECONDS = 120.0
_STEPS_PER_THREAD_CHOICE = 50
_VALIDATION_BATCHES = 12
_VALIDATION_SEED_OFFSET = 1


def main() -> None:
    """Train, print the validation loss every two minutes, and save the run in `--out`."""
    options = _parse_options()
    config = TrainingConfig(minutes=options.minutes, learning_rate=options.learning_rate, seed=options.seed)
    corpus, weights = CorpusConfig(), LossWeights()
    torch.manual_seed(config.seed)
    network = DemandNetwork(NetworkConfig())
    if options.resume:
        network.load_state_dict(insert_anchors(load_weights(options.resume), network))
    state = RunState(
        network=network,
        optimizers=make_optimizers(network, config),
        average=WeightAverage(network, config.average_decay),
        progress=Progress(),
        record=CorpusRecord("", np.empty(0, np.uint64)),
        earlier_runs=read_earlier_runs(options.resume) if options.resume else [],
    )
    if options.carry_on:
        restore_run(state, options.out)
    configs: Configs = {"corpus": corpus, "training": config, "lossWeights": weights}
    validation = [
        draw_batch(corpus, config.seed + _VALIDATION_SEED_OFFSET, i) for i in range(_VALIDATION_BATCHES)
    ]

    feed = BatchFeed(corpus, config.seed, state.progress.step)
    started, last_saved = time.monotonic() - state.progress.seconds, time.monotonic()
    for batch in feed:
        state.progress.seconds = time.monotonic() - started
        share = state.progress.seconds / (60 * config.minutes)
        if share >= 1:
            break
        if state.progress.step % _STEPS_PER_THREAD_CHOICE == 0:
            choose_threads(config.threads, lambda: evaluate_batch(network, validation[0], weights))
        for group in (group for optimizer in state.optimizers for group in optimizer.param_groups):
            group["lr"] = learning_rate(config, state.progress.step, share)
        train_step(network, state.optimizers, batch, weights, config.gradient_norm)
        state.average.update(network)
        state.record.add(batch)
        state.progress.step += 1
        state.progress.rows += corpus.batch
        if time.monotonic() - last_saved > _SAVE_SECONDS:
            _report_and_save(state, validation, weights, configs, options.out)
            last_saved = time.monotonic()
    feed.close()
    _report_and_save(state, validation, weights, configs, options.out)


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
    batch: Batch,
    weights: LossWeights,
    gradient_norm: float,
) -> Losses:
    """Take one step; return its losses. A step whose gradient is not finite is left out."""
    losses = evaluate_batch(network, batch, weights)
    network.zero_grad(set_to_none=True)
    torch.autograd.backward(losses.total)
    norm = torch.nn.utils.clip_grad_norm_(network.parameters(), gradient_norm)
    if torch.isfinite(norm):
        for optimizer in optimizers:
            optimizer.step()
    return losses


def evaluate_batch(network: DemandNetwork, batch: Batch, weights: LossWeights) -> Losses:
    """Forecast a batch and measure its losses."""
    values = torch.from_numpy(batch.values)
    forecast = network.predict(
        values,
        torch.from_numpy(batch.mask),
        torch.from_numpy(batch.period),
        torch.from_numpy(batch.covariates),
    )
    truth = Truth(
        target=torch.from_numpy(batch.target),
        target_mask=torch.from_numpy(batch.target_mask),
        demand=torch.from_numpy(batch.demand),
        hidden=torch.from_numpy(batch.hidden),
    )
    return measure_losses(forecast, values, truth, weights)


@torch.no_grad()
def validate(
    network: DemandNetwork, average: dict[str, Tensor], batches: list[Batch], weights: LossWeights
) -> dict[str, float]:
    """Mean losses of the averaged weights on held-back synthetic batches."""
    twin = DemandNetwork(network.config)
    twin.load_state_dict(average)
    losses = [evaluate_batch(twin, batch, weights) for batch in batches]
    return {
        task: round(float(np.mean([float(getattr(one, task)) for one in losses])), 5)
        for task in ("quantiles", "zero", "undisturbed")
    }


def _report_and_save(
    state: RunState,
    validation: list[Batch],
    weights: LossWeights,
    configs: Configs,
    out: Path,
) -> None:
    report = validate(state.network, state.average.weights, validation, weights)
    save_run(state, out, configs, report)
    tasks = " ".join(f"{task} {value:.4f}" for task, value in report.items())
    progress = state.progress
    print(
        f"{progress.seconds / 60:6.1f} min  step {progress.step:6d}  rows {progress.rows:8d}  "
        f"validation {tasks}  threads {torch.get_num_threads()}",
        flush=True,
    )


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=TrainingConfig.minutes)
    parser.add_argument("--learning-rate", type=float, default=TrainingConfig.learning_rate)
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--out", type=Path, default=Path("training/.cache/demand"))
    parser.add_argument("--resume", type=Path, help="weights to start from: .onnx or .pt")
    parser.add_argument(
        "--continue", dest="carry_on", action="store_true", help="go on from the run saved in --out"
    )
    return parser.parse_args()


if __name__ == "__main__":
    main()
