"""The labelled texts: two releases of Bitext, bank queries and clothing reviews, preprocessed."""

from __future__ import annotations

import csv
import gzip
import random
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from supplygraph_training.triage.labels import INTENTS, normalise_label
from supplygraph_training.triage.preprocess import preprocess


@dataclass(frozen=True)
class Message:
    """A preprocessed customer's message and its intent (one of `labels.INTENTS`)."""

    text: str
    intent: str


@dataclass(frozen=True)
class BankQuery:
    """A preprocessed query of a bank's customer and its label."""

    text: str
    label: str


@dataclass(frozen=True)
class Review:
    """A preprocessed review, title before text; rating 1 … 5; what it is about (clothing id).

    `recommended` says whether its writer recommends the product, `None` where not asked.
    """

    text: str
    rating: int
    clothing: str
    recommended: bool | None = None


def read_messages(folder: Path, release: str) -> list[Message]:
    """Read a Bitext release ("20k" or "8k").

    Raises
    ------
    ValueError
        If a row has an intent that the labels do not know.
    """
    messages = []
    with (folder / "bitext" / f"utterances_{release}.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            intent = normalise_label(row["intent"])
            if intent not in INTENTS:
                raise ValueError(f"intent must be one of the {len(INTENTS)} known ones, got {intent!r}.")
            messages.append(Message(preprocess(row["utterance"]), intent))
    return messages


def read_bank_queries(folder: Path) -> list[BankQuery]:
    """Read Banking77's training file."""
    with (folder / "banking77" / "train.csv").open(encoding="utf-8-sig", newline="") as file:
        return [BankQuery(preprocess(row["text"]), row["category"]) for row in csv.DictReader(file)]


def read_reviews(folder: Path) -> list[Review]:
    """Read the clothing reviews."""
    with gzip.open(folder / "clothing_reviews" / "reviews.csv.gz", "rt", encoding="utf8", newline="") as file:
        return [
            Review(
                preprocess(f"{row['Title']}. {row['Review Text']}" if row["Title"] else row["Review Text"]),
                int(row["Rating"]),
                row["Clothing ID"],
                row["Recommended IND"] == "1",
            )
            for row in csv.DictReader(file)
        ]


def without_shared(messages: list[Message], others: list[Message]) -> list[Message]:
    """The messages whose text does not occur among the others."""
    known = {message.text for message in others}
    return [message for message in messages if message.text not in known]


def split_reviews(reviews: list[Review], share: float, seed: int) -> tuple[list[Review], list[Review]]:
    """Split into training and test part so that no clothing id is in both; about `share` in the test."""
    by_clothing: dict[str, list[Review]] = defaultdict(list)
    for review in reviews:
        by_clothing[review.clothing].append(review)
    ids = sorted(by_clothing)
    random.Random(seed).shuffle(ids)
    test: list[Review] = []
    train: list[Review] = []
    for number in ids:
        part = test if len(test) + len(by_clothing[number]) <= share * len(reviews) else train
        part.extend(by_clothing[number])
    return train, test
