"""What is done to a text before it is cut into tokens; the server does the same.

1. Unicode NFKC.
2. White space of any kind becomes a space; control, format (zero-width, direction marks), private-use
   characters and lone surrogates are removed.
3. Lower case.
4. Scripts, styles, comments and tags become a space; the entities of apostrophe and ampersand become these
   characters, all others a space.
5. Personal data and numbers become placeholder words (`masks.MASKS`).
6. Runs of spaces become one; none at the ends.

`test/triage/preprocessCases.json` holds texts with what must come out (`write_cases`).
"""

from __future__ import annotations

import re
import unicodedata

from supplygraph_training.triage.masks import mask

MARKUP: tuple[tuple[str, str], ...] = (
    ("<script[^>]{0,2000}>[^]*?</script *>", " "),
    ("<style[^>]{0,2000}>[^]*?</style *>", " "),
    ("<!--[^]*?-->", " "),
    ("</?[a-z!][^<>]{0,2000}>", " "),
    ("&(?:#0?39|apos|rsquo|lsquo|#8217|#x27);", "'"),
    ("&amp;", "&"),
    ("&(?:[a-z]{2,8}|#[0-9]{1,6}|#x[0-9a-f]{1,6});", " "),
)
"""Patterns, as JavaScript reads them, with their replacements, in order; `[^]` is any character."""

_COMPILED = tuple((re.compile(pattern.replace("[^]", r"[\s\S]"), re.ASCII), to) for pattern, to in MARKUP)
_SPACES = re.compile(" {2,}")
_WHITE = frozenset("\t\n\v\f\r\x85")
_REMOVED = frozenset({"Cc", "Cf", "Cs", "Co"})


def preprocess(text: str) -> str:
    """Clean, lower-case and mask a text (any string, also an empty one or one of lone surrogates)."""
    text = _clean(unicodedata.normalize("NFKC", text)).lower()
    for pattern, replacement in _COMPILED:
        text = pattern.sub(replacement, text)
    return _SPACES.sub(" ", mask(text)).strip(" ")


def _clean(text: str) -> str:
    return "".join(_clean_character(character) for character in text)


def _clean_character(character: str) -> str:
    if " " <= character <= "~":
        return character
    category = unicodedata.category(character)
    if character in _WHITE or category[0] == "Z":
        return " "
    return "" if category in _REMOVED else character
