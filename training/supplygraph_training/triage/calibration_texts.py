"""The texts that temperatures, weights of members and thresholds are fitted on: none is ever trained on."""

from __future__ import annotations

from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.calibration import Thresholds, choose_thresholds
from supplygraph_training.triage.corpus import draw_held_out
from supplygraph_training.triage.pool import UNKNOWN, Example, stack_targets
from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.sources import load_calibration_reviews

_HELD_OUT, _HELD_OUT_SEED = 2700, 77


def list_calibration_examples() -> list[Example]:
    """The texts that temperatures and thresholds are fitted on."""
    reviews = [
        Example(
            review.text,
            complaint=UNKNOWN if review.rating == 3 else float(review.rating < 3),
            sentiment=review.rating - 1,
            weight=0.0,
        )
        for review in load_calibration_reviews(data_folder())
    ]
    return [*draw_held_out(_HELD_OUT, _HELD_OUT_SEED), *reviews]


def fit_thresholds(served: OnnxTriage, held_out: list[Example], intents: tuple[str, ...]) -> Thresholds:
    """Thresholds of the graph that is served, on the texts of one known intent."""
    known = [one for one in held_out if one.scope == 1 and max(one.intents.values(), default=0) == 1]
    answers = served.predict([one.text for one in known])
    truth = stack_targets(known, intents).intents.argmax(1)
    chances = answers["intent"]
    return choose_thresholds(chances.max(1), chances.argmax(1) == truth, answers["in_scope"])
