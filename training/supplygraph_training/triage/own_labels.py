"""The recipe on a team's own intents: a teacher of six layers and a student of three that it teaches.

Only intents and categories are the team's. Complaint, mood and urgency are learned from the rules
(`weak_labels`) and the grammar of complaints, scope from the grammar of texts that are about nothing sold.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from supplygraph_training.triage.augment import add_typos, drop_words
from supplygraph_training.triage.batches import BatchPlan, make_batches
from supplygraph_training.triage.corpus import draw_outside, draw_weak
from supplygraph_training.triage.encoder import Encoder, load_minilm
from supplygraph_training.triage.labels import Taxonomy
from supplygraph_training.triage.lesson import Lesson, give_lessons
from supplygraph_training.triage.losses import Batch
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.plan import LAYERS, TrainingPlan
from supplygraph_training.triage.pool import UNKNOWN, Example, outside_example, weak_example
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.run import Run, read_run, save_run
from supplygraph_training.triage.tokenise import WordPiece
from supplygraph_training.triage.train import start_network
from supplygraph_training.triage.vocabulary import trim_vocabulary
from supplygraph_training.triage.weak_labels import label_weakly

_TYPOS, _DROPPED = 0.15, 0.1
_OUTSIDE, _WEAK = 0.1, 0.05
_VOCABULARY_SEED = 1


@dataclass(frozen=True)
class OwnText:
    """A text as its writer typed it, with its intent and, where the team has any, the intent's category."""

    text: str
    intent: str
    category: str | None = None


def read_taxonomy(texts: list[OwnText]) -> Taxonomy:
    """The intents that occur, sorted; an intent without a category is a category of its own.

    Raises
    ------
    ValueError
        If there are fewer than two intents, or an intent has two categories.
    """
    category_of: dict[str, str] = {}
    for one in texts:
        category = one.category or one.intent
        if category_of.setdefault(one.intent, category) != category:
            raise ValueError(
                f"category of {one.intent!r} must be one, got {category_of[one.intent]!r} and {category!r}."
            )
    if len(category_of) < 2:
        raise ValueError(f"intent must have at least two values, got {len(category_of)}.")
    return Taxonomy(tuple(sorted(category_of)), category_of)


def make_own_runs(texts: list[OwnText], plan: TrainingPlan) -> list[Path]:
    """Train a teacher, then a student, in folders below the plan's; each takes the plan's minutes.

    Returns the two folders, the student's last. The student begins with three of the teacher's layers.
    """
    teacher = replace(plan, out=plan.out / "teacher", layers=6)
    fit_own_labels(texts, teacher)
    student = replace(
        plan, out=plan.out / "student", seed=plan.seed + 1, start=teacher.out, teachers=(teacher.out,)
    )
    fit_own_labels(texts, student)
    return [teacher.out, student.out]


def fit_own_labels(texts: list[OwnText], plan: TrainingPlan) -> Run:
    """Train one network on texts, taught by the plan's teachers, and save the run.

    Raises
    ------
    ValueError
        As `read_taxonomy`.
    """
    torch.manual_seed(plan.seed)
    taxonomy = read_taxonomy(texts)
    network, vocabulary = _start(texts, taxonomy, plan)
    teachers = [read_run(path).network.eval() for path in plan.teachers]
    lesson = Lesson(plan, network, teachers, load_minilm(vocabulary, LAYERS[6]).eval())
    progress = give_lessons(lesson, _endless_batches(texts, network, plan, WordPiece(vocabulary)))
    record = {**plan.to_json(), "data": "own labels", **progress}
    save_run(plan.out, network, vocabulary, record)
    return Run(network, vocabulary, record)


def list_own_calibration(held_out: list[OwnText], intents: tuple[str, ...], seed: int = 77) -> list[Example]:
    """Texts to fit temperatures and thresholds on: held-out ones and lines kept from training."""
    rng = random.Random(seed)
    inside = [_label(preprocess(one.text), one.intent) for one in held_out]
    return [*inside, *_draw_others(intents, len(inside), True, rng)]


def draw_own_pool(texts: list[OwnText], intents: tuple[str, ...], seed: int) -> list[Example]:
    """Every text once, some with typos or words left out, and texts of the grammars among them."""
    rng = random.Random(seed)
    examples = [_label(_vary(preprocess(one.text), rng), one.intent) for one in texts]
    examples += _draw_others(intents, len(texts), False, rng)
    rng.shuffle(examples)
    return examples


def _draw_others(intents: tuple[str, ...], count: int, held_out: bool, rng: random.Random) -> list[Example]:
    """Texts out of scope and complaints, a share of `count` each; no intent is known of the latter."""
    outside = draw_outside(max(20, round(_OUTSIDE * count)), held_out, rng)
    complaints = draw_weak(max(20, round(_WEAK * count)), held_out, rng)
    return [
        *(outside_example(one.text, intents) for one in outside),
        *(replace(one, intents={}, scope=UNKNOWN) for one in complaints),
    ]


def _start(texts: list[OwnText], taxonomy: Taxonomy, plan: TrainingPlan) -> tuple[TriageNetwork, list[str]]:
    if plan.start is not None:
        run = read_run(plan.start)
        network = start_network(plan, run.vocabulary)
        return network if network.taxonomy == taxonomy else _change_intents(network, taxonomy), run.vocabulary
    pool = draw_own_pool(texts, taxonomy.intents, _VOCABULARY_SEED)
    vocabulary = trim_vocabulary([*(preprocess(one.text) for one in texts), *(one.text for one in pool)])
    return TriageNetwork(load_minilm(vocabulary, LAYERS[plan.layers]), taxonomy=taxonomy), vocabulary


def _change_intents(network: TriageNetwork, taxonomy: Taxonomy) -> TriageNetwork:
    """A network of other intents: the heads of intent and category are new, all other weights are kept."""
    changed = TriageNetwork(Encoder(network.encoder.config), taxonomy=taxonomy)
    kept = {
        name: value
        for name, value in network.state_dict().items()
        if not name.startswith(("intent.", "category."))
    }
    changed.load_state_dict(kept, strict=False)
    return changed


def _endless_batches(
    texts: list[OwnText], network: TriageNetwork, plan: TrainingPlan, pieces: WordPiece
) -> Iterator[Batch]:
    intents = network.taxonomy.intents
    number = 0
    while True:
        seed = 1000 * plan.seed + number
        pool = draw_own_pool(texts, intents, seed)
        yield from make_batches(pool, pieces, BatchPlan(plan.rows, plan.longest, intents), seed)
        number += 1


def _label(text: str, intent: str) -> Example:
    return weak_example(text, intent, label_weakly(text, None))


def _vary(text: str, rng: random.Random) -> str:
    if rng.random() < _DROPPED:
        text = drop_words(text, rng)
    return preprocess(add_typos(text, rng)) if text and rng.random() < _TYPOS else text
