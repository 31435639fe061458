from __future__ import annotations

import math
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from supplygraph_training.config import CorpusConfig, DistillationConfig, LossWeights, TrainingConfig
from supplygraph_training.distillation import bernoulli_divergence
from supplygraph_training.feed import BatchFeed, Portion, Teaching, teach
from supplygraph_training.forecaster import OnnxForecaster
from supplygraph_training.generator.corpus import draw_batch
from supplygraph_training.network import DemandNetwork
from supplygraph_training.step import Objective, evaluate_portion, make_optimizers, train_step
from supplygraph_training.teacher import Rows, Teacher, TeacherForecaster, load_teacher

_CORPUS = CorpusConfig(batch=24, contexts=(48,), context_shares=(1.0,))
_PLAIN = DistillationConfig(recent=0, mirrored=0, share=1)


def _rows(values: torch.Tensor, period: float = 4) -> Rows:
    n, context = values.shape
    return Rows(values, torch.ones_like(values), torch.full((n,), period), torch.zeros(n, context + 64, 4))


def _positive(n: int = 6, context: int = 96) -> torch.Tensor:
    generator = torch.Generator().manual_seed(3)
    return 20 + torch.rand(n, context, generator=generator) + 0.1 * torch.arange(context)


def _portion(teacher: Teacher, share: float = 1.0) -> Portion:
    batch = draw_batch(_CORPUS, 11, 0)
    return Portion(batch, teach(teacher, batch, share, np.random.default_rng(0)))


@torch.no_grad()
def _total(network: DemandNetwork, portion: Portion, objective: Objective) -> float:
    return float(evaluate_portion(network, portion, objective)[1])


def test_the_divergence_of_two_coins_is_that_of_the_formula() -> None:
    log_odds = {p: math.log(p / (1 - p)) for p in (0.8, 0.3)}
    soft, temperature = {p: 1 / (1 + math.exp(-odds / 2)) for p, odds in log_odds.items()}, 2.0
    t, s = soft[0.8], soft[0.3]
    expected = temperature**2 * (t * math.log(t / s) + (1 - t) * math.log((1 - t) / (1 - s)))
    actual = bernoulli_divergence(torch.tensor(0.8), torch.tensor(log_odds[0.3]), temperature)
    assert float(actual) == pytest.approx(expected, rel=1e-5)
    assert float(bernoulli_divergence(torch.tensor(0.3), torch.tensor(log_odds[0.3]), 2.0)) < 1e-7


def test_a_student_that_answers_as_its_teacher_is_at_no_distance(network: DemandNetwork) -> None:
    portion = _portion(Teacher([network], _PLAIN))
    only_teacher = Objective(LossWeights(), replace(_PLAIN, alpha=0.0))
    losses, total = evaluate_portion(network, portion, only_teacher)
    # Quantiles below zero are lifted by the teacher and only softened in the student.
    assert float(total.detach()) < 0.02 * float(losses.total.detach())


def test_alpha_weighs_truth_against_teacher(network: DemandNetwork) -> None:
    torch.manual_seed(5)
    portion = _portion(Teacher([DemandNetwork(network.config).eval()], _PLAIN))
    totals = [
        _total(network, portion, Objective(LossWeights(), replace(_PLAIN, alpha=alpha)))
        for alpha in (0.0, 0.25, 1.0)
    ]
    assert totals[1] == pytest.approx(0.75 * totals[0] + 0.25 * totals[2], rel=1e-5)
    losses, _ = evaluate_portion(network, portion, Objective(LossWeights(), _PLAIN))
    assert totals[2] == pytest.approx(float(losses.total), rel=1e-6)


def test_a_student_moves_towards_its_teacher(network: DemandNetwork) -> None:
    portion = _portion(Teacher([network], _PLAIN))
    torch.manual_seed(0)
    student = DemandNetwork(network.config)
    objective = Objective(LossWeights(), replace(_PLAIN, alpha=0.0))
    optimizers = make_optimizers(student, TrainingConfig())
    before = _total(student, portion, objective)
    for _ in range(12):
        train_step(student, optimizers, portion, objective, 1.0)
    assert _total(student, portion, objective) < 0.8 * before


