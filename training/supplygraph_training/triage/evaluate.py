"""Score the triage recipe: `python -m supplygraph_training.triage.evaluate --transfer RUN --teachers RUN`.

Every figure stands beside TF-IDF + linear SVM on the same split. The transfer run and its teachers have
learned from the 20k release alone (`train --data 20k`) and are scored, as exported (calibrated, int8), on the
8k release without the texts that both share. Reviews are those of clothing ids that no run learns from, less
the quarter that calibrates. `--write` puts the figures on the card of `--model`.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import onnx
from numpy.typing import NDArray
from sklearn.metrics import roc_auc_score

from supplygraph_training.card import CARD_FILE, MODEL_FILE, Metric, write_metrics
from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.calibration import Calibration
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.ensemble_graph import take_network
from supplygraph_training.triage.export import FLOAT_FILE, export_run
from supplygraph_training.triage.figures import accuracy_at_coverage, calibration_error, macro_f1
from supplygraph_training.triage.labels import CATEGORIES, CATEGORY_OF_INTENT, INTENTS
from supplygraph_training.triage.losses import mean_logits
from supplygraph_training.triage.predict import OnnxTriage, predict_logits
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.run import read_run
from supplygraph_training.triage.sources import load_sources, load_test_reviews
from supplygraph_training.triage.svm import TextSvm
from supplygraph_training.triage.texts import Message, read_bank_queries, read_messages, without_shared
from supplygraph_training.triage.tokenise import WordPiece
from supplygraph_training.triage.triage_graph import write_graph

_COMMAND = "python -m supplygraph_training.triage.evaluate"
_SVM = "tfidf_linear_svm"
_ALONE = "network alone"
_TRANSFER = "Bitext 8k, by the same recipe on the 20k release alone"


class Transfer:
    """The 8k release and what the SVM of the 20k release says of it."""

    def __init__(self, folder: Path) -> None:
        train = read_messages(folder, "20k")
        self.messages: list[Message] = without_shared(read_messages(folder, "8k"), train)
        self.texts = [message.text for message in self.messages]
        self.intents = np.array([INTENTS.index(message.intent) for message in self.messages])
        self.categories = np.array(
            [CATEGORIES.index(CATEGORY_OF_INTENT[message.intent]) for message in self.messages]
        )
        self.outside = [query.text for query in read_bank_queries(folder)]
        self.svm = TextSvm([one.text for one in train], [one.intent for one in train])
        self.category_svm = TextSvm(
            [one.text for one in train], [CATEGORY_OF_INTENT[one.intent] for one in train]
        )


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the figures of runs and model; `arguments` in place of those of the command line."""
    options = _parse_options(arguments)
    folder = data_folder()
    metrics = []
    if options.transfer:
        metrics += score_transfer(options.transfer, options.teachers, Transfer(folder))
    metrics += score_reviews(options.model, folder)
    for metric in metrics:
        print(
            f"{metric.dataset:58s}{metric.series:7d}{metric.metric:>30s}{metric.value:9.4f}"
            f"{metric.baseline:9.4f} ({metric.baseline_name})"
        )
    if options.write:
        write_metrics(options.model / CARD_FILE, metrics)


def score_transfer(run: Path, teachers: list[Path], data: Transfer) -> list[Metric]:
    """Export the transfer run and score it on the 8k release, beside the SVM and its teachers."""
    with tempfile.TemporaryDirectory() as name:
        out = Path(name)
        export_run(run, out, "0.0.0")
        served, alone = read_members(out)
        whole = OnnxTriage(run / FLOAT_FILE, out / VOCABULARY_FILE)
    answers = served.predict(data.texts)
    found = answers["intent"].argmax(1)
    svm = np.array([INTENTS.index(label) for label in data.svm.predict(data.texts)])
    category_svm = np.array([CATEGORIES.index(label) for label in data.category_svm.predict(data.texts)])
    f1 = macro_f1(data.intents, found)
    network_f1 = macro_f1(data.intents, alone.predict(data.texts)["intent"].argmax(1))
    confident = _svm_chances(data.svm.scores(data.texts))
    metrics = [
        _metric("intent macro-F1", f1, macro_f1(data.intents, svm), data),
        _metric(
            "category macro-F1",
            macro_f1(data.categories, answers["category"].argmax(1)),
            macro_f1(data.categories, category_svm),
            data,
        ),
        _metric(
            "ECE of intent",
            calibration_error(answers["intent"], data.intents),
            calibration_error(confident, data.intents),
            data,
        ),
        _metric(
            "accuracy at 80 % coverage",
            accuracy_at_coverage(answers["intent"], data.intents),
            accuracy_at_coverage(confident, data.intents),
            data,
        ),
        _score_scope(answers["in_scope"], served, data),
        *_compare_network(served, alone, data),
        _metric(
            "intent macro-F1 of the network, int8 / float32",
            network_f1,
            macro_f1(data.intents, whole.predict(data.texts)["intent"].argmax(1)),
            data,
            "float32",
        ),
    ]
    return [*metrics, *(_compare_teachers(teachers, network_f1, alone, data) if teachers else [])]


def read_members(folder: Path) -> tuple[OnnxTriage, OnnxTriage]:
    """The graph of a model folder, and its network alone."""
    vocabulary = folder / VOCABULARY_FILE
    network = take_network(onnx.load(folder / MODEL_FILE))
    return OnnxTriage(folder / MODEL_FILE, vocabulary), OnnxTriage(network.SerializeToString(), vocabulary)


