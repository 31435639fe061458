from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest
import torch

from supplygraph_training.config import NetworkConfig
from supplygraph_training.export import check_parity, draw_inputs
from supplygraph_training.forecaster import OnnxForecaster, make_inputs
from supplygraph_training.golden import SMALLEST_SCALE, TOLERANCE, make_golden
from supplygraph_training.network import DemandNetwork
from supplygraph_training.onnx_graph import INPUT_SHAPES, OUTPUT_SHAPES, run_torch, write_onnx
from supplygraph_training.weights import read_onnx_weights


@pytest.mark.parametrize("rows", [1, 5])
def test_onnx_agrees_with_torch(network: DemandNetwork, exported: Path, rows: int) -> None:
    check_parity(network, exported, rows)


def test_a_graph_of_other_weights_is_refused(exported: Path) -> None:
    torch.manual_seed(9)
    other = DemandNetwork(NetworkConfig(width=32, layers=2, heads=2, feed_forward=64))
    with pytest.raises(ValueError, match=r"must agree to 0\.0001, got"):
        check_parity(other, exported, 2)


def test_the_graph_states_its_shapes(exported: Path) -> None:
    graph = onnx.load(exported).graph
    stated = {
        one.name: [axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim]
        for one in [*graph.input, *graph.output]
    }
    assert stated == {name: ["batch", *shape] for name, shape in {**INPUT_SHAPES, **OUTPUT_SHAPES}.items()}


def test_weights_come_back_from_the_graph_by_name(network: DemandNetwork, exported: Path) -> None:
    twin = DemandNetwork(network.config)
    twin.load_state_dict(read_onnx_weights(exported))
    inputs = draw_inputs(2)
    for name, value in run_torch(network, inputs).items():
        np.testing.assert_array_equal(run_torch(twin, inputs)[name], value)


def test_equal_parameters_keep_their_own_names(tmp_path: Path) -> None:
    untrained = DemandNetwork(NetworkConfig(width=16, layers=2, heads=2, feed_forward=16))
    write_onnx(untrained, tmp_path / "model.onnx")
    assert set(read_onnx_weights(tmp_path / "model.onnx")) == set(untrained.state_dict())
    check_parity(untrained, tmp_path / "model.onnx", 2)


def test_a_graph_without_a_network_cannot_be_resumed(tmp_path: Path) -> None:
    empty = onnx.helper.make_model(onnx.helper.make_graph([], "empty", [], []))
    onnx.save(empty, tmp_path / "empty.onnx")
    with pytest.raises(ValueError, match="must hold parameters named network"):
        read_onnx_weights(tmp_path / "empty.onnx")


def test_golden_cases_are_reproduced_by_the_graph(network: DemandNetwork, exported: Path) -> None:
    golden = json.loads(json.dumps(make_golden(network)))
    assert_golden(golden, OnnxForecaster(exported))


def test_missing_values_are_masked_and_long_histories_cut() -> None:
    inputs = make_inputs([np.array([1.0, np.nan, 3.0]), np.arange(600.0)], 12)
    assert inputs["values"][0, -3:].tolist() == [1, 0, 3]
    assert inputs["mask"][0, -4:].tolist() == [0, 1, 0, 1]
    assert inputs["values"][1, 0] == 88
    assert inputs["period"].tolist() == [12, 12]


def assert_golden(golden: dict[str, Any], forecaster: OnnxForecaster) -> None:
    """Run every golden case and compare as the server does."""
    for case in golden["cases"]:
        given = case["inputs"]
        history = np.array(given["values"], np.float32)
        inputs = make_inputs([history.astype(np.float64)], given["period"])
        inputs["mask"][0, -history.size :] = given["mask"]
        if "covariates" in given:
            inputs["covariates"][0, -history.size - 64 :] = given["covariates"]
        outputs = forecaster.run(inputs)
        actual = {
            "quantiles": outputs["quantiles"][0],
            "zeroProbability": outputs["zero_probability"][0],
            "undisturbed": outputs["undisturbed"][0, -history.size :],
        }
        for name, expected in case["outputs"].items():
            wanted = np.array(expected, np.float64)
            limit = TOLERANCE * max(float(np.abs(wanted).max()), SMALLEST_SCALE)
            np.testing.assert_allclose(actual[name], wanted, rtol=0, atol=limit, err_msg=case["name"])
