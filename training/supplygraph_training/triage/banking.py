"""The recipe on other labels: `python -m supplygraph_training.triage.banking`.

A tenth of each of Banking77's 77 intents is held out (`--seed`); accuracy of the teacher and of the student
on it, beside TF-IDF + linear SVM on the same split. Two runs of `--minutes` each.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import torch
from sklearn.model_selection import train_test_split

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.own_labels import OwnText, make_own_runs
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.predict import predict_logits
from supplygraph_training.triage.run import read_run
from supplygraph_training.triage.svm import TextSvm
from supplygraph_training.triage.texts import BankQuery, read_bank_queries
from supplygraph_training.triage.tokenise import WordPiece


def main() -> None:
    """Train and print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--minutes", type=float, default=9.0, help="of each of the two runs")
    parser.add_argument("--seed", type=int, default=1, help="of split and runs")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--cache", type=Path, default=Path("training/.cache/triage/banking"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    queries = read_bank_queries(data_folder())
    train, test = train_test_split(
        queries, test_size=0.1, random_state=options.seed, stratify=[query.label for query in queries]
    )
    plan = TrainingPlan(options.cache, minutes=options.minutes, seed=options.seed)
    runs = make_own_runs([OwnText(query.text, query.label) for query in train], plan)
    svm = TextSvm([query.text for query in train], [query.label for query in train])
    baseline = _share(svm.predict([query.text for query in test]), test)
    for run in runs:
        print(
            f"Banking77, {len(test)} held out of {len(queries)}, accuracy of the {run.name}: "
            f"{score_run(run, test):.4f} (tfidf_linear_svm {baseline:.4f})"
        )


def score_run(folder: Path, test: list[BankQuery]) -> float:
    """Accuracy of a run in float32 on preprocessed queries."""
    run = read_run(folder)
    logits = predict_logits(run.network, WordPiece(run.vocabulary), [query.text for query in test])
    intents = run.network.taxonomy.intents
    return _share([intents[row] for row in logits.intent.argmax(1)], test)


def _share(found: list[str], test: list[BankQuery]) -> float:
    return float(np.mean([label == query.label for label, query in zip(found, test, strict=True)]))


if __name__ == "__main__":
    main()
