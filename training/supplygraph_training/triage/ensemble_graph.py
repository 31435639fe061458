"""Puts the linear member beside a network that is already an ONNX graph, and takes it away again.

One graph answers for both members: one file with one hash, one run, and versions that switch as a whole.
"""

from __future__ import annotations

import tempfile
import warnings
from pathlib import Path

import onnx
import torch
from onnx import compose

from supplygraph_training.triage.ensemble import Ensemble, Mixtures
from supplygraph_training.triage.labels import Taxonomy
from supplygraph_training.triage.linear import LinearMember
from supplygraph_training.triage.triage_graph import INPUTS, OPSET, OUTPUTS, output_shapes

NGRAM_INPUTS = ("ngrams", "ngram_weights")
_NETWORK, _MEMBER = "network/", "ensemble/"


def has_member(model: onnx.ModelProto) -> bool:
    """Whether a graph has a linear member beside its network."""
    return any(one.name == NGRAM_INPUTS[0] for one in model.graph.input)


def take_network(model: onnx.ModelProto) -> onnx.ModelProto:
    """The network of a graph alone; its outputs have their names without the ensemble's."""
    if not has_member(model):
        return model
    produced = {name for node in model.graph.node for name in node.output}
    own = [name if _NETWORK + name not in produced else _NETWORK + name for name in OUTPUTS]
    network = onnx.utils.Extractor(model).extract_model(list(INPUTS), own)
    mixed = [name for name in own if name.startswith(_NETWORK)]
    return _rename(network, {name: name.removeprefix(_NETWORK) for name in mixed})


def add_member(network: onnx.ModelProto, member: LinearMember, mixtures: Mixtures) -> onnx.ModelProto:
    """The graph of network and member; the network's own if no head is mixed."""
    if not mixtures:
        return network
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "member.onnx"
        _export_member(member, mixtures, path)
        mixture = onnx.load(path)
    network = _rename(network, {head: _NETWORK + head for head in mixtures})
    mixture = compose.add_prefix(mixture, _MEMBER, rename_inputs=False, rename_outputs=False)
    mixture.ir_version = network.ir_version
    merged = compose.merge_models(
        network, mixture, io_map=[(_NETWORK + head, _NETWORK + head) for head in mixtures]
    )
    outputs = {output.name: output for output in merged.graph.output}
    del merged.graph.output[:]
    merged.graph.output.extend(outputs[name] for name in OUTPUTS)
    onnx.checker.check_model(merged, full_check=True)
    return merged


def _export_member(member: LinearMember, mixtures: Mixtures, path: Path) -> None:
    shapes = output_shapes(Taxonomy())
    chances = {_NETWORK + head: torch.full((2, *shapes[head]), 0.1) for head in mixtures}
    example = (torch.ones(2, 3, dtype=torch.int32), torch.ones(2, 3), *chances.values())
    rows = {name: {0: "batch"} for name in (*chances, *mixtures)}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            Ensemble(member, mixtures).eval(),
            example,
            path,
            input_names=[*NGRAM_INPUTS, *chances],
            output_names=list(mixtures),
            dynamic_axes={**rows, **{name: {0: "batch", 1: "ngrams"} for name in NGRAM_INPUTS}},
            opset_version=OPSET,
            dynamo=False,
        )
    model = onnx.load(path)
    for output in model.graph.output:
        for axis, size in zip(output.type.tensor_type.shape.dim[1:], shapes[output.name], strict=True):
            axis.dim_value = size
    onnx.save(model, path)


def _rename(model: onnx.ModelProto, names: dict[str, str]) -> onnx.ModelProto:
    """A copy of a graph in which tensors have other names."""
    renamed = onnx.ModelProto()
    renamed.CopyFrom(model)
    for node in renamed.graph.node:
        node.input[:] = [names.get(name, name) for name in node.input]
        node.output[:] = [names.get(name, name) for name in node.output]
    for tensor in (*renamed.graph.output, *renamed.graph.value_info):
        tensor.name = names.get(tensor.name, tensor.name)
    return renamed
