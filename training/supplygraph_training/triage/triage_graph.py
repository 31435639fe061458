"""Writes the calibrated network as an ONNX graph in float32."""

from __future__ import annotations

import warnings
from pathlib import Path

import onnx
import torch
from torch import Tensor, nn

from supplygraph_training.triage.calibration import Calibration, scope_features
from supplygraph_training.triage.labels import SENTIMENTS, SEVERITIES, Taxonomy
from supplygraph_training.triage.network import EMBEDDING, Logits, TriageNetwork, level_chances

OUTPUTS = ("intent", "in_scope", "category", "complaint", "sentiment", "severity", "embedding")
"""Names of the outputs in order."""

INPUTS = ("input_ids", "attention_mask")
OPSET = 20


def output_shapes(taxonomy: Taxonomy) -> dict[str, tuple[int, ...]]:
    """Shape of each of `OUTPUTS`, without the batch axis."""
    return {
        "intent": (len(taxonomy.intents),),
        "in_scope": (),
        "category": (len(taxonomy.categories),),
        "complaint": (),
        "sentiment": (len(SENTIMENTS),),
        "severity": (len(SEVERITIES),),
        "embedding": (EMBEDDING,),
    }


class ServedTriage(nn.Module):
    """The network with its temperatures: ids and mask to chances, in the order of `OUTPUTS`."""

    def __init__(self, network: TriageNetwork, calibration: Calibration) -> None:
        super().__init__()
        self.network, self.calibration = network.eval(), calibration

    def forward(self, ids: Tensor, mask: Tensor) -> tuple[Tensor, ...]:
        """Chances of all heads and the embedding."""
        return calibrate(self.network(ids, mask), self.calibration)


def calibrate(logits: Logits, calibration: Calibration) -> tuple[Tensor, ...]:
    """Chances of all heads and the embedding, in the order of `OUTPUTS`."""
    intercept, head, energy = calibration.scope
    features = scope_features(logits)
    return (
        (logits.intent / calibration.intent).softmax(-1),
        (intercept + head * features[:, 0] + energy * features[:, 1]).sigmoid(),
        (logits.category / calibration.category).softmax(-1),
        (logits.complaint / calibration.complaint).sigmoid(),
        level_chances(logits.sentiment / calibration.sentiment),
        level_chances(logits.severity / calibration.severity),
        logits.embedding,
    )


def write_graph(network: TriageNetwork, calibration: Calibration, path: Path) -> None:
    """Export in float32 with dynamic axes of batch and tokens."""
    example = (torch.ones(2, 5, dtype=torch.long), torch.ones(2, 5, dtype=torch.long))
    axes = {name: {0: "batch", 1: "tokens"} for name in INPUTS}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            ServedTriage(network, calibration).eval(),
            example,
            path,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={**axes, **{name: {0: "batch"} for name in OUTPUTS}},
            opset_version=OPSET,
            dynamo=False,
        )
    model, shapes = onnx.load(path), output_shapes(network.taxonomy)
    for output in model.graph.output:
        sizes = shapes[output.name]
        for dimension, size in zip(output.type.tensor_type.shape.dim[1:], sizes, strict=True):
            dimension.dim_value = size
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)
