"""A training run on disk: what is needed to go on with it, and what the export reads.

- `checkpoint.pt`: weights, optimizers and progress, to go on after an interruption.
- `network.pt`: averaged weights, what is exported.
- `fingerprints.npy`: one number per training row, for the leakage check.
- `run.json`: configurations, counts, hash of the corpus and validation losses.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from supplygraph_training.config import (
    CorpusConfig,
    LossWeights,
    TrainingConfig,
)
from supplygraph_training.feed import CorpusRecord
from supplygraph_training.lineage import RECORD_FILE
from supplygraph_training.network import DemandNetwork
from supplygraph_training.weights import WeightAverage, load_weights

WEIGHTS_FILE = "network.pt"
"""Averaged weights of a run."""

FINGERPRINTS_FILE = "fingerprints.npy"
"""One number per training row of a run."""

_CHECKPOINT = "checkpoint.pt"

Configs = Mapping[str, CorpusConfig | TrainingConfig | LossWeights]
"""Configurations of a run by the name they have in `run.json`."""


@dataclass
class Progress:
    """How far a run has come.

    Attributes
    ----------
    step, rows : int
        Batches and series trained on.
    seconds : float
        Wall time.
    """

    step: int = 0
    rows: int = 0
    seconds: float = 0.0


@dataclass
class RunState:
    """All that changes while a network is trained, and the runs its first weights came from."""

    network: DemandNetwork
    optimizers: list[torch.optim.Optimizer]
    average: WeightAverage
    progress: Progress
    record: CorpusRecord
    earlier_runs: list[dict[str, Any]]


def save_run(
    state: RunState,
    folder: Path,
    configs: Configs,
    notes: Mapping[str, Any],
) -> None:
    """Write the four files of a run; a kill while writing leaves the earlier checkpoint whole.

    `notes` are written to `run.json` as they are.
    """
    folder.mkdir(parents=True, exist_ok=True)
    record = {
        "network": asdict(state.network.config),
        **{name: asdict(config) for name, config in configs.items()},
        "steps": state.progress.step,
        "rows": state.progress.rows,
        "minutes": round(state.progress.seconds / 60, 1),
        "corpusSha256": state.record.sha256,
        "earlierRuns": state.earlier_runs,
        **notes,
    }
    torch.save(state.average.weights, folder / WEIGHTS_FILE)
    np.save(folder / FINGERPRINTS_FILE, state.record.fingerprints)
    (folder / RECORD_FILE).write_text(json.dumps(record, indent=2) + "\n")
    checkpoint = {
        "network": state.network.state_dict(),
        "optimizers": [optimizer.state_dict() for optimizer in state.optimizers],
        "average": state.average.state(),
        "progress": asdict(state.progress),
        "corpusSha256": state.record.sha256,
        "earlierRuns": state.earlier_runs,
    }
    fresh = folder / f"{_CHECKPOINT}.new"
    torch.save(checkpoint, fresh)
    fresh.replace(folder / _CHECKPOINT)


def restore_run(state: RunState, folder: Path) -> None:
    """Set the state to where the run saved in `folder` stopped."""
    checkpoint = torch.load(
        folder / _CHECKPOINT, weights_only=True, map_location=state.network.position.device
    )
    state.network.load_state_dict(checkpoint["network"])
    for optimizer, saved in zip(state.optimizers, checkpoint["optimizers"], strict=True):
        optimizer.load_state_dict(saved)
    state.average.restore(checkpoint["average"])
    state.progress = Progress(**checkpoint["progress"])
    state.earlier_runs = checkpoint["earlierRuns"]
    state.record = CorpusRecord(checkpoint["corpusSha256"], np.load(folder / FINGERPRINTS_FILE))


def is_begun(folder: Path) -> bool:
    """Whether there is a run in `folder` to go on with."""
    return (folder / _CHECKPOINT).exists()


def is_finished(folder: Path) -> bool:
    """Whether the run in `folder` has spent its time."""
    record = folder / RECORD_FILE
    return record.exists() and bool(json.loads(record.read_text()).get("finished"))


def read_run(folder: Path) -> tuple[dict[str, Tensor], dict[str, Any]]:
    """Read the weights to export and the record of a run."""
    record: dict[str, Any] = json.loads((folder / RECORD_FILE).read_text())
    return load_weights(folder / WEIGHTS_FILE), record
