from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest

from supplygraph_training.triage.augment import add_typos, augment, reframe
from supplygraph_training.triage.corpus import (
    REVIEWS_ONLY,
    CorpusConfig,
    Sources,
    draw_held_out,
    draw_pool,
    is_held_out,
)
from supplygraph_training.triage.folds import Folds
from supplygraph_training.triage.groups import fold_groups, group_spellings, group_templates
from supplygraph_training.triage.labels import (
    CATEGORIES,
    CATEGORY_OF_INTENT,
    INTENTS,
    SEVERITIES,
    normalise_label,
)
from supplygraph_training.triage.phrases import Phrase, read_phrases
from supplygraph_training.triage.pool import UNKNOWN, stack_targets, weak_example
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.texts import Message, Review, read_messages, split_reviews, without_shared
from supplygraph_training.triage.weak_labels import label_weakly

_SOURCES = Sources(
    [Message("where is my order", "track_order"), Message("i want a refund", "get_refund")],
    [],
    [Review("lovely. fits well and looks great on me", 5, "1"), Review("poor. tore at once", 1, "2")],
)
_SMALL = CorpusConfig(
    real=20, phrases=2, outside=30, banking=0, reviews_outside=1, weak=20, reviews=2, denied=20, double=20
)


def test_every_intent_has_one_of_eleven_categories_and_phrases_of_its_own() -> None:
    assert (len(INTENTS), len(CATEGORIES)) == (27, 11)
    assert {CATEGORY_OF_INTENT[intent] for intent in INTENTS} == set(CATEGORIES)
    assert {phrase.section for phrase in read_phrases("phrases.txt")} == set(INTENTS)
    assert normalise_label("check_invoices") == "check_invoice"


def test_a_phrase_stands_for_each_of_its_choices() -> None:
    phrase = Phrase("x", "v", "(cancel|drop) (my|) order , now")
    texts = {phrase.expand(random.Random(seed)) for seed in range(60)}
    assert texts == {"cancel my order, now", "cancel order, now", "drop my order, now", "drop order, now"}


def test_a_pool_is_the_same_again_and_has_the_targets_it_should() -> None:
    pool = draw_pool(_SOURCES, _SMALL, 3)
    assert pool == draw_pool(_SOURCES, _SMALL, 3)
    assert pool != draw_pool(_SOURCES, _SMALL, 4)
    assert all(sum(one.intents.values()) == pytest.approx(1) for one in pool if one.intents)
    assert all(one.text == preprocess(one.text) for one in pool if one.weight == 1)
    targets = stack_targets(pool)
    assert targets.intents.shape == (len(pool), 27)
    assert targets.weight[[not one.intents for one in pool]].sum() == 0
    assert np.count_nonzero(targets.scope == 0) == 31
    assert {one.severity for one in pool} <= {-1, 0, 1, 2, 3}


def test_a_denied_intent_is_never_what_is_wanted() -> None:
    config = CorpusConfig(
        real=0, phrases=0, outside=0, banking=0, reviews_outside=0, weak=0, reviews=0, denied=200, double=0
    )
    pool = draw_pool(_SOURCES, config, 1)
    alone = [one for one in pool if len(one.intents) == 26]
    assert 60 < len(alone) < 140
    assert all(one.weight == 0.7 for one in pool)
    assert all(one.scope == 0.4 for one in alone)


def test_lines_kept_for_calibration_are_not_trained_on() -> None:
    held_out = {phrase.pattern for name in ("phrases.txt", "outside.txt") for phrase in read_phrases(name)}
    kept = {phrase.pattern for phrase in read_phrases("phrases.txt") if is_held_out(phrase)}
    assert 0.05 < len(kept) / len(held_out) < 0.3
    examples = draw_held_out(90, 5)
    assert sum(one.scope == 1 and len(one.intents) == 1 for one in examples) >= 90
    assert sum(one.scope == 0 for one in examples) == 90


