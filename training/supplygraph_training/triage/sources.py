"""What a run may learn from: the releases, and the parts that are kept from training."""

from __future__ import annotations

from pathlib import Path

from supplygraph_training.triage.corpus import CorpusConfig, Sources, draw_pool
from supplygraph_training.triage.texts import (
    Review,
    read_bank_queries,
    read_messages,
    read_reviews,
    split_reviews,
)
from supplygraph_training.triage.vocabulary import trim_vocabulary

REVIEW_SHARE, REVIEW_SEED = 0.2, 20261125
"""Share and seed of the clothing ids whose reviews are never trained on."""

CALIBRATING = 4
"""One in this many of the held-out reviews fits temperatures."""

_VOCABULARY_SEED = 1


def load_sources(folder: Path, data: str) -> Sources:
    """The texts of "reviews", "20k" (a release, reviews) or "all" (both releases, bank queries, reviews)."""
    reviews = split_reviews(read_reviews(folder), REVIEW_SHARE, REVIEW_SEED)[0]
    if data == "reviews":
        return Sources([], [], reviews)
    messages = read_messages(folder, "20k")
    if data == "20k":
        return Sources(messages, [], reviews)
    return Sources([*messages, *read_messages(folder, "8k")], read_bank_queries(folder), reviews)


def load_test_reviews(folder: Path) -> list[Review]:
    """The reviews of clothing ids that are never trained on, but for those that calibrate."""
    held_out = split_reviews(read_reviews(folder), REVIEW_SHARE, REVIEW_SEED)[1]
    return [review for number, review in enumerate(held_out) if number % CALIBRATING]


def load_calibration_reviews(folder: Path) -> list[Review]:
    """Every fourth review of the clothing ids that are never trained on."""
    return split_reviews(read_reviews(folder), REVIEW_SHARE, REVIEW_SEED)[1][::CALIBRATING]


def load_vocabulary(folder: Path) -> list[str]:
    """The trimmed vocabulary: pieces of the 20k release, of a pool with typos, and of the reviews."""
    sources = load_sources(folder, "20k")
    texts = [message.text for message in sources.messages]
    texts += [review.text for review in sources.reviews]
    texts += [example.text for example in draw_pool(sources, CorpusConfig(), _VOCABULARY_SEED)]
    return trim_vocabulary(texts)