def test_members_are_averaged(network: DemandNetwork) -> None:
    torch.manual_seed(5)
    other = DemandNetwork(network.config).eval()
    rows = _rows(_positive())
    both, first, second = (
        Teacher(members, _PLAIN)(rows) for members in ([network, other], [network], [other])
    )
    torch.testing.assert_close(both.quantiles, (first.quantiles + second.quantiles) / 2)


def test_the_recent_view_sees_the_newer_half_alone(network: DemandNetwork) -> None:
    values = _positive()
    recent = Teacher([network], replace(_PLAIN, recent=1))(_rows(values))
    newer_only = Teacher([network], _PLAIN)(_rows(values[:, 48:]))
    seen, expected = (
        one.scaling.expand(one.quantiles.flatten(1)).reshape(one.quantiles.shape)
        for one in (recent, newer_only)
    )
    torch.testing.assert_close(seen, expected, rtol=1e-4, atol=1e-3)


def test_a_history_of_less_than_three_seasons_has_no_recent_view(network: DemandNetwork) -> None:
    rows = _rows(_positive(), period=40)
    recent, plain = (Teacher([network], replace(_PLAIN, recent=w))(rows) for w in (1.0, 0.0))
    torch.testing.assert_close(recent.quantiles, plain.quantiles, rtol=0, atol=0)


def test_the_mirrored_view_turns_the_forecast_of_the_negated_history_back(network: DemandNetwork) -> None:
    values = _positive()
    mirrored = Teacher([network], replace(_PLAIN, mirrored=1))(_rows(values))
    negated = Teacher([network], _PLAIN)(_rows(-values))
    torch.testing.assert_close(mirrored.quantiles, -torch.flip(negated.quantiles, [2]), rtol=1e-4, atol=1e-4)
    assert (mirrored.quantiles.diff(dim=2) >= 0).all()


def test_rows_with_a_zero_are_not_mirrored(network: DemandNetwork) -> None:
    values = _positive()
    values[:, 5] = 0
    mirrored, plain = (Teacher([network], replace(_PLAIN, mirrored=w))(_rows(values)) for w in (1.0, 0.0))
    torch.testing.assert_close(mirrored.quantiles, plain.quantiles, rtol=0, atol=0)


def test_a_teacher_is_asked_about_its_share_of_the_rows_and_answers_each_batch_alike(exported: Path) -> None:
    config = DistillationConfig(share=0.5)
    portion = _portion(load_teacher([exported], config), config.share)
    assert portion.taught is not None
    assert portion.taught.rows.size == 12 == np.unique(portion.taught.rows).size
    assert portion.taught.lesson.quantiles.shape == (12, 64, 9)
    assert torch.isfinite(portion.taught.lesson.quantiles).all()


def test_lessons_come_with_their_batches(exported: Path, network: DemandNetwork) -> None:
    feed = BatchFeed(_CORPUS, 3, 0, Teaching((exported,), _PLAIN))
    portion = next(iter(feed))
    feed.close()
    assert portion.taught is not None
    expected = teach(Teacher([network], _PLAIN), draw_batch(_CORPUS, 3, 0), 1.0, np.random.default_rng(0))
    torch.testing.assert_close(portion.taught.lesson.quantiles, expected.lesson.quantiles)


def test_a_teacher_forecasts_histories_as_its_only_member_is_served(exported: Path) -> None:
    histories = [np.array([0, 0, 3, 0, 0, 1, 0, 2.0]), np.arange(50, 80.0), np.full(40, np.nan)]
    quantiles = TeacherForecaster(load_teacher([exported], _PLAIN)).forecast(histories, 4)
    served = OnnxForecaster(exported).forecast(histories, 4)
    np.testing.assert_allclose(quantiles, served, rtol=1e-3, atol=1e-3)
