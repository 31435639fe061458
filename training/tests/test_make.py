from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from test_export import assert_golden

from supplygraph_training import make
from supplygraph_training.config import CorpusConfig, NetworkConfig, TrainingConfig
from supplygraph_training.forecaster import OnnxForecaster
from supplygraph_training.train import TrainingPlan


def _recipe(folder: Path) -> make.Recipe:
    return make.Recipe(
        cache=folder / "cache",
        out=folder / "model",
        version="0.0.1",
        training=TrainingConfig(minutes=0.04, threads=1, seed=1),
        network=NetworkConfig(width=16, layers=1, heads=2, feed_forward=16),
        corpus=CorpusConfig(batch=16, contexts=(48,), context_shares=(1.0,)),
    )


def test_nothing_becomes_a_model_with_card_and_golden_cases(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    recipe = _recipe(tmp_path)
    make.make(recipe)
    card = json.loads((recipe.out / "card.json").read_text())
    teaching = card["training"]["config"]["distillation"]
    assert card["version"] == "0.0.1"
    assert [member["layers"] for member in teaching["teachers"]] == [1, 3]
    assert [run["seed"] for run in card["training"]["config"]["runs"]] == [1, 2001]
    assert all(run["rows"] >= 16 for run in card["training"]["config"]["runs"])
    assert len(card["training"]["data"]) == 3
    golden = json.loads((recipe.out / "golden.json").read_text())
    assert_golden(golden, OnnxForecaster(recipe.out / "model.onnx"))

    trained: list[TrainingPlan] = []
    monkeypatch.setattr(make, "train", trained.append)
    capsys.readouterr()
    make.make(recipe)
    assert trained == []
    assert capsys.readouterr().out.count("done before") == 3


def test_the_stages_share_the_minutes_and_draw_different_corpora(tmp_path: Path) -> None:
    recipe = replace(_recipe(tmp_path), training=TrainingConfig(minutes=100))
    plans = [make.plan_stage(recipe, index) for index in range(3)]
    assert sum(plan.training.minutes for plan in plans) == pytest.approx(100)
    assert len({plan.training.seed for plan in plans}) == 3
    assert plans[1].network.layers == recipe.network.layers + 2
    assert plans[2].resume == plans[2].teachers[0] == tmp_path / "cache" / "base" / "network.pt"
    assert not any(plan.carry_on for plan in plans)


def test_the_base_starts_from_the_model_named(tmp_path: Path) -> None:
    assert make.plan_stage(_recipe(tmp_path), 0).resume is None
    recipe = replace(_recipe(tmp_path), resume=tmp_path / "model.onnx")
    assert make.plan_stage(recipe, 0).resume == tmp_path / "model.onnx"
    assert make.plan_stage(recipe, 1).resume == tmp_path / "cache" / "base" / "network.pt"


def test_a_stage_that_was_begun_is_gone_on_with(tmp_path: Path) -> None:
    folder = tmp_path / "cache" / "teacher"
    folder.mkdir(parents=True)
    (folder / "checkpoint.pt").touch()
    carried_on = [make.plan_stage(_recipe(tmp_path), index).carry_on for index in range(3)]
    assert carried_on == [False, True, False]
