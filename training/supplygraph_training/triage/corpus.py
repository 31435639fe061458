"""Draws pools of training examples: real texts of all intents alike, changed; phrases; texts out of scope."""

from __future__ import annotations

import random
import zlib
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TypeVar

from supplygraph_training.triage.augment import add_typos, augment, make_angry
from supplygraph_training.triage.frames import DENIALS, THINGS, WANTS, surround
from supplygraph_training.triage.labels import INTENTS, SEVERITIES
from supplygraph_training.triage.phrases import Phrase, read_phrases
from supplygraph_training.triage.pool import UNKNOWN, Example, outside_example, weak_example
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.texts import BankQuery, Message, Review
from supplygraph_training.triage.weak_labels import label_weakly

T = TypeVar("T")

_HELD_OUT = 7
"""One line in this many of each grammar is kept from training, for calibration."""


@dataclass(frozen=True)
class CorpusConfig:
    """How many examples of each kind a pool holds.

    Attributes
    ----------
    real, phrases : int
        Per intent: changed texts of the data, texts from the grammars.
    outside, banking, reviews_outside : int
        Out of scope: from the grammar, bank queries, good reviews.
    weak, reviews : int
        Complaints from the grammar and reviews, for mood and urgency.
    denied, double : int
        Texts that deny an intent, texts of two intents.
    angry : float
        Share of texts in scope that get a curse.
    """

    real: int = 300
    phrases: int = 300
    outside: int = 3500
    banking: int = 2000
    reviews_outside: int = 600
    weak: int = 1500
    reviews: int = 3000
    denied: int = 2000
    double: int = 600
    angry: float = 0.08


REVIEWS_ONLY = CorpusConfig(
    real=0, phrases=0, outside=0, banking=0, reviews_outside=0, weak=0, reviews=100_000, denied=0, double=0
)
"""Every review once, and nothing else."""


@dataclass(frozen=True)
class Sources:
    """The texts that pools are drawn from; none of them is held out."""

    messages: list[Message]
    bank_queries: list[BankQuery]
    reviews: list[Review]


def is_held_out(phrase: Phrase) -> bool:
    """Whether a line of a grammar is kept from training."""
    return zlib.crc32(phrase.pattern.encode()) % _HELD_OUT == 0


def draw_pool(sources: Sources, config: CorpusConfig, seed: int) -> list[Example]:
    """Draw a pool; the same seed gives the same pool."""
    rng = random.Random(seed)
    examples = [
        *_draw_real(sources.messages, config, rng),
        *_draw_phrases(config.phrases * len(INTENTS), False, config.angry, rng),
        *draw_outside(config.outside, False, rng),
        *[outside_example(_vary(one.text, rng)) for one in _pick(sources.bank_queries, config.banking, rng)],
        *_draw_reviews(sources.reviews, config, rng),
        *draw_weak(config.weak, False, rng),
        *[_deny(rng) for _ in range(config.denied)],
        *[_join(rng) for _ in range(config.double)],
    ]
    rng.shuffle(examples)
    return examples


