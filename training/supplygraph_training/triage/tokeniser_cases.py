"""Writes the ten thousand texts that hold the server's tokeniser against this package's.

`python -m supplygraph_training.triage.tokeniser_cases` writes `test/triage/tokeniserCases.json.gz`: texts
drawn with a fixed seed, a vocabulary of their own words, and for each text a hash of its preprocessed form
and its ids. The vocabulary has pieces of all the scripts that the texts are written in, so that a character
read differently shows in the ids.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import random
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

from supplygraph_training.triage.masks import PLACEHOLDERS
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.tokenise import SPECIAL, WordPiece, split_words

CASES_FILE = Path("test/triage/tokeniserCases.json.gz")
COUNT = 10_000
_SEED = 20261125
_LONG = 24
"""Texts of ten thousand characters."""
_VOCABULARY = 9_000

_WORDS = (  # noqa: SIM905 - lines of text read better than ninety strings
    "where is my order the parcel never came i want refund money back invoice address change cancel account "
    "password please thanks broken lamp late week again don't can't it's you're help delivery naïve café "
    "Straße İstanbul ΣΟΦΟΣ ﬁne ½ ＡＢＣ Ⅳ №5 order#77 AB-4711 4711-1234567 2026-11-25 $1,200.50 50€ "
    "jane.doe@example.com +44 20 7946 0958 4111 1111 1111 1111 www.example.com/x?y=1 {{Order Number}} "
    "12/05/2024 3rd May ??? !!! ... -- ' \" ( ) / # & @ _ ~ ^"
).split()
_MARKUP = (
    "<b>", "</b>", "<p class='x'>", "<br/>", "<script>alert(1)</script>", "<style>p{}</style>", "<!-- no -->",
    "<!--", "<script>", "</script >", "&amp;", "&#39;", "&rsquo;", "&lt;", "&nbsp;", "&unknown;", "&#x1F600;",
    "<", ">", "5 < 7", "<a href=\"https://x.y/z\">", "<unclosed ",
)  # fmt: skip
_EMOJI = (
    *map(chr, range(0x1F300, 0x1F322)), *map(chr, range(0x1F400, 0x1F43F)),
    *map(chr, range(0x1F600, 0x1F641)), *map(chr, range(0x1F680, 0x1F6C6)),
    "👍🏽", "👨‍👩‍👧", "🇩🇪", "❤️", "1️⃣", "✌🏿", "🏳️‍🌈", "\U0001f9d1\u200d\U0001f4bb",
)  # fmt: skip
_INVISIBLE = (
    *map(chr, range(0x20)), *map(chr, range(0x7F, 0xA1)), "\u00ad", "\u061c", "\u180e", "\u2028", "\u2029",
    *map(chr, range(0x2000, 0x2010)), *map(chr, range(0x202A, 0x2030)), *map(chr, range(0x2060, 0x2065)),
    "\ufeff", "\ufff9", "\U000e0001", "\U000e0041", "\ue000", "\U000f0000", "\ud800", "\udbff",
)  # fmt: skip
"""Control, format, private-use characters, spaces and lone halves of pairs (high ones only: a high and a low
one that meet become a character where JSON is read)."""
_MARKS = (
    *map(chr, range(0x300, 0x370)), *map(chr, range(0x591, 0x5BE)), "\u0e31", "\u093c", "\u3099", "\u20dd",
)  # fmt: skip
_CJK = (
    *map(chr, range(0x4E00, 0x9FA6, 37)), *map(chr, range(0x3041, 0x3097)), *map(chr, range(0x30A1, 0x30FB)),
    *map(chr, range(0xAC00, 0xD7A4, 61)), *map(chr, range(0x3400, 0x4DB6, 97)),
    *map(chr, range(0xF900, 0xFA2E, 7)), *map(chr, range(0x20000, 0x2A6D7, 997)),
    *map(chr, range(0x2F800, 0x2FA1E, 31)), "、", "。", "「", "」", "！",
)  # fmt: skip
_LATER = ((0x10400, 0x10450), (0x1D400, 0x1D455), (0x1E900, 0x1E944), (0x104B0, 0x104D4), (0x2C60, 0x2C80))
"""Letters outside the old planes, with cases of their own: Deseret, mathematical, Adlam, Osage, Latin C."""


def draw_texts() -> list[str]:
    """Draw the texts; the same on every Python."""
    rng = random.Random(_SEED)
    blocks = _list_blocks()
    kinds: tuple[Callable[[], str], ...] = (
        lambda: _join_words(rng, _WORDS, 14),
        lambda: _join_words(rng, (*_WORDS, *_MARKUP, *_MARKUP), 12),
        lambda: _sprinkle(rng, _join_words(rng, _WORDS, 10), _EMOJI),
        lambda: _sprinkle(rng, _join_words(rng, _WORDS, 10), _MARKS),
        lambda: _sprinkle(rng, _join_words(rng, _WORDS, 10), _INVISIBLE),
        lambda: _spell(rng, _CJK, 12),
        lambda: _spell(rng, rng.choice(blocks), 12),
        lambda: _spell(rng, (*_EMOJI, *_MARKS, *_INVISIBLE, *_CJK, *rng.choice(blocks)), 16),
        lambda: "x" * rng.randint(95, 105) + rng.choice(("", " ", "́")) + rng.choice(_WORDS),
    )
    swept = ["".join(block[at : at + 16]) for block in blocks for at in range(0, len(block), 16)]
    drawn = [kinds[number % len(kinds)]() for number in range(COUNT - _LONG - len(swept))]
    mixed = ("a\u0301", "漢", "😀", "\u200b", "\x07", "x ")
    pieces = ((*_WORDS, *_MARKUP), _EMOJI, _MARKS, _CJK, _INVISIBLE, mixed)
    long = [_fill(rng, pieces[number % len(pieces)], 10_000) for number in range(_LONG)]
    return [*swept, *drawn, *long]


def make_vocabulary(texts: Sequence[str]) -> list[str]:
    """Special tokens, placeholders, then the most frequent words, their beginnings and their characters."""
    counts: Counter[str] = Counter()
    for text in texts:
        for word in split_words(preprocess(text))[:200]:
            counts.update({word[:30], *(word[:size] for size in (1, 2, 3))})
            counts.update(f"##{character}" for character in word[1:30])
            counts.update(f"##{word[at : at + 2]}" for at in range(1, min(len(word), 30), 2))
    ordered = sorted(counts, key=lambda piece: (-counts[piece], piece))
    return list(dict.fromkeys([*SPECIAL, *PLACEHOLDERS, *ordered]))[:_VOCABULARY]


def hash_case(text: str, pieces: WordPiece) -> str:
    """The first 12 hexadecimal digits of the SHA-256 of the preprocessed text, a line feed and its ids."""
    clean = preprocess(text)
    ids = " ".join(map(str, pieces.encode_clean(clean)))
    return hashlib.sha256(f"{clean}\n{ids}".encode()).hexdigest()[:12]


def write_cases(path: Path) -> None:
    """Write vocabulary, texts and hashes, compressed."""
    texts = draw_texts()
    vocabulary = make_vocabulary(texts)
    pieces = WordPiece(vocabulary)
    content = {
        "vocabulary": vocabulary,
        "texts": texts,
        "hashes": [hash_case(text, pieces) for text in texts],
    }
    path.write_bytes(gzip.compress(json.dumps(content, separators=(",", ":")).encode(), 9, mtime=0))


def read_cases(path: Path) -> dict[str, list[str]]:
    """Read what `write_cases` wrote."""
    content: dict[str, list[str]] = json.loads(gzip.decompress(path.read_bytes()))
    return content


def _list_blocks() -> list[list[str]]:
    """Characters by 256 code points: those of Unicode 3.2 below the ideographs, and letters that came later.

    Python keeps the database of Unicode 3.2 beside its own, so the list does not depend on Python's version.
    """
    old = unicodedata.ucd_3_2_0
    codes = [
        code
        for code in (
            *range(0x20, 0x3400),
            *range(0xA000, 0xAC00),
            *range(0xFB00, 0xFFFE),
            *range(0x10300, 0x10450),
        )
        if old.category(chr(code)) not in ("Cn", "Cs", "Co")
    ]
    blocks: dict[int, list[str]] = {}
    for code in codes:
        blocks.setdefault(code >> 8, []).append(chr(code))
    return [*blocks.values(), *([chr(code) for code in range(*ends)] for ends in _LATER)]


def _join_words(rng: random.Random, words: Sequence[str], most: int) -> str:
    chosen = [rng.choice(words) for _ in range(rng.randint(1, most))]
    return rng.choice((" ", " ", "  ", "\u00a0", "")).join(
        word.upper() if rng.random() < 0.1 else word for word in chosen
    )


def _sprinkle(rng: random.Random, text: str, characters: Sequence[str]) -> str:
    for _ in range(rng.randint(1, 6)):
        place = rng.randint(0, len(text))
        text = text[:place] + rng.choice(characters) + text[place:]
    return text


def _spell(rng: random.Random, characters: Sequence[str], most: int) -> str:
    return "".join(
        rng.choice(characters) + rng.choice(("", "", "", " ")) for _ in range(rng.randint(1, most))
    )


def _fill(rng: random.Random, pieces: Sequence[str], length: int) -> str:
    """A text of exactly so many characters: a passage of 500, over and over."""
    passage = "".join(rng.choice(pieces) + rng.choice(("", " ")) for _ in range(500))[:500]
    return (passage * (length // len(passage) + 1))[:length]


if __name__ == "__main__":
    write_cases(CASES_FILE)
