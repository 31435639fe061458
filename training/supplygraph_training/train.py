"""Train the demand network: `python -m supplygraph_training.train --minutes 55`.

The learning rate is tied to the clock, so that any budget ends annealed. Every two minutes the run
is saved: `--continue` goes on after a kill, and what is saved can be exported at any time. With
`--resume` a run starts from a served ONNX file or from earlier weights, deeper ones if `--layers`
says so; with `--teacher` it learns from other networks' answers too.
"""

from __future__ import annotations

import argparse
import time
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from supplygraph_training.config import (
    CorpusConfig,
    DistillationConfig,
    LossWeights,
    NetworkConfig,
    TrainingConfig,
)
from supplygraph_training.feed import BatchFeed, CorpusRecord, Portion, Teaching
from supplygraph_training.generator.corpus import draw_batch
from supplygraph_training.lineage import describe_teachers, read_earlier_runs
from supplygraph_training.network import DemandNetwork
from supplygraph_training.run import (
    Configs,
    Progress,
    RunState,
    restore_run,
    save_run,
)
from supplygraph_training.step import Objective, evaluate_portion, learning_rate, make_optimizers, train_step
from supplygraph_training.threads import choose_threads
from supplygraph_training.weights import WeightAverage, grow_layers, insert_anchors, load_weights

_SAVE_SECONDS = 120.0
_STEPS_PER_THREAD_CHOICE = 50
_VALIDATION_BATCHES = 12
_VALIDATION_SEED_OFFSET = 1


