"""The pricing network: its lessons, its shape, what it learns, and its export."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch

from supplygraph_training.pricing.card import make_card
from supplygraph_training.pricing.evaluate import OnnxPricing
from supplygraph_training.pricing.export import (
    TOLERANCE,
    largest_difference,
    make_golden,
    write_onnx,
)
from supplygraph_training.pricing.lessons import FEATURES, QUERIES, Lessons, read_lessons
from supplygraph_training.pricing.network import PricingConfig, PricingNetwork, bend, spread
from supplygraph_training.pricing.score import score_network
from supplygraph_training.pricing.train import POSTERIOR, TrainingConfig, pinball, train

_ROW = FEATURES + 3 + 2 * QUERIES


def make_lessons(path: Path, rows: int, seed: int = 1) -> Path:
    """Write lessons whose elasticity follows the first feature, and whose posterior is off by 0.5."""
    random = np.random.default_rng(seed)
    numbers = random.normal(size=(rows, _ROW)).astype(np.float32)
    truth = 2 * np.tanh(numbers[:, 0]) - 2
    mean, log_error = POSTERIOR
    numbers[:, mean] = numbers[:, FEATURES - 1] = truth + 0.5
    numbers[:, log_error] = np.log(0.3)
    numbers[:, FEATURES + 2] = random.integers(0, 6, rows)
    numbers[::2, FEATURES + 1] = np.nan
    queries = numbers[:, FEATURES + 3 :].reshape(rows, QUERIES, 2)
    queries[:, :, 0] = random.uniform(-0.4, 0.4, (rows, QUERIES))
    queries[:, 0, 0] = 0
    queries[:, :, 1] = truth[:, None]
    numbers.tofile(path)
    return path


@pytest.fixture
def lessons(tmp_path: Path) -> Lessons:
    """Some thousand made-up items."""
    return read_lessons(make_lessons(tmp_path / "lessons.f32", 4096))


def test_lessons_have_the_shapes_that_they_say(lessons: Lessons) -> None:
    """Arrays of one length, queries that begin at the current price."""
    assert lessons.features.shape == (4096, FEATURES)
    assert lessons.ratios.shape == lessons.elasticities.shape == (4096, QUERIES)
    assert np.all(lessons.ratios[:, 0] == 0)
    assert np.isnan(lessons.lift).sum() == 2048


def test_lessons_of_broken_rows_are_refused(tmp_path: Path) -> None:
    """A file that was cut off is named."""
    path = tmp_path / "cut.f32"
    np.zeros(_ROW + 1, dtype=np.float32).tofile(path)
    with pytest.raises(ValueError, match=f"cut.f32 must hold rows of {_ROW} numbers, got {_ROW + 1}."):
        read_lessons(path)


def test_quantiles_ascend() -> None:
    """Whatever the raw numbers are."""
    quantiles = spread(torch.randn(50, 7) * 5)
    assert torch.all(quantiles.diff(dim=-1) >= 0)


def test_bent_prices_tell_up_from_down() -> None:
    """No number at the current price; other numbers move on either side of it."""
    up, zero, down = bend(torch.tensor([[0.2, 0.0, -0.2]]))[0]
    assert torch.all(zero == 0)
    assert torch.equal(up[[0, 2, 4]], down[[1, 3, 5]])
    assert torch.all(up[[1, 3, 5]] == 0)


def test_pinball_is_least_at_the_quantiles() -> None:
    """Of a normal the normal's quantiles cost less than wider or narrower ones."""
    truth = torch.from_numpy(np.random.default_rng(3).normal(size=20_000))
    scores = torch.tensor([-1.96, -1.2816, -0.6745, 0.0, 0.6745, 1.2816, 1.96])
    costs = [float(pinball(width * scores.expand(20_000, 7), truth).mean()) for width in (0.7, 1.0, 1.4)]
    assert costs[1] < min(costs[0], costs[2])


def test_training_learns_the_truth_beyond_its_teacher(lessons: Lessons, tmp_path: Path) -> None:
    """The engine is off by a half; the network, taught the truth, is not."""
    network = train(lessons, lessons, TrainingConfig(epochs=12, batch=256), tmp_path / "run")
    scores = score_network(network, lessons)
    assert scores["engineMae"] == pytest.approx(0.5, abs=0.01)
    assert scores["elasticityMae"] < 0.15
    run = json.loads((tmp_path / "run" / "run.json").read_text())
    assert run["items"] == 4096
    assert len(run["taskWeights"]) == 3


def test_a_network_taught_by_the_engine_alone_repeats_it(lessons: Lessons, tmp_path: Path) -> None:
    """With α = 0 the median is the engine's."""
    network = train(lessons, lessons, TrainingConfig(epochs=12, batch=256, alpha=0.0), tmp_path / "run")
    assert score_network(network, lessons)["elasticityMae"] == pytest.approx(0.5, abs=0.1)


def test_export_agrees_with_pytorch(lessons: Lessons, tmp_path: Path) -> None:
    """In one row and in many, and through the wrapper that evaluation uses."""
    network = PricingNetwork(PricingConfig(width=32, blocks=1, query_width=16)).eval()
    write_onnx(network, tmp_path / "model.onnx")
    assert largest_difference(network, tmp_path / "model.onnx", lessons) <= TOLERANCE
    served = score_network(OnnxPricing(tmp_path / "model.onnx"), lessons)
    assert served == pytest.approx(score_network(network, lessons), abs=1e-3)


def test_golden_cases_and_card_say_what_serving_needs(lessons: Lessons, tmp_path: Path) -> None:
    """Shapes, levels and figures beside their baselines."""
    network = PricingNetwork(PricingConfig(width=32, blocks=1, query_width=16)).eval()
    golden = make_golden(network, lessons)
    assert len(golden["cases"]) >= 3
    assert len(golden["cases"][0]["outputs"]["elasticities"]) == len(golden["cases"][0]["outputs"]["places"])
    write_onnx(network, tmp_path / "model.onnx")
    run = {
        "validation": score_network(network, lessons),
        "training": {"alpha": 0.9, "epochs": 1},
        "taskWeights": [1.0, 1.0, 1.0],
        "minutes": 1,
        "items": 4096,
    }
    card = make_card(tmp_path / "model.onnx", 10, "1.0.0", run)
    assert card["featureCount"] == FEATURES
    assert all("baseline" in metric for metric in card["metrics"])


@pytest.mark.parametrize(("changes", "message"), [({"alpha": 2.0}, "alpha"), ({"epochs": 0}, "epochs")])
def test_settings_out_of_range_are_refused(changes: dict[str, float], message: str) -> None:
    """With the name of the setting."""
    with pytest.raises(ValueError, match=message):
        TrainingConfig(**changes)  # type: ignore[arg-type]
