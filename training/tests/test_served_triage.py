"""The files in models/triage agree with one another; skipped where no model is shipped."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import onnx
import pytest
from conftest import PROJECT

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, hash_file
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.labels import CATEGORY_OF_INTENT, INTENTS
from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.preprocess import preprocess

_FOLDER = PROJECT / "models" / "triage"
_LARGEST = 12e6

pytestmark = pytest.mark.skipif(
    not (_FOLDER / MODEL_FILE).exists(), reason="models/triage/model.onnx is not built"
)


@pytest.fixture(scope="module")
def card() -> dict[str, Any]:
    content: dict[str, Any] = json.loads((_FOLDER / CARD_FILE).read_text())
    return content


def test_the_card_has_the_hashes_of_the_files_and_they_are_small(card: dict[str, Any]) -> None:
    assert card["sha256"] == hash_file(_FOLDER / MODEL_FILE)
    assert card["vocabulary"]["sha256"] == hash_file(_FOLDER / VOCABULARY_FILE)
    assert (_FOLDER / MODEL_FILE).stat().st_size <= _LARGEST


def test_the_card_describes_the_graph_and_its_labels(card: dict[str, Any]) -> None:
    graph = onnx.load(_FOLDER / MODEL_FILE).graph
    for described, actual in ((card["inputs"], graph.input), (card["outputs"], graph.output)):
        assert [(one["name"], one["shape"]) for one in described] == [
            (one.name, [axis.dim_param or axis.dim_value for axis in one.type.tensor_type.shape.dim])
            for one in actual
        ]
    assert card["labels"]["intent"] == list(INTENTS)
    assert card["categoryOfIntent"] == CATEGORY_OF_INTENT


def test_every_figure_names_a_baseline_and_a_command(card: dict[str, Any]) -> None:
    assert card["metrics"]
    assert all(one["command"].startswith("python -m ") and one["baseline"]["name"] for one in card["metrics"])


def test_the_graph_gives_the_golden_answers() -> None:
    golden = json.loads((_FOLDER / GOLDEN_FILE).read_text())
    served = OnnxTriage(_FOLDER / MODEL_FILE, _FOLDER / VOCABULARY_FILE)
    assert 3 <= len(golden["cases"]) <= 20
    for case in golden["cases"]:
        assert preprocess(case["text"]) == case["preprocessed"]
        assert served.pieces.encode(case["text"]) == case["ids"]
        for name, values in served.run([served.encode(case["preprocessed"])]).items():
            np.testing.assert_allclose(values[0].reshape(-1), case["outputs"][name], atol=golden["tolerance"])