@pytest.mark.parametrize(
    ("text", "intent", "complaint", "sentiment", "severity"),
    [
        ("the charger caught fire", None, 1, 2, 3),
        ("you charged me twice", None, 1, 2, 2),
        ("my parcel is late", "delivery_period", 0, 2, 1),
        ("i have a payment problem", "payment_issue", 1, 2, 1),
        ("where is my damn order", "track_order", 1, 0, 1),
        ("i am not happy with it", None, 1, 1, 1),
        ("thank you so much", None, 0, 4, 0),
        ("how do i change my address", "change_shipping_address", 0, 2, 0),
    ],
)
def test_rules_label_mood_and_urgency(
    text: str, intent: str | None, complaint: int, sentiment: int, severity: int
) -> None:
    weak = label_weakly(text, intent)
    assert (weak.complaint, weak.sentiment, weak.severity) == (complaint, sentiment, severity)
    assert weak_example(text, "complaint", weak).intents == {"complaint": 1.0}
    assert SEVERITIES[3] == "critical"
    assert UNKNOWN == -1


def test_changes_keep_a_text_and_are_drawn_from_the_generator_alone() -> None:
    texts = {augment("i want to cancel my order", random.Random(seed)) for seed in range(40)}
    assert len(texts) > 20
    assert augment("cancel it", random.Random(1)) == augment("cancel it", random.Random(1))
    assert add_typos("where is my order", random.Random(3)) != "where is my order"
    assert reframe("can you help me cancel my order?", random.Random(2)).endswith("cancel my order")
    assert reframe("nothing known here", random.Random(2)) == "nothing known here"


def test_near_duplicates_are_one_group_also_through_others() -> None:
    texts = ["a b c d e f g", "a b c d e f h", "a b c d e i h", "x y z", "x y z w", "lonely"]
    groups = group_templates(texts)
    assert groups[0] == groups[1] == groups[2]
    assert groups[3] == groups[4]
    assert len(set(groups.tolist())) == 3
    folds = fold_groups(groups, 2, seed=1)
    assert folds[0] == folds[1] == folds[2]
    assert set(folds.tolist()) == {0, 1}


def test_spellings_join_what_words_keep_apart() -> None:
    texts = ["where is my parcel", "wheres my parcels", "cancel the order", "cancelling the orders", "lonely"]
    assert len(set(group_templates(texts).tolist())) == 5
    groups = group_spellings(texts, threshold=0.5)
    assert groups[0] == groups[1]
    assert groups[2] == groups[3]
    assert len(set(groups.tolist())) == 3


def test_a_fold_learns_from_the_messages_outside_it() -> None:
    messages = [Message(str(number), "track_order") for number in range(4)]
    folds = Folds(messages, np.array([0, 1, 0, 2]))
    assert folds.part(0, inside=True) == [messages[0], messages[2]]
    assert folds.part(0, inside=False) == [messages[1], messages[3]]


def test_what_reviews_say_of_their_product_is_a_target_where_it_is_known() -> None:
    reviews = [Review("bad", 2, "1", False), Review("good", 5, "2", True), Review("so so", 3, "3")]
    pool = draw_pool(Sources([], [], reviews), REVIEWS_ONLY, 1)
    known = {one.text: (one.recommended, one.complaint, one.sentiment) for one in pool}
    assert known == {"bad": (0.0, 1.0, 1), "good": (1.0, 0.0, 4), "so so": (UNKNOWN, UNKNOWN, 2)}


def test_a_clothing_id_is_in_one_part_only() -> None:
    reviews = [Review(str(number), 5, str(number % 20)) for number in range(200)]
    train, test = split_reviews(reviews, 0.25, 1)
    assert len(test) == 50
    assert not {one.clothing for one in train} & {one.clothing for one in test}


def test_the_releases_share_what_is_left_out_of_the_transfer(shared_data: Path) -> None:
    train, other = read_messages(shared_data, "20k"), read_messages(shared_data, "8k")
    assert (len(train), len(other)) == (21534, 8175)
    assert len(without_shared(other, train)) == 7968
