from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.pretrain import hide_pieces, pretrain, read_corpus
from supplygraph_training.triage.run import read_run
from supplygraph_training.triage.tokenise import MASK, SPECIAL
from supplygraph_training.triage.train import start_network

_TEXTS = [
    f"the {thing} in parcel {letter} was {state}"
    for thing in ("lamp", "glass", "chair")
    for letter in "abcdefghijkl"
    for state in ("broken", "late", "fine")
]


def test_hidden_pieces_are_a_seventh_and_never_special() -> None:
    ids = torch.randint(5, 500, (200, 40), generator=torch.Generator().manual_seed(1))
    ids[:, 0], ids[:, -1], ids[100:, 30:] = 2, 3, 0
    hidden, targets = hide_pieces(ids, 500, torch.Generator().manual_seed(2))
    chosen = targets != -100
    assert chosen.sum() / (ids >= len(SPECIAL)).sum() == pytest.approx(0.15, abs=0.01)
    assert (ids[chosen] == targets[chosen]).all()
    assert (hidden[~chosen] == ids[~chosen]).all()
    assert not chosen[ids < len(SPECIAL)].any()
    masked = hidden[chosen] == SPECIAL.index(MASK)
    assert masked.float().mean() == pytest.approx(0.8, abs=0.03)


@pytest.mark.parametrize("from_nothing", [True, False])
def test_the_loss_of_hidden_pieces_falls_and_the_run_is_a_start(tmp_path: Path, from_nothing: bool) -> None:
    plan = TrainingPlan(tmp_path, layers=2, minutes=0.15, rows=32)
    before, after = pretrain(_TEXTS, plan, from_nothing)
    assert after < 0.8 * before
    run = read_run(tmp_path)
    started = start_network(replace(plan, start=tmp_path), run.vocabulary)
    assert started.encoder.words.weight.equal(run.network.encoder.words.weight)


def test_a_corpus_must_have_texts(tmp_path: Path) -> None:
    path = tmp_path / "corpus.txt"
    path.write_text("\n".join(["Where is my order?", "", "where is  my order?"]))
    with pytest.raises(ValueError, match="data must have at least 40 different texts, got 1"):
        read_corpus(path)
    path.write_text("\n".join(_TEXTS))
    assert read_corpus(path) == _TEXTS
