"""Hashed n-grams of a text: what the linear member of the ensemble reads.

The words are those that WordPiece begins with (`tokenise.split_words`). Each word gives itself, the pair of
the word before it and itself, and its runs of 2 to 5 characters with a space on either side. A feature's
number is the FNV-1a hash (Fowler, Noll & Vo) of 32 bits over its code points, for ASCII the hash over its
bytes; the upper half is folded onto the lower one, and as many of the lowest bits as the feature's kind has
buckets remain: words and pairs lie in the first buckets, characters behind them.

`test/triage/preprocessCases.json` holds texts with what must come out; the server does the same.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from supplygraph_training.triage.tokenise import LONGEST_WORD, split_words

WORD_BUCKETS, CHARACTER_BUCKETS = 2**16, 2**16
"""Numbers of features of either kind, powers of two."""

BUCKETS = WORD_BUCKETS + CHARACTER_BUCKETS
MAXIMUM_NGRAMS = 1024
"""From so many features on no further word is read; a longer word than `LONGEST_WORD` has no runs."""

_BASIS, _PRIME, _BITS = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
_SHORTEST_RUN, _LONGEST_RUN = 2, 5


@dataclass(frozen=True)
class Ngrams:
    """The features of a text, in the order of their first appearance, and 1 + ln of how often each occurs."""

    ids: list[int]
    weights: list[float]


def find_ngrams(text: str) -> Ngrams:
    """Find the features of a preprocessed text."""
    counts: dict[int, int] = {}
    before = None
    for word in split_words(text):
        if len(counts) >= MAXIMUM_NGRAMS:
            break
        _count(counts, _word_features(word))
        if before is not None:
            pair = _hash(" " + word, _hash(before))
            _count(counts, [_fold(pair, WORD_BUCKETS)])
        before = word
    return Ngrams(list(counts), [1 + math.log(count) for count in counts.values()])


@lru_cache(maxsize=200_000)
def _word_features(word: str) -> tuple[int, ...]:
    features = [_fold(_hash(word), WORD_BUCKETS)]
    if len(word) <= LONGEST_WORD:
        features += [WORD_BUCKETS + _fold(run, CHARACTER_BUCKETS) for run in _hash_runs(f" {word} ")]
    return tuple(features)


def _hash_runs(padded: str) -> Iterable[int]:
    """Hashes of all runs of 2 to 5 characters; those that begin at one place share their beginning."""
    for start in range(len(padded) - _SHORTEST_RUN + 1):
        value = _BASIS
        for length, character in enumerate(padded[start : start + _LONGEST_RUN], 1):
            value = _step(value, character)
            if length >= _SHORTEST_RUN:
                yield value


def _count(counts: dict[int, int], features: Iterable[int]) -> None:
    for feature in features:
        counts[feature] = counts.get(feature, 0) + 1


def _hash(text: str, value: int = _BASIS) -> int:
    for character in text:
        value = _step(value, character)
    return value


def _step(value: int, character: str) -> int:
    return ((value ^ ord(character)) * _PRIME) & _BITS


def _fold(value: int, buckets: int) -> int:
    return (value ^ (value >> 16)) & (buckets - 1)
