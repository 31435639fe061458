"""Where weights come from: the runs behind them, their shape, and who taught them."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from supplygraph_training.config import DistillationConfig, NetworkConfig
from supplygraph_training.network import DemandNetwork
from supplygraph_training.weights import insert_anchors, load_weights

RECORD_FILE = "run.json"
"""What a run writes beside its weights."""


def read_earlier_runs(weights: Path) -> list[dict[str, Any]]:
    """What earlier runs went into weights: read from the record or the card beside them.

    Each entry holds rows, minutes, corpusSha256, seed and learningRate, the oldest first.
    """
    record = _read_beside(weights)
    runs: list[dict[str, Any]] = record["runs"] if weights.suffix == ".onnx" else list_runs(record)
    return runs


def load_network(weights: Path) -> DemandNetwork:
    """Make the network that weights belong to; its shape is read from the record or the card beside them."""
    network = DemandNetwork(NetworkConfig(**_read_beside(weights)["network"]))
    network.load_state_dict(insert_anchors(load_weights(weights), network))
    return network.eval()


def _read_beside(weights: Path) -> dict[str, Any]:
    """The record of a run beside its `.pt`, or what the card beside an `.onnx` says of the training."""
    if weights.suffix == ".onnx":
        card: dict[str, Any] = json.loads((weights.parent / "card.json").read_text())["training"]["config"]
        return card
    record: dict[str, Any] = json.loads((weights.parent / RECORD_FILE).read_text())
    return record


def list_runs(record: dict[str, Any]) -> list[dict[str, Any]]:
    """The runs behind a record's weights, itself the last."""
    own = {key: record[key] for key in ("rows", "minutes", "corpusSha256")}
    own["layers"] = record["network"]["layers"]
    own["seed"] = record["training"]["seed"]
    own["learningRate"] = record["training"]["learning_rate"]
    own["keep"] = record["training"].get("keep", 0.0)
    return [*record["earlierRuns"], own]


def describe_teachers(teachers: Sequence[Path], config: DistillationConfig) -> dict[str, Any] | None:
    """What the card says of a teacher: α, T, its views' weights and its members; None without one."""
    if not teachers:
        return None
    return {**asdict(config), "teachers": [_describe_member(path) for path in teachers]}


def _describe_member(path: Path) -> dict[str, Any]:
    network = load_network(path)
    return {
        "layers": network.config.layers,
        "parameters": sum(parameter.numel() for parameter in network.parameters()),
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
        "runs": read_earlier_runs(path),
    }
