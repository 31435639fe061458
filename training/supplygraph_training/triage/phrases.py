"""Phrases written for this project, expanded at random from small grammars.

`phrases.txt` says for each intent what people want to do (`v`), what it is about (`n`) and whole sentences
(`s`); `outside.txt` holds texts out of scope, `weak.txt` complaints with weak labels. "(a|b|)" is a choice.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

_CHOICE = re.compile(r"\(([^()]*)\)")
_SPACES = re.compile(r" +")


@dataclass(frozen=True)
class Phrase:
    """One line of a grammar: its section's name, kind ("v", "n" or "s") and pattern."""

    section: str
    kind: str
    pattern: str

    def expand(self, rng: random.Random) -> str:
        """One of the texts that the pattern stands for."""
        text = self.pattern
        while _CHOICE.search(text):
            text = _CHOICE.sub(lambda match: rng.choice(match.group(1).split("|")), text)
        return _SPACES.sub(" ", text).replace(" ,", ",").strip()


@lru_cache
def read_phrases(name: str) -> tuple[Phrase, ...]:
    """Read a grammar of this folder.

    Raises
    ------
    ValueError
        If a line is neither a comment, a `[section]` nor `v:`, `n:` or `s:` with a pattern.
    """
    phrases, section = [], ""
    for number, line in enumerate((Path(__file__).parent / name).read_text().splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        if line.startswith("[") and line.endswith("]"):
            section = line[1:-1]
        elif section and re.match("[vns]: .", line):
            phrases.append(Phrase(section, line[0], line[3:]))
        else:
            raise ValueError(
                f"{name} line {number} must be [section] or v:, n:, s: and a pattern, got {line!r}."
            )
    return tuple(phrases)
