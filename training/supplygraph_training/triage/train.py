"""Train a triage network: `python -m supplygraph_training.triage.train --out RUN --minutes 12`.

With `--teacher RUN …` it is taught by other runs; `--start RUN` goes on from a run's weights. The learning
rate falls along a cosine tied to the clock; the run is saved every minute, so that after a kill `--start`
with the same folder begins a new run from what was saved.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import torch

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.batches import BatchPlan, make_batches
from supplygraph_training.triage.corpus import REVIEWS_ONLY, CorpusConfig, Sources, draw_pool
from supplygraph_training.triage.encoder import Encoder, load_minilm
from supplygraph_training.triage.lesson import Lesson, give_lessons
from supplygraph_training.triage.losses import Batch
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.plan import LAYERS, TrainingPlan
from supplygraph_training.triage.run import read_run, save_run
from supplygraph_training.triage.sources import load_sources, load_vocabulary
from supplygraph_training.triage.tokenise import WordPiece


def main() -> None:
    """Train with the options of the command line."""
    options = _parse_options()
    torch.set_num_threads(options.threads)
    corpus = CorpusConfig(phrases=0, denied=0, double=0) if options.no_phrases else CorpusConfig()
    plan = TrainingPlan(
        out=options.out,
        data=options.data,
        layers=options.layers,
        minutes=options.minutes,
        seed=options.seed,
        teachers=tuple(options.teacher),
        start=options.start,
        encoder_rate=options.encoder_rate,
        alpha=options.alpha,
        corpus=REVIEWS_ONLY if options.data == "reviews" else corpus,
    )
    train(plan, data_folder())


def train(plan: TrainingPlan, folder: Path) -> TriageNetwork:
    """Carry out a plan with the data of a folder and save the run."""
    vocabulary = read_run(plan.start).vocabulary if plan.start else load_vocabulary(folder)
    return train_on(plan, load_sources(folder, plan.data), vocabulary)


def train_on(plan: TrainingPlan, sources: Sources, vocabulary: list[str]) -> TriageNetwork:
    """Carry out a plan with texts of one's own choice and save the run."""
    torch.manual_seed(plan.seed)
    network = start_network(plan, vocabulary)
    teachers = [read_run(path).network.eval() for path in plan.teachers]
    lesson = Lesson(plan, network, teachers, load_minilm(vocabulary, LAYERS[6]).eval())
    batches = _endless_batches(sources, plan, WordPiece(vocabulary))
    progress = give_lessons(
        lesson, batches, lambda state: save_run(plan.out, network, vocabulary, {**plan.to_json(), **state})
    )
    save_run(plan.out, network, vocabulary, {**plan.to_json(), **progress})
    return network


def start_network(plan: TrainingPlan, vocabulary: list[str]) -> TriageNetwork:
    """MiniLM's layers with new heads, or a run's; of a run of six layers those that `LAYERS` names.

    Raises
    ------
    ValueError
        If the run has another vocabulary, or neither six layers nor as many as the plan.
    """
    if plan.start is None:
        return TriageNetwork(load_minilm(vocabulary, LAYERS[plan.layers]))
    run = read_run(plan.start)
    depth = len(run.network.encoder.layers)
    if run.vocabulary != vocabulary or depth not in (plan.layers, 6):
        raise ValueError(
            f"start must be a run of {plan.layers} or 6 layers with the same vocabulary, got {plan.start}."
        )
    return run.network if depth == plan.layers else cut_layers(run.network, LAYERS[plan.layers])


def cut_layers(network: TriageNetwork, layers: tuple[int, ...]) -> TriageNetwork:
    """A network with the given layers of another's encoder, in order, and all its other weights."""
    config = network.encoder.config
    cut = TriageNetwork(Encoder(replace(config, layers=len(layers))), taxonomy=network.taxonomy)
    state = network.state_dict()
    kept = {name: value for name, value in state.items() if not name.startswith("encoder.layers.")}
    for place, layer in enumerate(layers):
        prefix = f"encoder.layers.{layer}."
        for name, value in state.items():
            if name.startswith(prefix):
                kept[f"encoder.layers.{place}.{name.removeprefix(prefix)}"] = value
    cut.load_state_dict(kept)
    return cut


def _endless_batches(sources: Sources, plan: TrainingPlan, pieces: WordPiece) -> Iterator[Batch]:
    number = 0
    while True:
        seed = 1000 * plan.seed + number
        pool = draw_pool(sources, plan.corpus, seed)
        yield from make_batches(pool, pieces, BatchPlan(plan.rows, plan.longest), seed)
        number += 1


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--data", choices=("20k", "all", "reviews"), default=TrainingPlan.data)
    parser.add_argument("--layers", type=int, choices=sorted(LAYERS), default=TrainingPlan.layers)
    parser.add_argument("--minutes", type=float, default=TrainingPlan.minutes)
    parser.add_argument("--seed", type=int, default=TrainingPlan.seed)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--encoder-rate", type=float, default=TrainingPlan.encoder_rate)
    parser.add_argument(
        "--alpha", type=float, default=TrainingPlan.alpha, help="share of the truth, if taught"
    )
    parser.add_argument("--teacher", type=Path, nargs="*", default=[], help="runs that teach")
    parser.add_argument("--no-phrases", action="store_true", help="without the grammars of the intents")
    parser.add_argument("--start", type=Path, help="run whose weights to start from")
    return parser.parse_args()


if __name__ == "__main__":
    main()
