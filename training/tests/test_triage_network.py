from __future__ import annotations

import math
from pathlib import Path

import numpy as np
import pytest
import torch

from supplygraph_training.triage.batches import BatchPlan, make_batches
from supplygraph_training.triage.calibration import (
    Calibration,
    choose_thresholds,
    doubtful_confidence,
    fit_calibration,
    lowest_confidence,
)
from supplygraph_training.triage.encoder import Encoder, EncoderConfig
from supplygraph_training.triage.figures import accuracy_at_coverage, calibration_error, macro_f1
from supplygraph_training.triage.int8 import write_int8
from supplygraph_training.triage.losses import LossWeights, relation_loss, teacher_loss, truth_loss
from supplygraph_training.triage.make import plan_runs
from supplygraph_training.triage.masks import PLACEHOLDERS
from supplygraph_training.triage.network import TriageNetwork, level_chances
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.pool import Example, stack_targets
from supplygraph_training.triage.predict import OnnxTriage, predict_logits
from supplygraph_training.triage.svm import TextSvm
from supplygraph_training.triage.tokenise import SPECIAL, WordPiece
from supplygraph_training.triage.triage_graph import OUTPUTS, calibrate, write_graph
from supplygraph_training.triage.vocabulary import trim_vocabulary

_WORDS = ["where", "is", "my", "order", "refund", "please", "?", "cancel", "it"]
_VOCABULARY = [*SPECIAL, *PLACEHOLDERS, *_WORDS]
_TEXTS = ["where is my order?", "refund please", "cancel it", "order order order order my order"]


@pytest.fixture(scope="module")
def triage() -> TriageNetwork:
    torch.manual_seed(1)
    config = EncoderConfig(len(_VOCABULARY), layers=2, width=32, heads=4, feed_forward=64)
    return TriageNetwork(Encoder(config)).eval()


def _example(text: str, intent: str) -> Example:
    return Example(text, {intent: 1.0}, 1.0, 1.0, 0.0, 2, 1)


def test_padding_changes_no_answer(triage: TriageNetwork) -> None:
    pieces = WordPiece(_VOCABULARY)
    together = predict_logits(triage, pieces, _TEXTS)
    alone = [predict_logits(triage, pieces, [text]) for text in _TEXTS]
    for row, one in enumerate(alone):
        for field, value in zip(together, one, strict=True):
            torch.testing.assert_close(field[row], value[0], rtol=1e-4, atol=1e-5)


def test_levels_are_ordered_chances(triage: TriageNetwork) -> None:
    logits = predict_logits(triage, WordPiece(_VOCABULARY), _TEXTS)
    chances = level_chances(logits.sentiment)
    assert chances.shape == (4, 5)
    assert (chances >= 0).all()
    torch.testing.assert_close(chances.sum(1), torch.ones(4))


def test_the_loss_ignores_what_is_not_known_and_teachers_are_matched_exactly(triage: TriageNetwork) -> None:
    pieces = WordPiece(_VOCABULARY)
    known = [_example(text, "track_order") for text in _TEXTS]
    (batch,) = make_batches(known, pieces, BatchPlan(8, 32), 0)
    logits = triage(batch.ids, batch.mask)
    loss = truth_loss(logits, batch, triage.membership, LossWeights())
    (wider,) = make_batches([*known, Example("refund")], pieces, BatchPlan(8, 32), 0)
    again = truth_loss(triage(wider.ids, wider.mask), wider, triage.membership, LossWeights())
    assert again.item() == pytest.approx(loss.item(), rel=1e-5)
    entropy = teacher_loss(logits, logits, 2.0, LossWeights(scope=0, complaint=0, recommended=0))
    assert float(entropy) == pytest.approx(0, abs=1e-5)
    other = logits._replace(intent=logits.intent.roll(1, 1))
    assert float(teacher_loss(other, logits, 2.0, LossWeights(scope=0, complaint=0, recommended=0))) > 1e-4
    assert float(relation_loss(logits.embedding, logits.embedding)) == 0


def test_graph_and_its_int8_version_answer_as_the_network(triage: TriageNetwork, tmp_path: Path) -> None:
    calibration = Calibration(intent=1.3, severity=0.7, scope=(0.1, 0.8, 0.05))
    (tmp_path / "vocabulary.txt").write_text("\n".join(_VOCABULARY) + "\n")
    write_graph(triage, calibration, tmp_path / "float.onnx")
    rows = [WordPiece(_VOCABULARY).encode_clean(text) for text in _TEXTS]
    write_int8(tmp_path / "float.onnx", tmp_path / "int8.onnx", rows)
    expected = calibrate(predict_logits(triage, WordPiece(_VOCABULARY), _TEXTS), calibration)
    for name, tolerance in (("float", 1e-4), ("int8", 0.05)):
        got = OnnxTriage(tmp_path / f"{name}.onnx", tmp_path / "vocabulary.txt").predict(_TEXTS)
        assert list(got) == list(OUTPUTS)
        for values, want in zip(got.values(), expected, strict=True):
            np.testing.assert_allclose(values, want.numpy(), atol=tolerance)


