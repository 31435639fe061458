"""Train a triage network: `python -m supplygraph_training.triage.train --out RUN --minutes 12`.

With `--teacher RUN …` it is taught by other runs (`distil`); `--start RUN` goes on from a run's weights. The
learning rate falls along a cosine tied to the clock; the run is saved every minute, so that after a kill
`--start` with the same folder begins a new run from what was saved.
"""

from __future__ import annotations

import argparse
import math
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.batches import make_batches
from supplygraph_training.triage.corpus import CorpusConfig, Sources, draw_pool
from supplygraph_training.triage.encoder import Encoder, load_minilm
from supplygraph_training.triage.losses import (
    Batch,
    LossWeights,
    mean_logits,
    relation_loss,
    teacher_loss,
    truth_loss,
)
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.run import read_run, save_run
from supplygraph_training.triage.sources import load_sources, load_vocabulary
from supplygraph_training.triage.tokenise import WordPiece

_SAVE_SECONDS = 60.0
_RELATION_EVERY = 4
LAYERS = {6: (0, 1, 2, 3, 4, 5), 4: (0, 2, 4, 5), 3: (0, 2, 5), 2: (0, 5)}
"""Which of MiniLM's layers a network of so many layers starts from."""


@dataclass(frozen=True)
class TrainingPlan:
    """What one run does.

    Attributes
    ----------
    data : str
        "20k" (one Bitext release and reviews) or "all" (both releases, reviews, bank queries).
    alpha, temperature, relation : float
        L = α · L_truth + (1 − α) · L_teacher + relation · L_relation, with teachers.
    longest : int
        Tokens of a training text.
    """

    out: Path
    data: str = "all"
    layers: int = 3
    minutes: float = 12.0
    seed: int = 1
    rows: int = 64
    encoder_rate: float = 1.5e-4
    head_rate: float = 1e-3
    longest: int = 72
    alpha: float = 0.4
    temperature: float = 2.0
    relation: float = 1.0
    teachers: tuple[Path, ...] = ()
    start: Path | None = None
    corpus: CorpusConfig = field(default_factory=CorpusConfig)
    weights: LossWeights = field(default_factory=LossWeights)

    def to_json(self) -> dict[str, Any]:
        """The record that goes into `run.json`, without paths."""
        record = asdict(self)
        record.pop("out")
        record["teachers"] = [path.name for path in self.teachers]
        record["start"] = self.start.name if self.start else None
        return record


def main() -> None:
    """Train with the options of the command line."""
    options = _parse_options()
    torch.set_num_threads(options.threads)
    plan = TrainingPlan(
        out=options.out,
        data=options.data,
        layers=options.layers,
        minutes=options.minutes,
        seed=options.seed,
        teachers=tuple(options.teacher),
        start=options.start,
        encoder_rate=options.encoder_rate,
        alpha=options.alpha,
        corpus=CorpusConfig(phrases=0, denied=0, double=0) if options.no_phrases else CorpusConfig(),
    )
    train(plan, data_folder())


def train(plan: TrainingPlan, folder: Path) -> TriageNetwork:
    """Carry out a plan with the data of a folder and save the run."""
    torch.manual_seed(plan.seed)
    vocabulary = load_vocabulary(folder)
    sources = load_sources(folder, plan.data)
    network = _start_network(plan, vocabulary)
    teachers = [read_run(path).network.eval() for path in plan.teachers]
    reference = load_minilm(vocabulary, LAYERS[6]).eval()
    lesson = Lesson(plan, network, teachers, reference)
    optimizer = _make_optimizer(network, plan)
    state = {"seconds": 0.0, "texts": 0, "steps": 0}
    started = saved = time.monotonic()
    for batch in _endless_batches(sources, plan, WordPiece(vocabulary)):
        state["seconds"] = time.monotonic() - started
        done = state["seconds"] / (60 * plan.minutes)
        if done >= 1:
            break
        _set_rates(optimizer, done)
        loss = lesson.loss(batch, int(state["steps"]))
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        state["texts"] += batch.ids.shape[0]
        state["steps"] += 1
        if state["steps"] % 50 == 0:
            rate = state["texts"] / state["seconds"]
            print(f"{done:6.1%} loss {loss.item():.3f} {rate:.0f} texts/s", flush=True)
        if time.monotonic() - saved > _SAVE_SECONDS:
            save_run(plan.out, network, vocabulary, {**plan.to_json(), **state})
            saved = time.monotonic()
    save_run(plan.out, network.eval(), vocabulary, {**plan.to_json(), **state})
    return network


