"""BERT's basic tokenisation and WordPiece on preprocessed text (Devlin et al. 2019; Wu et al. 2016).

Pure Python, so that the server's tokeniser has something plain to be compared with:
`python -m supplygraph_training.triage.tokenise vocabulary.txt < texts.jsonl` prints the ids of each text.
"""

from __future__ import annotations

import argparse
import json
import sys
import unicodedata
from functools import lru_cache
from pathlib import Path

from supplygraph_training.triage.preprocess import preprocess

PAD, UNKNOWN, CLS, SEP, MASK = "[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"
SPECIAL = (PAD, UNKNOWN, CLS, SEP, MASK)
MAXIMUM_TOKENS = 128
"""Longest row of ids, `[CLS]` and `[SEP]` among them; what is beyond is cut off."""

LONGEST_WORD = 100
"""Code points; a longer word is `[UNK]`."""

_CJK = (
    (0x4E00, 0x9FFF),
    (0x3400, 0x4DBF),
    (0x20000, 0x2A6DF),
    (0x2A700, 0x2B73F),
    (0x2B740, 0x2B81F),
    (0x2B820, 0x2CEAF),
    (0xF900, 0xFAFF),
    (0x2F800, 0x2FA1F),
)


def split_words(text: str) -> list[str]:
    """Cut preprocessed text into words: no accents, CJK characters and punctuation apart."""
    pieces = []
    for character in unicodedata.normalize("NFD", text):
        if unicodedata.category(character) != "Mn":
            pieces.append(f" {character} " if _stands_alone(character) else character)
    return "".join(pieces).split()


class WordPiece:
    """Longest-match-first pieces of a vocabulary; continuing pieces begin with `##`."""

    def __init__(self, vocabulary: list[str]) -> None:
        self.ids = {token: number for number, token in enumerate(vocabulary)}
        self._cached = lru_cache(maxsize=200_000)(self._split)

    @classmethod
    def read(cls, path: Path) -> WordPiece:
        """Read a vocabulary, one token a line, its number being the line's."""
        return cls(path.read_text(encoding="utf8").rstrip("\n").split("\n"))

    def encode(self, text: str, maximum: int = MAXIMUM_TOKENS) -> list[int]:
        """Ids of a raw text, `[CLS]` first, `[SEP]` last, at most `maximum`."""
        return self.encode_clean(preprocess(text), maximum)

    def encode_clean(self, text: str, maximum: int = MAXIMUM_TOKENS) -> list[int]:
        """Ids of a text that is already preprocessed."""
        ids = [self.ids[CLS]]
        for word in split_words(text):
            ids.extend(self._cached(word))
            if len(ids) >= maximum:
                break
        return [*ids[: maximum - 1], self.ids[SEP]]

    def _split(self, word: str) -> tuple[int, ...]:
        if len(word) > LONGEST_WORD:
            return (self.ids[UNKNOWN],)
        found, start = [], 0
        while start < len(word):
            prefix = "##" if start else ""
            for end in range(len(word), start, -1):
                number = self.ids.get(prefix + word[start:end])
                if number is not None:
                    break
            else:
                return (self.ids[UNKNOWN],)
            found.append(number)
            start = end
        return tuple(found)


@lru_cache(maxsize=20_000)
def _stands_alone(character: str) -> bool:
    code = ord(character)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    if unicodedata.category(character)[0] == "P":
        return True
    return any(first <= code <= last for first, last in _CJK)


def main() -> None:
    """Print the ids of each line of the input, a JSON string."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("vocabulary", type=Path)
    pieces = WordPiece.read(parser.parse_args().vocabulary)
    for line in sys.stdin:
        print(json.dumps(pieces.encode(json.loads(line))))


if __name__ == "__main__":
    main()
