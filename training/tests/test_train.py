from __future__ import annotations

import math
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from supplygraph_training import train
from supplygraph_training.card import Metric, make_card, write_json, write_metrics
from supplygraph_training.config import (
    CorpusConfig,
    DistillationConfig,
    LossWeights,
    NetworkConfig,
    TrainingConfig,
)
from supplygraph_training.features import ANCHORS, LAGS
from supplygraph_training.feed import BatchFeed, CorpusRecord, Portion
from supplygraph_training.generator.corpus import draw_batch
from supplygraph_training.lineage import load_network
from supplygraph_training.network import DemandNetwork
from supplygraph_training.run import Configs, Progress, RunState, read_run, restore_run, save_run
from supplygraph_training.step import Objective, learning_rate, make_optimizers, train_step
from supplygraph_training.threads import choose_threads
from supplygraph_training.weights import PATCH, WeightAverage, count_layers, insert_anchors, load_weights

_TINY = NetworkConfig(width=16, layers=1, heads=2, feed_forward=16)
_OBJECTIVE = Objective(LossWeights(), DistillationConfig())
_CORPUS = CorpusConfig(batch=16, contexts=(48,), context_shares=(1.0,))


def _make_state() -> RunState:
    network = DemandNetwork(_TINY)
    return RunState(
        network=network,
        optimizers=make_optimizers(network, TrainingConfig()),
        average=WeightAverage(network, 0.9),
        progress=Progress(),
        record=CorpusRecord("", np.empty(0, np.uint64)),
        earlier_runs=[],
    )


def _step(state: RunState, index: int) -> float:
    batch = draw_batch(_CORPUS, 0, index)
    losses = train_step(state.network, state.optimizers, Portion(batch), _OBJECTIVE, 1.0)
    state.average.update(state.network)
    state.record.add(batch)
    state.progress.step += 1
    return float(losses.total.detach())


def test_the_loss_of_a_batch_falls_when_trained_on() -> None:
    torch.manual_seed(0)
    state = _make_state()
    losses = [_step(state, 0) for _ in range(25)]
    assert losses[-1] < 0.9 * losses[0]


def test_the_learning_rate_rises_by_steps_and_falls_to_zero_with_the_clock() -> None:
    config = TrainingConfig(learning_rate=1e-2, warmup_steps=100)
    assert learning_rate(config, 0, 0.0) == pytest.approx(1e-4)
    assert learning_rate(config, 100, 0.5) == pytest.approx(5e-3)
    assert learning_rate(config, 100, 1.2) == pytest.approx(0, abs=1e-12)


def test_a_saved_run_goes_on_where_it_stopped(tmp_path: Path) -> None:
    torch.manual_seed(0)
    state = _make_state()
    _step(state, 0)
    configs: Configs = {"corpus": _CORPUS, "training": TrainingConfig()}
    save_run(state, tmp_path, configs, {"validation": {"quantiles": 0.5}})
    expected = _step(state, 1), _step(state, 2)
    again = _make_state()
    restore_run(again, tmp_path)
    assert again.progress.step == 1
    assert (_step(again, 1), _step(again, 2)) == pytest.approx(expected, rel=1e-5)
    np.testing.assert_array_equal(again.record.fingerprints, state.record.fingerprints)
    weights, record = read_run(tmp_path)
    assert set(weights) == set(state.network.state_dict())
    assert record["network"]["width"] == 16


def test_training_can_start_from_a_served_file(network: DemandNetwork, exported: Path) -> None:
    weights = load_weights(exported)
    for name, value in network.state_dict().items():
        torch.testing.assert_close(weights[name], value, rtol=0, atol=0)


def test_a_student_is_trained_from_a_served_file_by_a_teacher(tmp_path: Path, exported: Path) -> None:
    plan = train.TrainingPlan(
        out=tmp_path,
        network=NetworkConfig(width=32, layers=3, heads=2, feed_forward=64),
        corpus=_CORPUS,
        training=TrainingConfig(minutes=0.05, threads=1),
        resume=exported,
        teachers=(exported, exported),
    )
    train.train(plan)
    weights, record = read_run(tmp_path)
    assert count_layers(weights) == 3
    assert [run["rows"] for run in record["earlierRuns"]] == [7]
    assert record["steps"] * 16 == record["rows"] == np.load(tmp_path / "fingerprints.npy").size
    assert record["distillation"]["alpha"] == 0.5
    assert [member["layers"] for member in record["distillation"]["teachers"]] == [2, 2]
    assert all(torch.isfinite(weight).all() for weight in weights.values())


def test_a_run_keeps_a_share_of_the_weights_it_started_from(tmp_path: Path, exported: Path) -> None:
    first = load_weights(exported)
    average = WeightAverage(load_network(exported), 0.9)
    average.weights = {name: value + 1.0 for name, value in average.weights.items()}
    average.keep(first, 0.25)
    for name, value in first.items():
        torch.testing.assert_close(average.weights[name], value + 0.75)

    kept = train.TrainingPlan(
        out=tmp_path,
        network=NetworkConfig(width=32, layers=2, heads=2, feed_forward=64),
        corpus=_CORPUS,
        training=TrainingConfig(minutes=0.02, threads=1, keep=1.0),
        resume=exported,
    )
    train.train(kept)
    weights, record = read_run(tmp_path)
    assert record["steps"] > 0
    assert record["training"]["keep"] == 1.0
    torch.testing.assert_close(weights, first)


def test_nothing_can_be_kept_of_random_weights(tmp_path: Path) -> None:
    plan = train.TrainingPlan(out=tmp_path, training=TrainingConfig(keep=0.5))
    with pytest.raises(ValueError, match="keep must be 0 where a run starts from random weights"):
        train.train(plan)


