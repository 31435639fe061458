"""A version of the triage model for a team's own labels: `npm run train:triage -- --data my.csv`.

Reads texts and labels from a CSV file, holds a part of the near-duplicate groups back, trains a teacher and a
student on the rest, and registers the student as `data/models/triage/<version>/` unless it is worse on what
was held back than the best registered version of the same labels or, where there is none, than TF-IDF +
linear SVM. `modelActivate` lets the servers answer by it.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from supplygraph_training.card import CARD_FILE, MODEL_FILE, write_json
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.export import export_run
from supplygraph_training.triage.figures import macro_f1
from supplygraph_training.triage.own_data import Columns, Parts, read_own_texts, split_own_texts
from supplygraph_training.triage.own_labels import OwnText, list_own_calibration, make_own_runs, read_taxonomy
from supplygraph_training.triage.plan import TrainingPlan
from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.run import is_finished
from supplygraph_training.triage.svm import TextSvm

SHIPPED = Path("models/triage")
TEACHER = Path("training/.cache/triage/all/teacher1")
"""Run that own labels start from, if it is there: its encoder has read customers' messages before."""

_VERSION = r"\w[\w.-]{0,63}"


@dataclass(frozen=True)
class Order:
    """What to train and where to register it."""

    data: Path
    columns: Columns
    out: Path
    version: str
    minutes: float
    seed: int
    start: Path | None
    force: bool