class Lesson:
    """The loss of a batch: of the truth alone, or of truth, teachers and relation."""

    def __init__(
        self, plan: TrainingPlan, network: TriageNetwork, teachers: list[TriageNetwork], reference: Encoder
    ) -> None:
        self.plan, self.network, self.teachers, self.reference = plan, network, teachers, reference

    def loss(self, batch: Batch, step: int) -> Tensor:
        """Loss of one batch, with gradients for the network."""
        plan = self.plan
        with torch.autocast("cpu", torch.bfloat16):
            self.network.train()
            logits = self.network(batch.ids, batch.mask)
            with torch.no_grad():
                taught = [teacher(batch.ids, batch.mask) for teacher in self.teachers]
                wanted = step % _RELATION_EVERY == 0 and batch.ids.shape[0] > 1
                reference = self._refer(batch) if wanted else None
        total = truth_loss(logits, batch, self.network.membership, plan.weights)
        if taught:
            lesson = teacher_loss(logits, mean_logits(taught), plan.temperature, plan.weights)
            total = plan.alpha * total + (1 - plan.alpha) * lesson
        if reference is not None:
            total = total + _RELATION_EVERY * plan.relation * relation_loss(logits.embedding, reference)
        return total

    def _refer(self, batch: Batch) -> Tensor:
        """MiniLM's own sentence vectors: the mean of its tokens', of unit length."""
        hidden = self.reference(batch.ids, batch.mask).float()
        mask = batch.mask.unsqueeze(-1).float()
        return functional.normalize((hidden * mask).sum(1) / mask.sum(1), dim=-1)


def _start_network(plan: TrainingPlan, vocabulary: list[str]) -> TriageNetwork:
    if plan.start is None:
        return TriageNetwork(load_minilm(vocabulary, LAYERS[plan.layers]))
    run = read_run(plan.start)
    if run.vocabulary != vocabulary or len(run.network.encoder.layers) != plan.layers:
        raise ValueError(
            f"start must be a run of {plan.layers} layers with the same vocabulary, got {plan.start}."
        )
    return run.network


def _endless_batches(sources: Sources, plan: TrainingPlan, pieces: WordPiece) -> Iterator[Batch]:
    number = 0
    while True:
        seed = 1000 * plan.seed + number
        yield from make_batches(draw_pool(sources, plan.corpus, seed), pieces, plan.rows, plan.longest, seed)
        number += 1


def _make_optimizer(network: TriageNetwork, plan: TrainingPlan) -> torch.optim.AdamW:
    """AdamW; deeper layers of the encoder learn slower than those above, the heads fastest."""
    groups: dict[float, list[Tensor]] = {}
    depth = len(network.encoder.layers)
    for name, parameter in network.named_parameters():
        rate = plan.head_rate
        if name.startswith("encoder."):
            layer = int(name.split(".")[2]) if name.startswith("encoder.layers.") else -1
            rate = plan.encoder_rate * 0.9 ** (depth - 1 - layer)
        groups.setdefault(rate, []).append(parameter)
    return torch.optim.AdamW(
        [{"params": parameters, "lr": rate, "top": rate} for rate, parameters in groups.items()],
        weight_decay=0.01,
    )


def _set_rates(optimizer: torch.optim.Optimizer, done: float) -> None:
    factor = min(1.0, done / 0.06) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
    for group in optimizer.param_groups:
        group["lr"] = group["top"] * factor


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--data", choices=("20k", "all"), default=TrainingPlan.data)
    parser.add_argument("--layers", type=int, choices=sorted(LAYERS), default=TrainingPlan.layers)
    parser.add_argument("--minutes", type=float, default=TrainingPlan.minutes)
    parser.add_argument("--seed", type=int, default=TrainingPlan.seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--encoder-rate", type=float, default=TrainingPlan.encoder_rate)
    parser.add_argument(
        "--alpha", type=float, default=TrainingPlan.alpha, help="share of the truth, if taught"
    )
    parser.add_argument("--teacher", type=Path, nargs="*", default=[], help="runs that teach")
    parser.add_argument("--no-phrases", action="store_true", help="without the grammars of the intents")
    parser.add_argument("--start", type=Path, help="run whose weights to start from")
    return parser.parse_args()


if __name__ == "__main__":
    main()
