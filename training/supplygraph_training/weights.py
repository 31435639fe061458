"""Weights of the network: averaged while training, saved, and read back from a served ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

PREFIX = "network."
"""What the export puts before each parameter's name."""


class WeightAverage:
    """Exponential moving average of a module's parameters, with a warm start.

    The decay grows as min(decay, (1 + step) / (10 + step)), so that early averages forget the
    random start.

    Attributes
    ----------
    weights : dict of str to Tensor
        The averages, by parameter name.
    """

    def __init__(self, module: nn.Module, decay: float) -> None:
        self._decay = decay
        self._step = 0
        self.weights = {name: value.detach().clone() for name, value in module.state_dict().items()}

    @torch.no_grad()
    def update(self, module: nn.Module) -> None:
        """Move the average towards the module's present weights."""
        decay = min(self._decay, (1 + self._step) / (10 + self._step))
        self._step += 1
        for name, value in module.state_dict().items():
            self.weights[name].lerp_(value, 1 - decay)

    def state(self) -> dict[str, Any]:
        """What `restore` needs to go on."""
        return {"step": self._step, "weights": self.weights}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state."""
        self._step = state["step"]
        self.weights = state["weights"]


def read_onnx_weights(path: Path) -> dict[str, Tensor]:
    """Read the parameters of an exported graph under the names they have in PyTorch.

    Raises
    ------
    ValueError
        If the graph holds no parameter of a network.
    """
    graph = onnx.load(path).graph
    weights = {
        initializer.name.removeprefix(PREFIX): torch.from_numpy(np.array(numpy_helper.to_array(initializer)))
        for initializer in graph.initializer
        if initializer.name.startswith(PREFIX)
    }
    if not weights:
        raise ValueError(f"{path} must hold parameters named {PREFIX}…, got none.")
    return weights
