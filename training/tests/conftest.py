from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
import torch

from supplygraph_training.config import CONTEXT_LENGTH, COVARIATES, HORIZON_LENGTH, NetworkConfig
from supplygraph_training.datasets import data_folder
from supplygraph_training.generator.series import Floats
from supplygraph_training.network import DemandNetwork
from supplygraph_training.onnx_graph import write_onnx

PROJECT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session", autouse=True)
def _one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(scope="session")
def network() -> DemandNetwork:
    """A small network whose weights are far from those it starts with."""
    torch.manual_seed(1)
    network = DemandNetwork(NetworkConfig(width=32, layers=2, heads=2, feed_forward=64)).eval()
    with torch.no_grad():
        for parameter in network.parameters():
            parameter.add_(0.05 * torch.randn_like(parameter))
    return network


@pytest.fixture(scope="session")
def exported(network: DemandNetwork, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The small network's graph, with as much of a card beside it as training reads."""
    path = tmp_path_factory.mktemp("model") / "model.onnx"
    write_onnx(network, path)
    config = {"network": asdict(network.config), "runs": [{"rows": 7}]}
    (path.parent / "card.json").write_text(json.dumps({"training": {"config": config}}))
    return path


@pytest.fixture(scope="session")
def shared_data() -> Path:
    folder = data_folder()
    for candidate in (folder, PROJECT / folder):
        if candidate.is_dir():
            return candidate
    pytest.skip(f"the shared data are absent ({folder}); set SUPPLYGRAPH_DATA")


def make_rows(histories: list[list[float]], period: float = 7) -> tuple[torch.Tensor, ...]:
    """The network's four inputs for complete histories, right-aligned."""
    count = len(histories)
    values: Floats = np.zeros((count, CONTEXT_LENGTH), np.float32)
    mask: Floats = np.zeros((count, CONTEXT_LENGTH), np.float32)
    for row, history in enumerate(histories):
        values[row, CONTEXT_LENGTH - len(history) :] = history
        mask[row, CONTEXT_LENGTH - len(history) :] = 1
    covariates = torch.zeros(count, CONTEXT_LENGTH + HORIZON_LENGTH, len(COVARIATES))
    return torch.from_numpy(values), torch.from_numpy(mask), torch.full((count,), period), covariates