def test_the_command_line_becomes_a_plan(monkeypatch: pytest.MonkeyPatch) -> None:
    arguments = ["--minutes", "3", "--layers", "6", "--teacher", "a.pt", "b.onnx", "--alpha", "0.25"]
    monkeypatch.setattr(sys, "argv", ["train", *arguments])
    plans: list[train.TrainingPlan] = []
    monkeypatch.setattr(train, "train", plans.append)
    train.main()
    assert plans[0].training.minutes == 3
    assert plans[0].network.layers == 6
    assert plans[0].teachers == (Path("a.pt"), Path("b.onnx"))
    assert plans[0].distillation.alpha == 0.25


def test_the_feed_yields_the_corpus_in_order() -> None:
    feed = BatchFeed(_CORPUS, 3, 5)
    portions = iter(feed)
    for index in (5, 6):
        np.testing.assert_array_equal(next(portions).batch.values, draw_batch(_CORPUS, 3, index).values)
    feed.close()


def test_averaged_weights_follow_the_network() -> None:
    network = DemandNetwork(_TINY)
    average = WeightAverage(network, 0.9)
    with torch.no_grad():
        network.norm.bias.fill_(1.0)
    average.update(network)
    # The first decay is min(0.9, 1/10), so nine tenths of the way is made at once.
    assert average.weights["norm.bias"].tolist() == pytest.approx([0.9] * 16)


def test_threads_are_chosen_within_the_limit() -> None:
    assert choose_threads(2, lambda: math.fsum(range(100))) in (1, 2)
    torch.set_num_threads(1)


def _make_record() -> dict[str, Any]:
    return {
        "network": {"layers": 4},
        "corpus": {},
        "training": {"learning_rate": 0.001, "seed": 1},
        "earlierRuns": [{"rows": 7, "minutes": 2.0, "corpusSha256": "cd", "seed": 0, "learningRate": 0.002}],
        "lossWeights": {},
        "rows": 10,
        "minutes": 5.0,
        "corpusSha256": "ab",
    }


def test_the_card_lists_every_run_and_what_the_teacher_learned_from(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"graph")
    card = make_card(tmp_path / "model.onnx", 3, "1.0.0", _make_record())
    assert [data["series"] for data in card["training"]["data"]] == [7, 10]
    assert card["training"]["minutes"] == 7.0
    assert card["training"]["command"].count("--resume") == 1
    member = {"rows": 20, "minutes": 4.0, "corpusSha256": "ef", "seed": 9, "learningRate": 0.002}
    teaching = {"alpha": 0.5, "temperature": 2.0, "teachers": [{"runs": [member]}]}
    taught = make_card(tmp_path / "model.onnx", 3, "1.0.0", {**_make_record(), "distillation": teaching})
    assert [data["series"] for data in taught["training"]["data"]] == [7, 10, 20]
    assert taught["training"]["minutes"] == 11.0
    assert "--alpha 0.5 --temperature 2 --teacher" in taught["training"]["command"]


def test_new_scores_replace_those_of_the_same_data_set(tmp_path: Path) -> None:
    (tmp_path / "model.onnx").write_bytes(b"graph")
    card_file = tmp_path / "card.json"
    write_json(card_file, make_card(tmp_path / "model.onnx", 3, "1.0.0", _make_record()))
    write_metrics(card_file, [Metric("a", 2, "WQL", 0.5, 1.0, "x"), Metric("b", 2, "WQL", 0.6, 1.0, "x")])
    write_metrics(card_file, [Metric("a", 2, "WQL", 0.4, 1.0, "x")])
    assert '"value": 0.4' in card_file.read_text()
    assert '"value": 0.6' in card_file.read_text()
    assert '"value": 0.5' not in card_file.read_text()


@torch.no_grad()
def test_weights_from_before_an_anchor_answer_as_if_it_weighed_nothing() -> None:
    network = DemandNetwork(_TINY)
    fitted = insert_anchors(_drop_last_anchor(network), network)
    network.embed_future.weight.view(16, PATCH, -1)[:, :, 2 * LAGS + ANCHORS - 1] = 0
    network.head_future.weight.view(PATCH, -1, 16)[:, ANCHORS - 1] = 0
    network.head_future.bias.view(PATCH, -1)[:, ANCHORS - 1] = 0
    for name, value in network.state_dict().items():
        torch.testing.assert_close(fitted[name], value)


@torch.no_grad()
def test_weights_that_fit_stay_as_they_are() -> None:
    network = DemandNetwork(_TINY)
    fitted = insert_anchors(network.state_dict(), network)
    assert all(torch.equal(fitted[name], value) for name, value in network.state_dict().items())


def _drop_last_anchor(network: DemandNetwork) -> dict[str, torch.Tensor]:
    """Weights as a network with one anchor less has them."""
    weights = dict(network.state_dict())
    width = network.config.width
    inputs = weights["embed_future.weight"].reshape(width, PATCH, -1)
    kept_inputs = [i for i in range(inputs.shape[2]) if i != 2 * LAGS + ANCHORS - 1]
    weights["embed_future.weight"] = inputs[:, :, kept_inputs].flatten(1)
    for name in ("head_future.weight", "head_future.bias"):
        rows = weights[name].reshape(PATCH, -1, *weights[name].shape[1:])
        kept_rows = [i for i in range(rows.shape[1]) if i != ANCHORS - 1]
        weights[name] = rows[:, kept_rows].flatten(0, 1)
    return weights