def test_a_text_is_answered_alike_whatever_stands_beside_it_in_int8(
    triage: TriageNetwork, tmp_path: Path
) -> None:
    pieces = WordPiece(_VOCABULARY)
    rows = [pieces.encode_clean(text) for text in _TEXTS]
    (tmp_path / "vocabulary.txt").write_text("\n".join(_VOCABULARY) + "\n")
    write_graph(triage, Calibration(), tmp_path / "float.onnx")
    write_int8(tmp_path / "float.onnx", tmp_path / "int8.onnx", rows)
    served = OnnxTriage(tmp_path / "int8.onnx", tmp_path / "vocabulary.txt")
    read = [served.encode(text) for text in _TEXTS]
    alone, together = served.run(read[:1]), served.run(read)
    for name, values in alone.items():
        np.testing.assert_allclose(together[name][0], values[0], atol=1e-6)


def test_the_temperature_that_made_confidence_too_high_is_found(triage: TriageNetwork) -> None:
    rng = np.random.default_rng(1)
    logits = predict_logits(triage, WordPiece(_VOCABULARY), _TEXTS * 500)
    truth = torch.from_numpy(rng.normal(0, 1.5, (2000, 27)).astype(np.float32))
    drawn = truth.softmax(-1).multinomial(1, generator=torch.Generator().manual_seed(2)).squeeze(1)
    examples = [_example("refund", "track_order") for _ in range(2000)]
    targets = stack_targets(examples)
    targets.intents[:] = torch.nn.functional.one_hot(drawn, 27).numpy()
    targets.scope[::2] = 0
    calibration = fit_calibration(logits._replace(intent=3 * truth), targets, triage.membership)
    assert calibration.intent == pytest.approx(3, rel=0.1)


def test_thresholds_keep_the_risk_promised() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.6, 0.5], np.float32)
    correct = np.array([True, True, True, False, True])
    assert lowest_confidence(confidence, correct, 0.0) == pytest.approx(0.7)
    assert lowest_confidence(confidence, correct, 0.2) == pytest.approx(0.5)
    assert lowest_confidence(confidence[3:4], correct[3:4], 0.0) == 1
    assert doubtful_confidence(confidence, correct) == pytest.approx(0.6)
    assert doubtful_confidence(confidence[:3], correct[:3]) == 0
    thresholds = choose_thresholds(confidence, correct, np.linspace(0, 1, 101, dtype=np.float32))
    assert thresholds.to_json() == {"inScope": 0.05, "intentAccept": 0.7, "intentSuggest": 0.6}


def test_figures_are_those_of_their_formulas() -> None:
    truth, found = np.array([0, 0, 1, 1, 2]), np.array([0, 1, 1, 1, 0])
    assert macro_f1(truth, found) == pytest.approx((0.5 + 0.8 + 0.0) / 3)
    chances = np.array([[0.9, 0.1], [0.6, 0.4], [0.2, 0.8], [0.45, 0.55]], np.float32)
    labels = np.array([0, 1, 1, 1])
    assert accuracy_at_coverage(chances, labels, 0.5) == 1
    assert accuracy_at_coverage(chances, labels, 1.0) == 0.75
    assert calibration_error(chances, labels, 1) == pytest.approx(abs(0.75 - 0.7125), abs=1e-6)
    sure = np.array([[1.0, 0.0]] * 10, np.float32)
    assert calibration_error(sure, np.zeros(10, np.int64)) == 0


def test_the_baseline_learns_words() -> None:
    svm = TextSvm(["my refund", "a refund please", "my order", "an order please"], ["r", "r", "o", "o"])
    assert svm.predict(["refund now", "order now"]) == ["r", "o"]
    assert svm.scores(["refund", "order"]).shape == (2,)


def test_a_trimmed_vocabulary_reads_unseen_words_by_their_letters() -> None:
    vocabulary = trim_vocabulary(["where is my order"], size=600)
    assert len(vocabulary) == 600
    assert vocabulary[: len(SPECIAL)] == list(SPECIAL)
    unknown = vocabulary.index("[UNK]")
    ids = WordPiece(vocabulary).encode("order zqxjk")
    assert unknown not in ids
    assert vocabulary[ids[1]] == "order"


def test_a_recipe_has_reviews_then_two_teachers_and_a_student_in_two_runs(tmp_path: Path) -> None:
    plans = plan_runs(TrainingPlan(out=tmp_path, data="20k", minutes=3, seed=9))
    assert [plan.layers for plan in plans] == [6, 6, 6, 3, 3]
    assert (
        plans[3].teachers
        == plans[4].teachers
        == (tmp_path / "20k" / "teacher1", tmp_path / "20k" / "teacher2")
    )
    assert [plan.start for plan in plans] == [
        None,
        *[tmp_path / "reviews"] * 2,
        plans[3].teachers[0],
        plans[3].out,
    ]
    assert len({plan.seed for plan in plans[1:]}) == 4
    assert math.isclose(sum(plan.minutes for plan in plans), 15)
