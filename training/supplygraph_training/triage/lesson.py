"""The steps of a training run: losses, learning rates, and the loop that is tied to the clock."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterable, Iterator
from typing import Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.encoder import Encoder
from supplygraph_training.triage.losses import Batch, mean_logits, relation_loss, teacher_loss, truth_loss
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.plan import TrainingPlan

_RELATION_EVERY = 4
_SAVE_SECONDS = 60.0

Progress = dict[str, float]
"""Seconds, texts and steps of a run so far."""


class EncoderOwner(Protocol):
    """A module whose parameters named `encoder.` are those of its encoder."""

    encoder: Encoder

    def named_parameters(self) -> Iterator[tuple[str, nn.Parameter]]:
        """Names and parameters."""
        ...


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
                wanted = plan.relation > 0 and step % _RELATION_EVERY == 0 and batch.ids.shape[0] > 1
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


def give_lessons(
    lesson: Lesson, batches: Iterable[Batch], save: Callable[[Progress], None] = lambda _: None
) -> Progress:
    """Train until the plan's minutes are spent or the batches end; `save` is called every minute."""
    plan, network = lesson.plan, lesson.network
    optimizer = make_optimizer(network, plan)
    progress: Progress = {"seconds": 0.0, "texts": 0, "steps": 0}
    started = saved = time.monotonic()
    for batch in batches:
        progress["seconds"] = time.monotonic() - started
        done = progress["seconds"] / (60 * plan.minutes)
        if done >= 1:
            break
        set_rates(optimizer, done)
        loss = lesson.loss(batch, int(progress["steps"]))
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        progress["texts"] += batch.ids.shape[0]
        progress["steps"] += 1
        if progress["steps"] % 50 == 0:
            rate = progress["texts"] / progress["seconds"]
            print(f"{done:6.1%} loss {loss.item():.3f} {rate:.0f} texts/s", flush=True)
        if time.monotonic() - saved > _SAVE_SECONDS:
            save(progress)
            saved = time.monotonic()
    network.eval()
    return progress


def make_optimizer(network: EncoderOwner, plan: TrainingPlan) -> torch.optim.AdamW:
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


def set_rates(optimizer: torch.optim.Optimizer, done: float) -> None:
    """Warm up over 6 % of the time, then fall along a cosine to a fiftieth; `done` is the share spent."""
    factor = min(1.0, done / 0.06) * (0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done)))
    for group in optimizer.param_groups:
        group["lr"] = group["top"] * factor
