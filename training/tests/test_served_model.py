"""The files in models/demand agree with one another; skipped where no model is shipped."""

from __future__ import annotations

import json
from typing import Any

import onnx
import pytest
from conftest import PROJECT
from test_export import assert_golden

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, hash_file
from supplygraph_training.config import COVARIATES, QUANTILE_LEVELS
from supplygraph_training.forecaster import OnnxForecaster
from supplygraph_training.weights import read_onnx_weights

_FOLDER = PROJECT / "models" / "demand"

pytestmark = pytest.mark.skipif(
    not (_FOLDER / MODEL_FILE).exists(), reason="models/demand/model.onnx is not built"
)


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_FOLDER / CARD_FILE).read_text())
    return content


def test_the_card_has_the_hash_of_the_file(card: dict[str, Any]) -> None:
    assert card["sha256"] == hash_file(_FOLDER / MODEL_FILE)


def test_the_card_describes_the_graph(card: dict[str, Any]) -> None:
    graph = onnx.load(_FOLDER / MODEL_FILE).graph
    for described, actual in ((card["inputs"], graph.input), (card["outputs"], graph.output)):
        assert [(one["name"], one["shape"]) for one in described] == [
            (one.name, [axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim])
            for one in actual
        ]
    assert card["quantileLevels"] == list(QUANTILE_LEVELS)
    assert card["covariates"] == list(COVARIATES)


def test_the_card_counts_the_parameters_of_the_file(card: dict[str, Any]) -> None:
    weights = read_onnx_weights(_FOLDER / MODEL_FILE)
    assert card["parameters"] == sum(weight.numel() for weight in weights.values())


def test_the_file_is_small_enough_to_ship() -> None:
    assert (_FOLDER / MODEL_FILE).stat().st_size <= 25e6
    assert (_FOLDER / GOLDEN_FILE).stat().st_size <= 400e3


def test_golden_cases_are_reproduced() -> None:
    golden = json.loads((_FOLDER / GOLDEN_FILE).read_text())
    assert 6 <= len(golden["cases"]) <= 12
    assert_golden(golden, OnnxForecaster(_FOLDER / MODEL_FILE))
