"""Writes the network as an ONNX graph and measures how far the two differ."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np
import onnx
import torch
from torch import Tensor, nn

from supplygraph_training.config import (
    CONTEXT_LENGTH,
    COVARIATES,
    HORIZON_LENGTH,
    QUANTILE_LEVELS,
)
from supplygraph_training.forecaster import OnnxForecaster
from supplygraph_training.generator.series import Floats
from supplygraph_training.network import DemandNetwork
from supplygraph_training.weights import PREFIX

INPUT_SHAPES: dict[str, tuple[int, ...]] = {
    "values": (CONTEXT_LENGTH,),
    "mask": (CONTEXT_LENGTH,),
    "period": (),
    "covariates": (CONTEXT_LENGTH + HORIZON_LENGTH, len(COVARIATES)),
}
"""Inputs in order, without the batch axis."""

OUTPUT_SHAPES: dict[str, tuple[int, ...]] = {
    "quantiles": (HORIZON_LENGTH, len(QUANTILE_LEVELS)),
    "zero_probability": (HORIZON_LENGTH,),
    "undisturbed": (CONTEXT_LENGTH,),
}
"""Outputs in order, without the batch axis."""

_OPSET = 20
"""The first that has GELU as one operator, which takes a tenth off the network's time."""


class _Served(nn.Module):
    """Puts the prefix before the parameters' names that `weights.read_onnx_weights` looks for."""

    def __init__(self, network: DemandNetwork) -> None:
        super().__init__()
        self.add_module(PREFIX.rstrip("."), network)

    def forward(
        self, values: Tensor, mask: Tensor, period: Tensor, covariates: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        network = self.get_submodule(PREFIX.rstrip("."))
        outputs: tuple[Tensor, Tensor, Tensor] = network(values, mask, period, covariates)
        return outputs


def write_onnx(network: DemandNetwork, path: Path) -> None:
    """Export with a dynamic batch axis; every parameter stays an initializer under its own name.

    The tracing exporter is used because the length of the context actually encoded depends on the
    data (`DemandNetwork._occupied_periods`), which it writes as plain Range and Gather operators.
    """
    rows = 2
    example = tuple(torch.ones(rows, *shape) for shape in INPUT_SHAPES.values())
    names = [*INPUT_SHAPES, *OUTPUT_SHAPES]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _Served(network).eval(),
            example,
            path,
            input_names=list(INPUT_SHAPES),
            output_names=list(OUTPUT_SHAPES),
            dynamic_axes={name: {0: "batch"} for name in names},
            opset_version=_OPSET,
            do_constant_folding=False,
            dynamo=False,
        )
    model = onnx.load(path)
    _restore_shared_parameters(model, network)
    _state_output_shapes(model)
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def largest_difference(network: DemandNetwork, path: Path, inputs: dict[str, Floats]) -> dict[str, float]:
    """Largest |ONNX − PyTorch| of each output, relative to the largest of its row.

    That is the largest |PyTorch| or |history|, and 1 unit for a history of nothing but zeros, which
    is the scale the network gives it: its forecast is a rounding error away from 0. Differences of
    probabilities are absolute: a chance of 1e-6 need not agree to ten digits.
    """
    expected = run_torch(network, inputs)
    actual = OnnxForecaster(path).run(inputs)
    return {
        name: float(np.max(np.abs(actual[name] - value) / _row_sizes(name, value, inputs["values"])))
        for name, value in expected.items()
    }


@torch.no_grad()
def run_torch(network: DemandNetwork, inputs: dict[str, Floats]) -> dict[str, Floats]:
    """Run the network in PyTorch on the graph's inputs; outputs by name."""
    outputs = network.eval()(*(torch.from_numpy(inputs[name]) for name in INPUT_SHAPES))
    return {name: output.numpy() for name, output in zip(OUTPUT_SHAPES, outputs, strict=True)}


def _row_sizes(name: str, value: Floats, history: Floats) -> Floats:
    if name == "zero_probability":
        return np.ones((1,) * value.ndim)
    sizes = np.abs(value).max(axis=tuple(range(1, value.ndim)), keepdims=True)
    largest = np.abs(history).max(1)
    scale = np.where(largest > 0, largest, 1.0).reshape(-1, *[1] * (value.ndim - 1))
    return np.maximum(sizes, scale)


def _restore_shared_parameters(model: onnx.ModelProto, network: DemandNetwork) -> None:
    """Give parameters that the exporter merged, because they were equal, their own initializers."""
    graph = model.graph
    present = {initializer.name for initializer in graph.initializer}
    for name, value in network.state_dict().items():
        full = PREFIX + name
        if full in present:
            continue
        copies = [node for node in graph.node if full in node.output and node.op_type == "Identity"]
        for node in copies:
            graph.node.remove(node)
        graph.initializer.append(onnx.numpy_helper.from_array(value.numpy(), full))


def _state_output_shapes(model: onnx.ModelProto) -> None:
    for output in model.graph.output:
        sizes = OUTPUT_SHAPES[output.name]
        for dimension, size in zip(output.type.tensor_type.shape.dim[1:], sizes, strict=True):
            dimension.dim_value = size