def score_reviews(model: Path, folder: Path) -> list[Metric]:
    """AUC of the odds of at least four against at most two stars, on reviews of either."""
    kept = [review for review in load_test_reviews(folder) if review.rating != 3]
    train = [review for review in load_sources(folder, "20k").reviews if review.rating != 3]
    svm = TextSvm([one.text for one in train], [str(int(one.rating > 3)) for one in train])
    good = np.array([review.rating > 3 for review in kept])
    texts = [review.text for review in kept]
    served, alone = (_odds_of_good(one.predict(texts)["sentiment"]) for one in read_members(model))
    auc = float(roc_auc_score(good, served))
    baselines = [
        ("AUC of sentiment", svm.scores(texts), _SVM),
        ("AUC of sentiment, ensemble / network alone", alone, _ALONE),
    ]
    data = "clothing reviews, unseen clothing ids, <= 2 against >= 4 stars"
    return [
        Metric(data, len(kept), name, auc, float(roc_auc_score(good, scores)), _COMMAND, beside)
        for name, scores, beside in baselines
    ]


def _odds_of_good(sentiment: NDArray[np.float32]) -> NDArray[np.float64]:
    levels = sentiment.astype(np.float64).clip(1e-12)
    odds: NDArray[np.float64] = np.log(levels[:, 3:].sum(1)) - np.log(levels[:, :2].sum(1))
    return odds


def _compare_network(served: OnnxTriage, alone: OnnxTriage, data: Transfer) -> list[Metric]:
    """What the linear member adds to the network."""
    both = [(one.predict(data.texts), one.predict(data.outside)["in_scope"]) for one in (served, alone)]
    intent = [macro_f1(data.intents, inside["intent"].argmax(1)) for inside, _ in both]
    category = [macro_f1(data.categories, inside["category"].argmax(1)) for inside, _ in both]
    truth = np.r_[np.ones(len(data.texts)), np.zeros(len(data.outside))]
    scope = [float(roc_auc_score(truth, np.r_[inside["in_scope"], outside])) for inside, outside in both]
    return [
        _metric(f"{name}, ensemble / network alone", figures[0], figures[1], data, _ALONE)
        for name, figures in (
            ("intent macro-F1", intent),
            ("category macro-F1", category),
            ("AUROC of in_scope against Banking77", scope),
        )
    ]


def _score_scope(inside: NDArray[np.float32], served: OnnxTriage, data: Transfer) -> Metric:
    """AUROC of the chance of being in scope, the 8k release against bank queries."""
    outside = served.predict(data.outside)["in_scope"]
    truth = np.r_[np.ones(inside.size), np.zeros(outside.size)]
    svm = np.r_[data.svm.scores(data.texts).max(1), data.svm.scores(data.outside).max(1)]
    return Metric(
        f"Banking77 against {_TRANSFER}",
        truth.size,
        "AUROC of in_scope",
        float(roc_auc_score(truth, np.r_[inside, outside])),
        float(roc_auc_score(truth, svm)),
        _COMMAND,
        _SVM,
    )


def _compare_teachers(folders: list[Path], f1: float, served: OnnxTriage, data: Transfer) -> list[Metric]:
    """Macro-F1 and texts a second of the student beside the ensemble of its teachers, both on one thread."""
    runs = [read_run(folder) for folder in folders]
    pieces = WordPiece(runs[0].vocabulary)
    logits = mean_logits([predict_logits(run.network, pieces, data.texts) for run in runs])
    ensemble = macro_f1(data.intents, logits.intent.argmax(1).numpy())
    with tempfile.TemporaryDirectory() as name:
        write_graph(runs[0].network, Calibration(), Path(name) / MODEL_FILE)
        (Path(name) / VOCABULARY_FILE).write_text("\n".join(runs[0].vocabulary) + "\n", encoding="utf8")
        teacher = OnnxTriage(Path(name) / MODEL_FILE, Path(name) / VOCABULARY_FILE)
    speeds = [measure_speed(served, data.texts), measure_speed(teacher, data.texts)]
    return [
        _metric("intent macro-F1, student / teachers", f1, ensemble, data, "teacher ensemble"),
        _metric("texts a second, student / one teacher", speeds[0], speeds[1], data, "one teacher, float32"),
    ]


def measure_speed(served: OnnxTriage, texts: list[str], seconds: float = 4.0) -> float:
    """Texts a second of processor time, tokenising included, in batches of 32 in the order given."""
    rows, started, clock = 0, time.process_time(), 0.0
    while clock < seconds:
        chunk = [texts[(rows + place) % len(texts)] for place in range(32)]
        served.run([served.encode(preprocess(text)) for text in chunk])
        rows += len(chunk)
        clock = time.process_time() - started
    return rows / clock


def _svm_chances(scores: NDArray[np.float64]) -> NDArray[np.float32]:
    """Softmax of the distances: an SVM has no chances of its own."""
    exponent = np.exp(scores - scores.max(1, keepdims=True))
    return (exponent / exponent.sum(1, keepdims=True)).astype(np.float32)


def _metric(name: str, value: float, baseline: float, data: Transfer, beside: str = "") -> Metric:
    return Metric(_TRANSFER, len(data.texts), name, value, baseline, _COMMAND, beside or _SVM)


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/triage"))
    parser.add_argument("--transfer", type=Path, help="run of the student that learned from 20k alone")
    parser.add_argument("--teachers", type=Path, nargs="*", default=[], help="runs that taught it")
    parser.add_argument("--write", action="store_true", help="put the figures on the card")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
