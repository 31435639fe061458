"""Weights of the network: averaged while training, saved, and read back from a served ONNX file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import numpy_helper
from torch import Tensor, nn

from supplygraph_training.config import NetworkConfig
from supplygraph_training.features import ANCHORS, LAGS

PATCH = NetworkConfig.patch
PREFIX = "network."
"""What the export puts before each parameter's name."""

_LAYERS = "layers."
_RESIDUAL_OUTPUTS = ("mix_out.", "feed_out.")


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

    def keep(self, first: dict[str, Tensor], share: float) -> None:
        """Move the average back towards the weights a run started from, which keep `share`.

        What is learned from new lessons is then not paid for with what was known before (Wortsman et al.
        2022, "Robust fine-tuning of zero-shot models", section 3).
        """
        for name, value in first.items():
            self.weights[name] = torch.lerp(self.weights[name], value.to(self.weights[name].device), share)

    def state(self) -> dict[str, Any]:
        """What `restore` needs to go on."""
        return {"step": self._step, "weights": self.weights}

    def restore(self, state: dict[str, Any]) -> None:
        """Go on from a saved state."""
        self._step = state["step"]
        self.weights = state["weights"]


def load_weights(path: Path) -> dict[str, Tensor]:
    """Read weights from a served `.onnx` file or from a run's `network.pt`."""
    if path.suffix == ".onnx":
        return read_onnx_weights(path)
    weights: dict[str, Tensor] = torch.load(path, weights_only=True, map_location="cpu")
    return weights


def count_layers(weights: dict[str, Tensor]) -> int:
    """Number of encoder layers that weights belong to."""
    return 1 + max(int(name.split(".")[1]) for name in weights if name.startswith(_LAYERS))


def grow_layers(weights: dict[str, Tensor], layers: int) -> dict[str, Tensor]:
    """Fit weights of a shallow network to one of `layers` layers that answers the same.

    Block expansion (Wu et al. 2024, "LLaMA Pro", section 3.2): copies follow the layers they are
    copied from, spread evenly, and what a copy adds to the residual stream is zero to begin with.

    Raises
    ------
    ValueError
        If the weights have more layers than asked for.
    """
    shallow = count_layers(weights)
    if layers < shallow:
        raise ValueError(f"layers must be at least the {shallow} of the weights, got {layers}.")
    sources = [position * shallow // layers for position in range(layers)]
    grown = {name: value for name, value in weights.items() if not name.startswith(_LAYERS)}
    for position, source in enumerate(sources):
        is_copy = position > 0 and sources[position - 1] == source
        prefix = f"{_LAYERS}{source}."
        for name in (name for name in weights if name.startswith(prefix)):
            part = name.removeprefix(prefix)
            silent = is_copy and part.startswith(_RESIDUAL_OUTPUTS)
            value = torch.zeros_like(weights[name]) if silent else weights[name].clone()
            grown[f"{_LAYERS}{position}.{part}"] = value
    return grown


def insert_anchors(weights: dict[str, Tensor], module: nn.Module) -> dict[str, Tensor]:
    """Fit weights of a network with fewer anchors to one whose further anchors come last.

    What the new anchors feed and what weighs them is zero, so that the network answers as before.
    Weights that fit already are returned as they are.
    """
    fitted = dict(weights)
    wanted = module.state_dict()
    missing = (wanted["head_future.bias"].numel() - weights["head_future.bias"].numel()) // PATCH
    if missing == 0:
        return fitted
    inputs = weights["embed_future.weight"]
    columns = inputs.reshape(inputs.shape[0], PATCH, -1)
    anchors_end = 2 * LAGS + ANCHORS - missing
    fitted["embed_future.weight"] = _insert_zeros(columns, 2, anchors_end, missing).flatten(1)
    for name in ("head_future.weight", "head_future.bias"):
        rows = weights[name].reshape(PATCH, -1, *weights[name].shape[1:])
        fitted[name] = _insert_zeros(rows, 1, ANCHORS - missing, missing).flatten(0, 1)
    return fitted


def _insert_zeros(tensor: Tensor, axis: int, position: int, count: int) -> Tensor:
    """Insert `count` zero slices along `axis` before `position`."""
    before = tensor.narrow(axis, 0, position)
    after = tensor.narrow(axis, position, tensor.shape[axis] - position)
    shape = [*tensor.shape]
    shape[axis] = count
    return torch.cat([before, tensor.new_zeros(shape), after], dim=axis)


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