def draw_held_out(count: int, seed: int) -> list[Example]:
    """Texts of the grammars' lines that training never sees: `count` in scope, as many out of it."""
    rng = random.Random(seed)
    return [
        *_draw_phrases(count, True, 0.08, rng),
        *draw_outside(count, True, rng),
        *draw_weak(count // 4, True, rng),
    ]


def _draw_real(messages: list[Message], config: CorpusConfig, rng: random.Random) -> list[Example]:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for message in messages:
        by_intent[message.intent].append(message.text)
    examples = []
    for intent, texts in sorted(by_intent.items()):
        for _ in range(config.real):
            text = preprocess(augment(rng.choice(texts), rng))
            examples.append(_label(text, intent, config.angry, rng))
    return examples


def _draw_phrases(count: int, held_out: bool, angry: float, rng: random.Random) -> list[Example]:
    by_intent: dict[str, list[Phrase]] = defaultdict(list)
    for phrase in read_phrases("phrases.txt"):
        if is_held_out(phrase) == held_out:
            by_intent[phrase.section].append(phrase)
    intents = sorted(by_intent)
    drawn = []
    for number in range(count):
        intent = intents[number % len(intents)]
        text = _vary(_frame(rng.choice(by_intent[intent]), rng), rng)
        drawn.append(_label(text, intent, angry, rng))
    return drawn


def draw_outside(count: int, held_out: bool, rng: random.Random) -> list[Example]:
    """Texts out of scope, from lines of the grammar that are held out or from the others."""
    lines = [phrase for phrase in read_phrases("outside.txt") if is_held_out(phrase) == held_out]
    return [outside_example(_vary(_frame(rng.choice(lines), rng), rng)) for _ in range(count)]


def _draw_reviews(reviews: list[Review], config: CorpusConfig, rng: random.Random) -> list[Example]:
    examples = []
    for review in _pick(reviews, config.reviews, rng):
        complaint = 1.0 if review.rating <= 2 else 0.0 if review.rating >= 4 else -1.0
        severity = 0 if review.rating >= 4 else 1 if review.rating <= 2 else -1
        examples.append(
            Example(
                review.text,
                complaint=complaint,
                sentiment=review.rating - 1,
                severity=severity,
                weight=0.0,
                recommended=UNKNOWN if review.recommended is None else float(review.recommended),
            )
        )
    good = [review for review in reviews if review.rating >= 4]
    for review in _pick(good, config.reviews_outside, rng):
        sentences = [part for part in review.text.split(".") if 12 < len(part) < 120] or [review.text[:100]]
        examples.append(outside_example(rng.choice(sentences).strip()))
    return examples


def draw_weak(count: int, held_out: bool, rng: random.Random) -> list[Example]:
    """Complaints and thanks with weak labels, from lines that are held out or from the others."""
    lines = [phrase for phrase in read_phrases("weak.txt") if is_held_out(phrase) == held_out]
    examples = []
    for _ in range(count):
        phrase = rng.choice(lines)
        severity, sentiment = phrase.section.split(" ")
        level, mood = SEVERITIES.index(severity), int(sentiment)
        complains = level > 0
        examples.append(
            Example(
                _vary(phrase.expand(rng), rng),
                {"complaint": 1.0} if complains else {},
                weight=0.3 if complains else 0.0,
                scope=1.0 if complains else -1.0,
                complaint=1.0 if complains else 0.0,
                sentiment=mood,
                severity=level,
            )
        )
    return examples


def _deny(rng: random.Random) -> Example:
    """A text that says what is not wanted: no intent but its own is excluded, or another one is wanted."""
    wants = [
        phrase for phrase in read_phrases("phrases.txt") if phrase.kind == "v" and not is_held_out(phrase)
    ]
    denied = rng.choice(wants)
    wanted = rng.choice([phrase for phrase in wants if phrase.section != denied.section])
    first = rng.choice(DENIALS).format(denied.expand(rng))
    if rng.random() < 0.5:
        both = (first, rng.choice(WANTS).format(wanted.expand(rng)))
        text = rng.choice((", ", ". ", " but ", ", just ")).join(both if rng.random() < 0.7 else both[::-1])
        return replace(_label(_vary(text, rng), wanted.section, 0.0, rng), weight=0.7)
    others = [intent for intent in INTENTS if intent != denied.section]
    text = _vary(first, rng)
    weak = label_weakly(text, None)
    return Example(
        text, {one: 1 / len(others) for one in others}, 0.7, 0.4, -1.0, weak.sentiment, weak.severity
    )


def _join(rng: random.Random) -> Example:
    """A text of two intents, each as likely as the other."""
    lines = [phrase for phrase in read_phrases("phrases.txt") if not is_held_out(phrase)]
    first = rng.choice(lines)
    second = rng.choice([phrase for phrase in lines if phrase.section != first.section])
    text = rng.choice((" and ", ". also, ", ", and also ", ". ", " and then ")).join(
        _frame(phrase, rng) for phrase in (first, second)
    )
    return replace(
        _label(_vary(text, rng), first.section, 0.0, rng), intents={first.section: 0.5, second.section: 0.5}
    )


def _label(text: str, intent: str, angry: float, rng: random.Random) -> Example:
    if rng.random() < angry:
        text = make_angry(text, rng)
    return weak_example(text, intent, label_weakly(text, intent))


def _frame(phrase: Phrase, rng: random.Random) -> str:
    text = phrase.expand(rng)
    if phrase.kind == "s":
        return text
    return rng.choice(WANTS if phrase.kind == "v" else THINGS).format(text)


def _vary(text: str, rng: random.Random) -> str:
    text = surround(text, rng, 0.12)
    if rng.random() < 0.2:
        text = add_typos(text, rng)
    if rng.random() < 0.2:
        text = text.replace("'", "").rstrip("?.!")
    return preprocess(text)


def _pick(items: list[T], count: int, rng: random.Random) -> list[T]:
    return rng.sample(items, min(count, len(items)))