@dataclass(frozen=True)
class TrainingPlan:
    """One run: what is trained, from what, on what, for how long, and where it is saved.

    Attributes
    ----------
    out : Path
        Folder of the run (see `run`).
    resume : Path, optional
        Weights to start from, `.onnx` or `.pt`, of at most as many layers as `network`.
    carry_on : bool
        Go on from the run saved in `out`.
    teachers : tuple of Path
        Weights of the teacher's members; none: there is no teacher.
    device : str
        `cpu`, `cuda`, or `auto`: CUDA where PyTorch has it.
    """

    out: Path
    network: NetworkConfig = field(default_factory=NetworkConfig)
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    training: TrainingConfig = field(default_factory=TrainingConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    distillation: DistillationConfig = field(default_factory=DistillationConfig)
    resume: Path | None = None
    carry_on: bool = False
    teachers: tuple[Path, ...] = ()
    device: str = "cpu"


def main() -> None:
    """Train, print the validation loss every two minutes, and save the run in `--out`."""
    train(_parse_options())


def train(plan: TrainingPlan) -> None:
    """Carry a plan out: train until its minutes are spent and save the run."""
    if plan.training.keep > 0 and plan.resume is None:
        raise ValueError("keep must be 0 where a run starts from random weights; name others with --resume.")
    state = _make_state(plan)
    objective = Objective(plan.weights, plan.distillation)
    validation = [
        Portion(draw_batch(plan.corpus, plan.training.seed + _VALIDATION_SEED_OFFSET, i))
        for i in range(_VALIDATION_BATCHES)
    ]
    device = str(choose_device(plan.device))
    teaching = Teaching(plan.teachers, plan.distillation, device) if plan.teachers else None
    feed = BatchFeed(plan.corpus, plan.training.seed, state.progress.step, teaching)
    portions = iter(feed)
    first = next(portions)  # the clock starts when the data process does
    started, last_saved = time.monotonic() - state.progress.seconds, time.monotonic()
    for portion in chain([first], portions):
        state.progress.seconds = time.monotonic() - started
        share = state.progress.seconds / (60 * plan.training.minutes)
        if share >= 1:
            break
        if state.progress.step % _STEPS_PER_THREAD_CHOICE == 0:
            choose_threads(
                plan.training.threads, lambda: evaluate_portion(state.network, validation[0], objective)
            )
        _advance(state, portion, plan, share)
        if time.monotonic() - last_saved > _SAVE_SECONDS:
            _report_and_save(state, validation, plan, finished=False)
            last_saved = time.monotonic()
    feed.close()
    if plan.resume:
        state.average.keep(_first_weights(plan.resume, plan.network), plan.training.keep)
    _report_and_save(state, validation, plan, finished=True)


def choose_device(name: str) -> torch.device:
    """The device of a name of `TrainingPlan.device`."""
    if name == "auto":
        name = "cuda" if torch.cuda.is_available() else "cpu"
    return torch.device(name)


@torch.no_grad()
def validate(
    network: DemandNetwork, average: dict[str, Tensor], portions: list[Portion], objective: Objective
) -> dict[str, float]:
    """Mean losses of the averaged weights on held-back synthetic batches, against the truth alone."""
    twin = DemandNetwork(network.config).to(network.position.device)
    twin.load_state_dict(average)
    losses = [evaluate_portion(twin, portion, objective)[0] for portion in portions]
    return {
        task: round(float(np.mean([float(getattr(one, task)) for one in losses])), 5)
        for task in ("quantiles", "zero", "undisturbed")
    }


def _make_state(plan: TrainingPlan) -> RunState:
    torch.manual_seed(plan.training.seed)
    network = DemandNetwork(plan.network)
    if plan.resume:
        network.load_state_dict(_first_weights(plan.resume, plan.network))
    network.to(choose_device(plan.device))
    state = RunState(
        network=network,
        optimizers=make_optimizers(network, plan.training),
        average=WeightAverage(network, plan.training.average_decay),
        progress=Progress(),
        record=CorpusRecord("", np.empty(0, np.uint64)),
        earlier_runs=read_earlier_runs(plan.resume) if plan.resume else [],
    )
    if plan.carry_on:
        restore_run(state, plan.out)
    return state


def _first_weights(resume: Path, shape: NetworkConfig) -> dict[str, Tensor]:
    """The weights a run starts from, fitted to its network."""
    before = insert_anchors(load_weights(resume), DemandNetwork(shape))
    return grow_layers(before, shape.layers)


def _advance(state: RunState, portion: Portion, plan: TrainingPlan, share: float) -> None:
    """Take one step at the learning rate of the share of the budget spent, and record it."""
    for group in (group for optimizer in state.optimizers for group in optimizer.param_groups):
        group["lr"] = learning_rate(plan.training, state.progress.step, share)
    objective = Objective(plan.weights, plan.distillation)
    train_step(state.network, state.optimizers, portion, objective, plan.training.gradient_norm)
    state.average.update(state.network)
    state.record.add(portion.batch)
    state.progress.step += 1
    state.progress.rows += plan.corpus.batch


def _report_and_save(
    state: RunState, validation: list[Portion], plan: TrainingPlan, *, finished: bool
) -> None:
    objective = Objective(plan.weights, plan.distillation)
    report = validate(state.network, state.average.weights, validation, objective)
    configs: Configs = {"corpus": plan.corpus, "training": plan.training, "lossWeights": plan.weights}
    teaching = describe_teachers(plan.teachers, plan.distillation)
    notes = {"validation": report, "distillation": teaching, "finished": finished}
    save_run(state, plan.out, configs, notes)
    tasks = " ".join(f"{task} {value:.4f}" for task, value in report.items())
    progress = state.progress
    print(
        f"{progress.seconds / 60:6.1f} min  step {progress.step:6d}  rows {progress.rows:8d}  "
        f"validation {tasks}  threads {torch.get_num_threads()}",
        flush=True,
    )


def _parse_options() -> TrainingPlan:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=TrainingConfig.minutes)
    parser.add_argument("--learning-rate", type=float, default=TrainingConfig.learning_rate)
    parser.add_argument(
        "--keep",
        type=float,
        default=TrainingConfig.keep,
        help="share of the first weights in the exported ones",
    )
    parser.add_argument("--layers", type=int, default=NetworkConfig.layers)
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--threads", type=int, default=TrainingConfig.threads, help="at most")
    parser.add_argument("--device", choices=("auto", "cpu", "cuda"), default="cpu")
    parser.add_argument("--out", type=Path, default=Path("training/.cache/demand"))
    parser.add_argument("--resume", type=Path, help="weights to start from: .onnx or .pt")
    parser.add_argument("--teacher", type=Path, nargs="+", default=[], help="weights of a teacher's members")
    parser.add_argument("--alpha", type=float, default=DistillationConfig.alpha, help="weight of the truth")
    parser.add_argument("--temperature", type=float, default=DistillationConfig.temperature)
    parser.add_argument(
        "--continue", dest="carry_on", action="store_true", help="go on from the run saved in --out"
    )
    options = parser.parse_args()
    return TrainingPlan(
        out=options.out,
        network=NetworkConfig(layers=options.layers),
        training=TrainingConfig(
            minutes=options.minutes,
            learning_rate=options.learning_rate,
            keep=options.keep,
            seed=options.seed,
            threads=options.threads,
        ),
        distillation=DistillationConfig(alpha=options.alpha, temperature=options.temperature),
        resume=options.resume,
        carry_on=options.carry_on,
        teachers=tuple(options.teacher),
        device=options.device,
    )


if __name__ == "__main__":
    main()
