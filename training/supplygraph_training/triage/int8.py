"""Quantises a graph to int8, weights and activations, with ranges that are the same for every text.

ONNX Runtime's dynamic quantisation takes an activation's range from all rows of a run, so that a text's
answer would move with the texts beside it. Here the ranges are measured once, over texts, and stand in the
graph; what lies outside is cut off.
"""

from __future__ import annotations

import logging
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

_LEVELS = 255
_SMALLEST_STEP = 1e-8

Ranges = NDArray[np.float64]
"""Lowest and highest value of each quantised activation [activations, 2]."""


def write_int8(source: Path, path: Path, rows: list[list[int]]) -> None:
    """Quantise weights per channel, embeddings, and activations by their ranges over rows of ids.

    The weights keep to 7 bits, because processors without VNNI add pairs of products in 16 bits, which
    overflow with 8.
    """
    logging.getLogger().setLevel(logging.ERROR)
    with tempfile.TemporaryDirectory() as folder:
        dynamic = Path(folder) / "dynamic.onnx"
        quantize_dynamic(
            source,
            dynamic,
            op_types_to_quantize=["MatMul", "Gather", "Gemm"],
            per_channel=True,
            reduce_range=True,
            weight_type=QuantType.QInt8,
            extra_options={"MatMulConstBOnly": True},
        )
        model = fix_ranges(onnx.load(dynamic), measure_ranges(onnx.load(dynamic), rows))
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def measure_ranges(model: onnx.ModelProto, rows: list[list[int]]) -> Ranges:
    """Ranges of the activations that a dynamically quantised graph quantises, over rows, each run alone."""
    measured = [node for node in model.graph.node if node.op_type == "DynamicQuantizeLinear"]
    names = [name for node in measured for name in node.output[1:]]
    model.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in names)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(model.SerializeToString(), options)
    ranges = np.tile([np.inf, -np.inf], (len(measured), 1))
    for row in rows:
        ids = np.array([row], np.int64)
        values = session.run(names, {"input_ids": ids, "attention_mask": np.ones_like(ids)})
        steps, zeros = np.array(values[::2], float), np.array(values[1::2], float)
        ranges[:, 0] = np.minimum(ranges[:, 0], -zeros * steps)
        ranges[:, 1] = np.maximum(ranges[:, 1], (_LEVELS - zeros) * steps)
    return ranges


def fix_ranges(model: onnx.ModelProto, ranges: Ranges) -> onnx.ModelProto:
    """Put ranges in place of measurements, and float products of quantised factors in place of integer ones.

    ONNX Runtime fuses the latter into integer products again, which it does not with constant factors.
    """
    graph, nodes = model.graph, list(model.graph.node)
    maker = {name: node for node in nodes for name in node.output}
    user = {name: node for node in nodes for name in node.input}
    dropped: set[str] = set()
    changed: list[Any] = []
    left = iter(ranges)
    for node in nodes:
        if node.op_type == "DynamicQuantizeLinear":
            changed.append(_quantise(node, next(left), graph))
        elif node.op_type == "MatMulInteger":
            cast = user[node.output[0]]
            product = user[cast.output[0]]
            steps = maker[next(name for name in product.input if name != cast.output[0])]
            dropped.update(one.name for one in (cast, product, steps))
            changed.extend(_multiply(node, list(steps.input), product.output[0]))
        else:
            changed.append(node)
    del graph.node[:]
    graph.node.extend(node for node in changed if node.name not in dropped or not node.name)
    return model


def _quantise(node: Any, limits: NDArray[np.float64], graph: Any) -> Any:
    """Quantise with the limits given, which become constants of the graph, in place of measured ones."""
    lowest, highest = limits
    step = max((highest - lowest) / _LEVELS, _SMALLEST_STEP)
    zero = np.clip(np.rint(-lowest / step), 0, _LEVELS)
    graph.initializer.append(numpy_helper.from_array(np.array(step, np.float32), node.output[1]))
    graph.initializer.append(numpy_helper.from_array(np.array(zero, np.uint8), node.output[2]))
    return helper.make_node("QuantizeLinear", [node.input[0], *node.output[1:]], node.output[:1])


def _multiply(node: Any, steps: list[str], output: str) -> list[Any]:
    """Both factors of an integer product in float, multiplied."""
    values, weights, value_zero, weight_zero = node.input
    factors = [f"{output}_values", f"{output}_weights"]
    return [
        helper.make_node("DequantizeLinear", [values, steps[0], value_zero], factors[:1]),
        helper.make_node("DequantizeLinear", [weights, steps[1], weight_zero], factors[1:], axis=1),
        helper.make_node("MatMul", factors, [output], node.name),
    ]
