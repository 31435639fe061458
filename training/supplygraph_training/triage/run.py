"""A training run on disk: `network.pt`, `vocabulary.txt` and `run.json`."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch

from supplygraph_training.triage.encoder import Encoder, EncoderConfig
from supplygraph_training.triage.labels import Taxonomy
from supplygraph_training.triage.network import TriageNetwork

_WEIGHTS, _VOCABULARY, _RECORD = "network.pt", "vocabulary.txt", "run.json"


@dataclass(frozen=True)
class Run:
    """A run that was read: network, vocabulary, and the record of how it came about."""

    network: TriageNetwork
    vocabulary: list[str]
    record: dict[str, Any]


def save_run(folder: Path, network: TriageNetwork, vocabulary: list[str], record: dict[str, Any]) -> None:
    """Save a run; each file is replaced at once, so a kill leaves the former one."""
    folder.mkdir(parents=True, exist_ok=True)
    torch.save(network.state_dict(), folder / f"{_WEIGHTS}.new")
    (folder / f"{_WEIGHTS}.new").replace(folder / _WEIGHTS)
    (folder / _VOCABULARY).write_text("\n".join(vocabulary) + "\n", encoding="utf8")
    taxonomy = network.taxonomy.to_json()
    (folder / _RECORD).write_text(json.dumps({**record, "taxonomy": taxonomy}, indent=2) + "\n")


def is_finished(folder: Path) -> bool:
    """Whether a run is there that spent its minutes."""
    record = folder / _RECORD
    if not record.exists():
        return False
    run = json.loads(record.read_text())
    return bool(run["seconds"] >= 60 * run["minutes"])


def read_run(folder: Path) -> Run:
    """Read a run; its network is in the mode of training."""
    vocabulary = (folder / _VOCABULARY).read_text(encoding="utf8").rstrip("\n").split("\n")
    record = json.loads((folder / _RECORD).read_text())
    network = TriageNetwork(
        Encoder(EncoderConfig(len(vocabulary), record["layers"])), taxonomy=_read_taxonomy(record)
    )
    network.load_state_dict(torch.load(folder / _WEIGHTS, weights_only=True))
    return Run(network, vocabulary, record)


def _read_taxonomy(record: dict[str, Any]) -> Taxonomy:
    stored = record["taxonomy"]
    return Taxonomy(tuple(stored["intents"]), stored["categoryOfIntent"])
