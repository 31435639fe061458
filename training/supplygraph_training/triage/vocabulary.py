"""Trims MiniLM's vocabulary to what customers' messages need."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from supplygraph_training.triage.encoder import read_minilm_vocabulary
from supplygraph_training.triage.masks import PLACEHOLDERS
from supplygraph_training.triage.tokenise import SPECIAL, WordPiece

SIZE = 11_000
"""Tokens kept: 4.2 MB of int8 embeddings."""


def trim_vocabulary(texts: Iterable[str], size: int = SIZE) -> list[str]:
    """Keep special tokens, placeholders, single characters, the pieces of the texts, then the most frequent.

    Texts are preprocessed. Single letters, digits and signs stay so that an unseen word still gets pieces;
    pieces of other scripts than Latin are left out, their words become `[UNK]`.
    """
    whole = read_minilm_vocabulary()
    latin = [token for token in whole if token.isascii() and not token.startswith("[")]
    singles = [token for token in latin if len(token.removeprefix("##")) == 1]
    signs = [token for token in whole if len(token) == 1 and not token.isascii() and not token.isalpha()]
    counts = _count_pieces(texts, [*SPECIAL, *PLACEHOLDERS, *latin, *signs])
    seen = [token for token, _ in counts.most_common() if token not in SPECIAL]
    ordered = dict.fromkeys([*SPECIAL, *PLACEHOLDERS, *singles, *signs, *seen, *latin])
    return list(ordered)[:size]


def _count_pieces(texts: Iterable[str], vocabulary: list[str]) -> Counter[str]:
    pieces = WordPiece(vocabulary)
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(vocabulary[number] for number in pieces.encode_clean(text)[1:-1])
    return counts
