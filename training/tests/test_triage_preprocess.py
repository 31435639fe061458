from __future__ import annotations

import json
from pathlib import Path

import pytest
from conftest import PROJECT
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

from supplygraph_training.triage import tokeniser_cases
from supplygraph_training.triage.masks import PLACEHOLDERS
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.preprocess_cases import CASES_FILE, write_cases
from supplygraph_training.triage.tokenise import LONGEST_WORD, SPECIAL, WordPiece, split_words

_VOCABULARY = [*SPECIAL, *PLACEHOLDERS, *"want,!'-", "##w", "##a", "##nt", "wan", "##ted", "東", "##e", "re"]


def test_the_cases_of_the_server_are_those_of_this_package(tmp_path: Path) -> None:
    write_cases(tmp_path / "cases.json")
    assert (tmp_path / "cases.json").read_text() == (PROJECT / CASES_FILE).read_text()


def test_the_ten_thousand_texts_of_the_server_are_those_of_this_package(tmp_path: Path) -> None:
    path = tmp_path / "cases.json.gz"
    tokeniser_cases.write_cases(path)
    committed = tokeniser_cases.read_cases(PROJECT / tokeniser_cases.CASES_FILE)
    assert len(committed["texts"]) == len(committed["hashes"]) == tokeniser_cases.COUNT
    assert tokeniser_cases.read_cases(path) == committed


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("Refund\u200b\u202e me\x00!", "refund me!"),
        ("<script>x</script><b>Hi</b> it&#39;s &lt;late", "hi it's late"),
        ("card 4111 1111 1111 1111.", "card cardnumber ."),
        ("order 1135426177359 by 3rd of May", "order ordernumber by calendardate"),
        ("a.b@c.de +44 20 7946 0958 $5.20", "emailaddress phonenumber moneyamount"),
        ("order {{Order Number}} for {{Account Type}}", "order ordernumber for account type"),
        ("  ｆｕｌｌ\u3000width ", "full width"),
    ],
)
def test_a_text_is_cleaned_and_masked(text: str, clean: str) -> None:
    assert preprocess(text) == clean


def test_three_hundred_card_numbers_leave_no_digit() -> None:
    assert set(preprocess("4111 1111 1111 1111 " * 300).split()) == {"cardnumber"}


def test_a_word_without_pieces_and_a_long_one_are_unknown() -> None:
    pieces = WordPiece(_VOCABULARY)
    unknown = pieces.ids["[UNK]"]
    assert pieces.encode_clean("wanted xyz") == [2, pieces.ids["wan"], pieces.ids["##ted"], unknown, 3]
    assert pieces.encode_clean("a" * (LONGEST_WORD + 1)) == [2, unknown, 3]


def test_ids_are_cut_to_the_maximum_with_the_end_token_last() -> None:
    ids = WordPiece(_VOCABULARY).encode_clean("a " * 500, maximum=16)
    assert len(ids) == 16
    assert ids[-1] == 3


def test_ids_are_those_of_the_tokenizers_library() -> None:
    reference = Tokenizer(
        models.WordPiece({token: n for n, token in enumerate(_VOCABULARY)}, unk_token="[UNK]")
    )
    reference.normalizer = normalizers.BertNormalizer(lowercase=True)
    reference.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    pieces = WordPiece(_VOCABULARY)
    for case in json.loads((PROJECT / CASES_FILE).read_text())["cases"]:
        clean = case["preprocessed"]
        assert split_words(clean) == case["words"].split()
        assert pieces.encode_clean(clean, 10_000)[1:-1] == reference.encode(clean).ids
