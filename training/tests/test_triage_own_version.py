from __future__ import annotations

import json
import random
from pathlib import Path

import pytest

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, hash_file
from supplygraph_training.triage import own_version
from supplygraph_training.triage.card import VOCABULARY_FILE
from supplygraph_training.triage.own_data import (
    Columns,
    normalise_own_label,
    read_own_texts,
    split_own_texts,
)
from supplygraph_training.triage.own_labels import OwnText
from supplygraph_training.triage.own_version import Order, make_version, name_next_version, score_labels

_KINDS = {"Gift Card": "gift card", "Loyalty": "points bonus", "Repair": "mend repair"}
_WORDS = "my please today bag coat shoe old blue number where cannot find shop online it the lost new".split()  # noqa: SIM905 - words of a text


def _draw_texts(count: int, seed: int = 3) -> list[tuple[str, str]]:
    rng = random.Random(seed)
    labels = sorted(_KINDS)
    rows = []
    for number in range(count):
        label = labels[number % len(labels)]
        words = [*rng.sample(_WORDS, 5), rng.choice(_KINDS[label].split())]
        rng.shuffle(words)
        rows.append((" ".join(words), label))
    return rows


def _write(path: Path, rows: list[tuple[str, str]], head: str = "text,intent") -> Path:
    path.write_text("\n".join([head, *(f"{text},{label}" for text, label in rows)]) + "\n")
    return path


def _order(folder: Path, data: Path, **changes: object) -> Order:
    values: dict[str, object] = {
        "data": data, "columns": Columns(), "out": folder / "versions", "version": "own-1", "minutes": 0.2,
        "seed": 1, "start": None, "force": True,
    }  # fmt: skip
    return Order(**{**values, **changes})  # type: ignore[arg-type]


@pytest.fixture(autouse=True)
def _without_shipped(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(own_version, "SHIPPED", tmp_path / "none")


def test_texts_are_read_once_with_labels_in_snake_case(tmp_path: Path) -> None:
    rows = [("a b", "Gift Card!"), ("A  b", "gift-card"), ("c", "gift card"), ("d", "Gift card")]
    rows += [("e", "Rück"), ("f", "rück"), ("g", "Rück")]
    texts = read_own_texts(_write(tmp_path / "own.csv", rows), Columns())
    assert [(one.text, one.intent) for one in texts] == [
        ("a b", "gift_card"), ("c", "gift_card"), ("d", "gift_card"),
        ("e", "ruck"), ("f", "ruck"), ("g", "ruck"),
    ]  # fmt: skip
    assert normalise_own_label("退款") == ""
    with_category = tmp_path / "categories.csv"
    with_category.write_text('text,intent,area\n"one, two",a,x\nb,a,x\nc,a,x\nd,e,y\nf,e,y\ng,e,y\n')
    texts = read_own_texts(with_category, Columns(category="area"))
    assert (texts[0].text, texts[0].category, texts[5].category) == ("one, two", "x", "y")


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "The data must have a column 'text', got the columns none."),
        (b"text,intent\n", "The data must have at least one row below its head, got none in "),
        (b"words,intent\na,b\n", "The data must have a column 'text', got the columns words, intent."),
        (b"text,label\na,b\n", "The data must have a column 'intent', got the columns text, label."),
        (b"\x7fELF\x00\x01", "The data must be a CSV file of text, got bytes of zero in "),
        (b"text,intent\n\xff\xfe,b\n", "The data must be in UTF-8, got another at byte 12 of "),
        (b'text,intent\n"a" b,c\n', "The data must be a CSV file, got "),
        (b"text,intent\na,x\nb,x\nc,x\n", "intent must have at least two values, got only 'x'."),
        (b"text,intent\na,x\nb,y\n", "intent must have at least 3 different texts of every value, got 1"),
        (b"text,intent\nso,x\nSO,y\n", "A text must have one label, got 'x' in line 2 and 'y' in line 3"),
        (b"text,intent\n <b></b> ,x\n", "text must not be empty, got nothing to read in line 2."),
        (b"text,intent\na,9 lives\n", "intent must begin with a letter a to z and have at most 64 char"),
        (b"text,intent\n" + b"a" * 10_001 + b",x\n", "text must have at most 10,000 characters, got 10,001"),
    ],
)  # fmt: skip
def test_bad_data_are_refused_in_one_sentence_and_nothing_is_registered(
    tmp_path: Path, content: bytes, message: str
) -> None:
    data = tmp_path / "own.csv"
    data.write_bytes(content)
    with pytest.raises(ValueError, match="must") as caught:
        make_version(_order(tmp_path, data))
    assert str(caught.value).startswith(message)
    assert str(caught.value).count(". ") == 0
    assert not (tmp_path / "versions").exists()


