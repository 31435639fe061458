from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from supplygraph_training.card import CARD_FILE, MODEL_FILE
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.encoder import Encoder, EncoderConfig
from supplygraph_training.triage.export import export_run
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.own_labels import (
    OwnText,
    draw_own_pool,
    fit_own_labels,
    list_own_calibration,
    make_own_runs,
    read_taxonomy,
)
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.run import read_run
from supplygraph_training.triage.train import cut_layers

_KINDS = {
    "gift card": "the gift card has no {}",
    "loyalty": "my points show no {}",
    "repair": "mend my {} please",
}
_TEXTS = [
    OwnText(text.format(thing), intent, "shop" if intent == "repair" else "money")
    for thing in ("balance", "number", "date", "bonus", "bag", "coat", "Zipper", "shoe")
    for intent, text in _KINDS.items()
]


def test_a_taxonomy_is_what_the_texts_say() -> None:
    taxonomy = read_taxonomy(_TEXTS)
    assert taxonomy.intents == ("gift card", "loyalty", "repair")
    assert taxonomy.categories == ("money", "shop")
    assert read_taxonomy([OwnText("a", "x"), OwnText("b", "y")]).categories == ("x", "y")
    with pytest.raises(ValueError, match="intent must have at least two values, got 1"):
        read_taxonomy(_TEXTS[:1])
    with pytest.raises(ValueError, match="category of 'x' must be one, got 'a' and 'b'"):
        read_taxonomy([OwnText("a", "x", "a"), OwnText("b", "x", "b")])


def test_a_pool_has_every_text_and_others_without_an_intent() -> None:
    intents = read_taxonomy(_TEXTS).intents
    pool = draw_own_pool(_TEXTS, intents, 4)
    assert pool == draw_own_pool(_TEXTS, intents, 4)
    inside = [one for one in pool if max(one.intents.values(), default=0) == 1]
    assert sorted(next(iter(one.intents)) for one in inside) == sorted(one.intent for one in _TEXTS)
    assert sum(one.scope == 0 for one in pool) == sum(not one.intents for one in pool) == 20
    assert {one.text for one in pool}.isdisjoint(
        one.text for one in list_own_calibration([], intents) if one.scope == 0
    )


def test_the_recipe_learns_own_labels_and_is_exported_with_them(tmp_path: Path) -> None:
    plan = TrainingPlan(tmp_path, minutes=0.12, rows=16, relation=0.1)
    teacher, student = make_own_runs(_TEXTS, plan)
    assert len(read_run(teacher).network.encoder.layers) == 6
    assert read_run(student).network.taxonomy.intents == ("gift card", "loyalty", "repair")
    export_run(student, tmp_path, "2.0.0", list_own_calibration(_TEXTS, ("gift card", "loyalty", "repair")))
    card = json.loads((tmp_path / CARD_FILE).read_text())
    assert card["labels"]["intent"] == ["gift card", "loyalty", "repair"]
    assert card["categoryOfIntent"] == {"gift card": "money", "loyalty": "money", "repair": "shop"}
    answers = OnnxTriage(tmp_path / MODEL_FILE, tmp_path / VOCABULARY_FILE).predict(
        ["the gift card has no value", "my points show no level", "mend my trousers please"]
    )
    assert answers["intent"].argmax(1).tolist() == [0, 1, 2]
    np.testing.assert_allclose(answers["category"].sum(1), 1, atol=1e-5)


def test_own_labels_start_from_a_run_of_other_labels(tmp_path: Path) -> None:
    plan = TrainingPlan(tmp_path / "first", minutes=0.02, rows=16)
    first = fit_own_labels(_TEXTS, plan)
    others = [OwnText(one.text, one.category or "") for one in _TEXTS]
    second = fit_own_labels(others, TrainingPlan(tmp_path / "second", minutes=0.001, rows=16, start=plan.out))
    assert second.network.taxonomy.intents == ("money", "shop")
    assert second.vocabulary == first.vocabulary


def test_layers_are_cut_out_with_their_weights() -> None:
    config = EncoderConfig(20, layers=6, width=8, heads=2, feed_forward=16)
    deep = TriageNetwork(Encoder(config))
    cut = cut_layers(deep, (0, 5))
    assert len(cut.encoder.layers) == 2
    assert cut.state_dict()["encoder.layers.1.up.weight"].equal(
        deep.state_dict()["encoder.layers.5.up.weight"]
    )
    assert cut.intent.weight.equal(deep.intent.weight)