@dataclass(frozen=True)
class Rival:
    """Something that a new version must not be worse than, with its macro-F1 on the same texts."""

    name: str
    f1: float


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and register, or say in one sentence why not and end with status 1."""
    options = _parse_options(arguments)
    torch.set_num_threads(options.threads)
    order = Order(
        data=options.data,
        columns=Columns(options.text, options.label, options.category),
        out=options.out,
        version=options.version or name_next_version(options.out),
        minutes=options.minutes,
        seed=options.seed,
        start=options.start or (TEACHER if is_finished(TEACHER) else None),
        force=options.force,
    )
    try:
        folder = make_version(order)
    except ValueError as error:
        sys.exit(str(error))
    print(f"Registered {folder}; modelActivate lets the servers answer by it.")


def make_version(order: Order) -> Path:
    """Train and register a version; yields its folder.

    Raises
    ------
    ValueError
        With one sentence, if the data are of no use, the version is there already, or it is worse than what
        it must not be worse than; nothing is registered then.
    """
    _check_version(order)
    texts = read_own_texts(order.data, order.columns)
    intents = read_taxonomy(texts).intents
    parts = split_own_texts(texts)
    _describe(texts, parts, order)
    rivals = list_rivals(parts, intents, order.out)
    with tempfile.TemporaryDirectory() as cache:
        plan = TrainingPlan(Path(cache), minutes=order.minutes / 2, seed=order.seed, start=order.start)
        student = make_own_runs(parts.train, plan)[-1]
        made = Path(cache) / "version"
        export_run(student, made, order.version, list_own_calibration(parts.calibration, intents))
        f1 = score_version(made, parts.scoring)
        _write_figures(made, order, parts, [Rival("this version", f1), *rivals])
        return _register(made, order, f1, rivals)


def list_rivals(parts: Parts, intents: tuple[str, ...], folder: Path) -> list[Rival]:
    """What the held-back texts are answered by today: the baselines, then versions of the same labels."""
    wanted = [one.intent for one in parts.scoring]
    svm = TextSvm([preprocess(one.text) for one in parts.train], [one.intent for one in parts.train])
    found = svm.predict([preprocess(one.text) for one in parts.scoring])
    most = Counter(one.intent for one in parts.train).most_common(1)[0][0]
    baselines = [
        Rival("tfidf_linear_svm", score_labels(wanted, found)),
        Rival("most_frequent_label", score_labels(wanted, [most] * len(wanted))),
    ]
    versions = [
        Rival(f"version {card['version']}", score_version(one, parts.scoring))
        for one, card in _read_cards(folder)
        if tuple(sorted(card["labels"]["intent"])) == intents
    ]
    return [*baselines, *versions]


def score_version(folder: Path, texts: list[OwnText]) -> float:
    """Macro-F1 of the graph that is served."""
    intents = json.loads((folder / CARD_FILE).read_text())["labels"]["intent"]
    served = OnnxTriage(folder / MODEL_FILE, folder / VOCABULARY_FILE)
    chances = served.predict([preprocess(one.text) for one in texts])["intent"]
    return score_labels([one.intent for one in texts], [intents[row] for row in chances.argmax(1)])


def score_labels(wanted: list[str], found: list[str]) -> float:
    """Macro-F1 over the labels that are wanted."""
    number = {label: place for place, label in enumerate(sorted({*wanted, *found}))}
    truth, got = (np.array([number[label] for label in labels]) for labels in (wanted, found))
    return macro_f1(truth, got)


def name_next_version(folder: Path) -> str:
    """`own-1`, or the number behind the last one."""
    numbers = [
        int(one.name.removeprefix("own-"))
        for one in (folder.iterdir() if folder.is_dir() else [])
        if one.name.removeprefix("own-").isdecimal() and one.name.startswith("own-")
    ]
    return f"own-{max(numbers, default=0) + 1}"


def _check_version(order: Order) -> None:
    if not re.fullmatch(_VERSION, order.version):
        raise ValueError(
            f"version must have 1 to 64 letters, digits, dots and hyphens, got {order.version[:80]!r}."
        )
    known = {card["version"] for _, card in _read_cards(order.out)}
    if order.version in known or (order.out / order.version).exists():
        raise ValueError(f"version must be a new one, got {order.version!r}, which is there.")
    if not order.minutes > 0:
        raise ValueError(f"minutes must be above 0, got {order.minutes:g}.")


def _register(made: Path, order: Order, f1: float, rivals: list[Rival]) -> Path:
    """Put the version in its place at once, so that no server finds half of one."""
    versions = [rival for rival in rivals if rival.name.startswith("version ")]
    best = max(versions or rivals, key=lambda rival: rival.f1)
    figures = f"macro-F1 {f1:.4f} on the texts held back, {best.name} has {best.f1:.4f}"
    if f1 < best.f1 and not order.force:
        raise ValueError(f"The version must not be worse than {best.name} (or --force): {figures}.")
    print(f"{figures}.")
    order.out.mkdir(parents=True, exist_ok=True)
    new = order.out / f".{order.version}.new"
    shutil.rmtree(new, ignore_errors=True)
    shutil.copytree(made, new)
    return new.rename(order.out / order.version)


def _read_cards(folder: Path) -> list[tuple[Path, dict[str, Any]]]:
    """Folders and cards of the shipped version and the registered ones; unreadable ones are left out."""
    found = []
    for one in [SHIPPED, *(sorted(folder.iterdir()) if folder.is_dir() else [])]:
        try:
            card = json.loads((one / CARD_FILE).read_text())
            found.append((one, {"version": card["version"], "labels": {"intent": card["labels"]["intent"]}}))
        except (OSError, ValueError, KeyError, TypeError):
            continue
    return found


def _describe(texts: list[OwnText], parts: Parts, order: Order) -> None:
    scored = {one.intent for one in parts.scoring}
    untested = sorted({one.intent for one in texts} - scored)
    print(
        f"{len(texts)} texts, {len({one.intent for one in texts})} labels: {len(parts.train)} to train on, "
        f"{len(parts.calibration)} to calibrate on, {len(parts.scoring)} held back. Two runs of "
        f"{order.minutes / 2:g} minutes from {order.start or 'all-MiniLM-L6-v2'}.",
        flush=True,
    )
    if untested:
        print(f"Not held back, and so not scored, is {', '.join(untested)}.", flush=True)


def _write_figures(folder: Path, order: Order, parts: Parts, rivals: list[Rival]) -> None:
    """Put data, figures and time on the card."""
    card = json.loads((folder / CARD_FILE).read_text())
    own, *others = rivals
    columns = order.columns
    category = f" --category {columns.category}" if columns.category else ""
    command = (
        f"npm run train:triage -- --data {order.data.name} --text {columns.text} --label {columns.label}"
        f"{category} --minutes {order.minutes:g} --seed {order.seed}"
    )
    card["createdAt"] = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    card["training"]["command"] = command
    card["metrics"] = [
        {
            "dataset": f"{order.data.name}, near-duplicate groups held back",
            "series": len(parts.scoring),
            "metric": "intent macro-F1",
            "value": round(own.f1, 4),
            "baseline": {"name": rival.name, "value": round(rival.f1, 4)},
            "command": command,
        }
        for rival in others
    ]
    write_json(folder / CARD_FILE, card)


def _parse_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="npm run train:triage --", description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--data", type=Path, required=True, help="CSV file with a head, in UTF-8")
    parser.add_argument("--text", default=Columns.text, help="column of the texts")
    parser.add_argument("--label", default=Columns.label, help="column of the labels")
    parser.add_argument("--category", help="column of the labels' categories, if there is one")
    parser.add_argument(
        "--minutes", type=float, default=20.0, help="of training, teacher and student together"
    )
    parser.add_argument("--version", help="name of the version; the next own-<number> if not given")
    parser.add_argument("--force", action="store_true", help="register it although it is worse")
    parser.add_argument("--start", type=Path, help="run of six layers to start from, instead of MiniLM")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    versions = Path(os.environ.get("SUPPLYGRAPH_MODEL_VERSIONS_FOLDER") or "data/models")
    parser.add_argument("--out", type=Path, default=versions / "triage", help="folder of the versions")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    main()
