"""Five-fold score of the recipe on one release: `python -m supplygraph_training.triage.folds`.

The folds of Bitext's 20k release are groups of templates (`groups`): no text has a near-duplicate outside its
own fold. Of each fold, a network without teachers learns from the others and from the grammars; intent
macro-F1 over all folds' answers stands beside TF-IDF + linear SVM on the same folds. `--likeness characters`
tells near-duplicates by their spelling instead of their words, which leaves fewer and larger groups. A fold
that is done is kept, so that `--fold 0 1` and `--fold 2 3 4` can run beside each other before the whole is
scored.
"""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.corpus import CorpusConfig, Sources, draw_pool
from supplygraph_training.triage.figures import macro_f1
from supplygraph_training.triage.groups import fold_groups, group_spellings, group_templates
from supplygraph_training.triage.labels import INTENTS
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.predict import predict_logits
from supplygraph_training.triage.run import is_finished, read_run
from supplygraph_training.triage.svm import TextSvm
from supplygraph_training.triage.texts import Message, read_messages
from supplygraph_training.triage.tokenise import WordPiece
from supplygraph_training.triage.train import train_on
from supplygraph_training.triage.vocabulary import trim_vocabulary

FOLDS, SEED = 5, 20261125
GROUPINGS = {"words": group_templates, "characters": group_spellings}
"""What near-duplicates are told by."""

_CORPUS = CorpusConfig(
    real=800,
    phrases=150,
    outside=0,
    banking=0,
    reviews_outside=0,
    weak=0,
    reviews=0,
    denied=0,
    double=0,
)


@dataclass(frozen=True)
class Folds:
    """The release and the fold of each of its messages."""

    messages: list[Message]
    number: NDArray[np.int64]

    def part(self, fold: int, inside: bool) -> list[Message]:
        """The messages inside a fold, or all others."""
        return [one for one, at in zip(self.messages, self.number, strict=True) if (at == fold) == inside]


def main() -> None:
    """Train the folds asked for; with all of them, print the figures."""
    options = _parse_options()
    torch.set_num_threads(options.threads)
    messages = read_messages(data_folder(), "20k")
    groups = GROUPINGS[options.likeness]([one.text for one in messages])
    folds = Folds(messages, fold_groups(groups, FOLDS, SEED))
    print(f"{len(messages)} texts, {groups.max() + 1} groups, largest {np.bincount(groups).max()}")
    plans = [
        TrainingPlan(
            options.cache / options.likeness / str(fold),
            "20k",
            minutes=options.minutes,
            seed=fold + 1,
            relation=0.0,
            corpus=_CORPUS,
        )
        for fold in range(FOLDS)
    ]
    for fold in options.fold:
        if not is_finished(plans[fold].out):
            _train_fold(plans[fold], folds.part(fold, inside=False))
    if all(is_finished(plan.out) for plan in plans):
        _score(folds, [plan.out for plan in plans])


def _train_fold(plan: TrainingPlan, messages: list[Message]) -> None:
    sources = Sources(messages, [], [])
    drawn = [one.text for one in draw_pool(sources, plan.corpus, plan.seed)]
    train_on(plan, sources, trim_vocabulary([*(one.text for one in messages), *drawn]))


def _score(folds: Folds, runs: list[Path]) -> None:
    truth, network, svm = [], [], []
    for fold, folder in enumerate(runs):
        run, test, train = read_run(folder), folds.part(fold, inside=True), folds.part(fold, inside=False)
        texts = [one.text for one in test]
        logits = predict_logits(run.network, WordPiece(run.vocabulary), texts)
        baseline = TextSvm([one.text for one in train], [one.intent for one in train])
        truth += [INTENTS.index(one.intent) for one in test]
        network += logits.intent.argmax(1).tolist()
        svm += [INTENTS.index(label) for label in baseline.predict(texts)]
        scores = [
            macro_f1(np.array(truth[-len(test) :]), np.array(one[-len(test) :])) for one in (network, svm)
        ]
        print(f"fold {fold}: {len(test)} texts, {_describe(scores)}")
    whole = [macro_f1(np.array(truth), np.array(one)) for one in (network, svm)]
    print(f"all folds: {_describe(whole)}")


def _describe(scores: list[float]) -> str:
    return f"intent macro-F1 {scores[0]:.4f} (tfidf_linear_svm {scores[1]:.4f})"


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=4.0, help="of each fold")
    parser.add_argument("--fold", type=int, nargs="*", default=list(range(FOLDS)), choices=range(FOLDS))
    parser.add_argument("--likeness", choices=sorted(GROUPINGS), default="words", help="of near-duplicates")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=Path("training/.cache/triage/folds"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