def test_a_file_that_is_absent_and_a_version_that_is_there_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"The data must be a readable file, got .*none\.csv"):
        make_version(_order(tmp_path, tmp_path / "none.csv"))
    data = _write(tmp_path / "own.csv", _draw_texts(30))
    (tmp_path / "versions" / "own-1").mkdir(parents=True)
    with pytest.raises(ValueError, match="version must be a new one, got 'own-1', which is there"):
        make_version(_order(tmp_path, data))
    with pytest.raises(ValueError, match="version must have 1 to 64 letters"):
        make_version(_order(tmp_path, data, version="../x"))
    assert name_next_version(tmp_path / "versions") == "own-2"
    assert name_next_version(tmp_path / "none") == "own-1"


def test_near_duplicates_stay_together_and_stay_held_back_when_the_texts_grow() -> None:
    rows = _draw_texts(300)
    texts = [OwnText(text, normalise_own_label(label)) for text, label in rows]
    texts += [OwnText(f"{one.text} {one.text.split()[0]}", one.intent) for one in texts[:60]]
    few, many = split_own_texts(texts[:150]), split_own_texts(texts)
    for parts in (few, many):
        assert len(parts.scoring) > len(parts.calibration) > 0
        assert {one.intent for one in parts.train} == {one.intent for one in texts}
    words = [{frozenset(one.text.split()) for one in part} for part in (many.train, many.scoring)]
    assert words[0].isdisjoint(words[1])
    held = {one.text for one in few.scoring}
    assert len(held & {one.text for one in many.scoring}) > 0.9 * len(held)
    with pytest.raises(
        ValueError, match="Texts of at least two labels must be different enough to be held back"
    ):
        split_own_texts([OwnText(f"where is the red order {n}", "a" if n % 2 else "b") for n in range(9)])


def test_a_version_is_registered_with_its_figures_unless_it_is_worse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = _write(tmp_path / "own.csv", _draw_texts(240))
    folder = make_version(_order(tmp_path, data))
    card = json.loads((folder / CARD_FILE).read_text())
    assert folder == tmp_path / "versions" / "own-1"
    assert card["labels"]["intent"] == ["gift_card", "loyalty", "repair"]
    assert card["sha256"] == hash_file(folder / MODEL_FILE)
    assert card["vocabulary"]["sha256"] == hash_file(folder / VOCABULARY_FILE)
    assert card["createdAt"].endswith("Z")
    assert card["training"]["data"][0]["name"] == "Texts with labels of a team's own"
    assert json.loads((folder / GOLDEN_FILE).read_text())["cases"]
    figures = {one["baseline"]["name"]: one for one in card["metrics"]}
    assert set(figures) == {"tfidf_linear_svm", "most_frequent_label"}
    assert figures["most_frequent_label"]["value"] > 0.5 > figures["most_frequent_label"]["baseline"]["value"]
    assert "macro-F1" in capsys.readouterr().out

    worse = _order(tmp_path, data, version="own-2", minutes=0.0001, force=False)
    with pytest.raises(
        ValueError, match=r"must not be worse than version own-1 \(or --force\): macro-F1 0\.\d{4} "
    ):
        make_version(worse)
    assert [one.name for one in (tmp_path / "versions").iterdir()] == ["own-1"]


def test_macro_f1_counts_wrong_labels_that_are_not_wanted() -> None:
    assert score_labels(["a", "a", "b", "b"], ["a", "a", "b", "b"]) == 1
    assert score_labels(["a", "b"], ["c", "b"]) == pytest.approx(0.5)
