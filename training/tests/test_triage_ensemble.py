from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx
import pytest
import torch
from conftest import PROJECT

from supplygraph_training.card import MODEL_FILE
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.ensemble import (
    HEADS,
    HeadMixture,
    fit_mixtures,
    head_scores,
    mix,
    read_scores,
)
from supplygraph_training.triage.ensemble_graph import add_member, take_network
from supplygraph_training.triage.linear import LinearMember, train_linear
from supplygraph_training.triage.ngram_cases import CASES_FILE, write_ngram_cases
from supplygraph_training.triage.ngrams import BUCKETS, MAXIMUM_NGRAMS, find_ngrams
from supplygraph_training.triage.pool import Example, Floats, outside_example
from supplygraph_training.triage.predict import OnnxTriage

_FOLDER = PROJECT / "models" / "triage"
_MOODS = {0: "broken useless", 2: "hammer nail", 4: "lovely great"}


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    inside = [
        Example(f"{words} {number % 7}", scope=1.0, sentiment=level)
        for number in range(40)
        for level, words in _MOODS.items()
    ]
    return [*inside, *(outside_example(f"moon and star {number % 5}") for number in range(40))]


@pytest.fixture(scope="module")
def member(examples: list[Example]) -> LinearMember:
    return train_linear(examples, 1)


def _shrug(count: int) -> dict[str, Floats]:
    """What a network says that knows nothing."""
    return {
        "in_scope": np.full(count, 0.5, np.float32),
        "sentiment": np.full((count, 5), 0.2, np.float32),
    }


def test_the_cases_of_the_server_are_those_of_this_package(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(PROJECT)
    write_ngram_cases(tmp_path / "cases.json")
    assert (tmp_path / "cases.json").read_text() == CASES_FILE.read_text()


def test_features_are_words_pairs_and_runs_counted_once() -> None:
    found = find_ngrams("ab ab")
    # The word, its runs " a", " ab", " ab ", "ab", "ab ", "b ", and the pair.
    assert len(found.ids) == len(set(found.ids)) == 8
    assert all(0 <= number < BUCKETS for number in found.ids)
    np.testing.assert_allclose(found.weights, [1 + np.log(2)] * 7 + [1])


def test_a_long_text_is_read_up_to_its_limit() -> None:
    found = find_ngrams(" ".join(f"word{number}" for number in range(5000)))
    assert MAXIMUM_NGRAMS <= len(found.ids) < MAXIMUM_NGRAMS + 100


def test_the_member_learns_words_whatever_stands_beside_a_text(member: LinearMember) -> None:
    texts = ["broken", "hammer", "a great lamp and a lovely one on top of it", "star"]
    together = member.predict(texts)
    scores = together.sentiment[:3, 1]
    assert scores.argsort().tolist() == [0, 1, 2]
    assert float(together.in_scope[0]) > float(together.in_scope[3])
    alone = member.predict(texts[:1])
    torch.testing.assert_close(together.sentiment[:1], alone.sentiment)
    assert bool((together.sentiment.diff(dim=1) <= 0).all())


def test_a_member_that_helps_gets_a_weight_and_one_that_does_not_gets_none(
    examples: list[Example], member: LinearMember
) -> None:
    texts = [one.text for one in examples]
    linear = member.predict(texts)
    found = fit_mixtures(_shrug(len(texts)), linear, examples)
    assert set(found) == set(HEADS)
    assert all(0 < one.weight <= 1 for one in found.values())
    knowing = {head: read_scores(getattr(linear, head) * 4).numpy() for head in HEADS}
    shuffled = member.predict(texts[::-1])
    assert fit_mixtures(knowing, shuffled, examples) == {}


@pytest.mark.skipif(not (_FOLDER / MODEL_FILE).exists(), reason="models/triage/model.onnx is not built")
def test_the_graph_of_both_members_mixes_and_gives_the_network_back(member: LinearMember) -> None:
    vocabulary = _FOLDER / VOCABULARY_FILE
    network = take_network(onnx.load(_FOLDER / MODEL_FILE))
    mixtures = {"in_scope": HeadMixture(0.1, 1.2), "sentiment": HeadMixture(0.6, 0.9)}
    both = add_member(network, member, mixtures)
    texts = ["where is the broken lamp?", "", "i love the lovely apple but not the hammer"]
    alone = OnnxTriage(network.SerializeToString(), vocabulary).predict(texts)
    served = OnnxTriage(both.SerializeToString(), vocabulary).predict(texts)
    assert list(served) == list(alone)
    for head, got in served.items():
        wanted = torch.from_numpy(alone[head])
        if head in mixtures:
            linear = getattr(member.predict(texts), head)
            wanted = read_scores(mix(head_scores(wanted), linear, mixtures[head]))
        np.testing.assert_allclose(got, wanted.numpy(), atol=2e-5)
    again = OnnxTriage(take_network(both).SerializeToString(), vocabulary).predict(texts)
    for head, wanted_again in alone.items():
        np.testing.assert_array_equal(again[head], wanted_again)


def test_a_network_without_help_keeps_its_graph(member: LinearMember) -> None:
    network = onnx.ModelProto()
    assert add_member(network, member, {}) is network
