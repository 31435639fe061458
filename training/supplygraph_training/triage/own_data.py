"""A team's own labelled texts: reads their CSV file and holds a part back.

Near-duplicates (`groups.group_templates`) stay together, and where a group goes follows from its texts alone:
a text that is held back once is held back again when the file has grown, so that versions can be compared.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
import zlib
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path

from supplygraph_training.triage.groups import group_templates
from supplygraph_training.triage.own_labels import OwnText
from supplygraph_training.triage.preprocess import preprocess

FEWEST = 3
"""Different texts that every label must have."""

_PARTS, _SCORING, _CALIBRATING = 10, (0, 1), (2,)
_LONGEST_TEXT, _LONGEST_LABEL = 10_000, 64
_SHOWN = 60


@dataclass(frozen=True)
class Columns:
    """Names of the columns; the category's is optional."""

    text: str = "text"
    label: str = "intent"
    category: str | None = None


@dataclass(frozen=True)
class Parts:
    """Texts to train on (about seven in ten), to calibrate on (one) and to score (two)."""

    train: list[OwnText]
    calibration: list[OwnText]
    scoring: list[OwnText]


def read_own_texts(path: Path, columns: Columns) -> list[OwnText]:
    """Read the texts with labels as lower snake case; a text that is there twice is read once.

    Raises
    ------
    ValueError
        With one sentence about the first thing that is wrong.
    """
    rows = _read_rows(path, columns)
    label_of: dict[str, tuple[str, int]] = {}
    texts = []
    for number, row in rows:
        one = _read_row(row, number, columns)
        clean = preprocess(one.text)
        known = label_of.setdefault(clean, (one.intent, number))
        if known[0] != one.intent:
            raise ValueError(
                f"A text must have one label, got {known[0]!r} in line {known[1]} and {one.intent!r} in line "
                f"{number} for {clean[:_SHOWN]!r}."
            )
        if known[1] == number:
            texts.append(one)
    _check_labels(texts, columns.label)
    return texts


def split_own_texts(texts: list[OwnText]) -> Parts:
    """Hold groups of near-duplicates back; a label whose texts are all of one group is only trained on.

    Raises
    ------
    ValueError
        If nothing, or texts of one label only, could be held back.
    """
    cleaned = [preprocess(one.text) for one in texts]
    members: dict[int, list[int]] = defaultdict(list)
    for row, group in enumerate(group_templates(cleaned)):
        members[int(group)].append(row)
    place = {group: _place_group([cleaned[row] for row in rows]) for group, rows in members.items()}
    _keep_every_label(texts, members, place)
    parts: dict[bool | None, list[OwnText]] = {None: [], False: [], True: []}
    for group, rows in sorted(members.items()):
        kind = True if place[group] in _SCORING else False if place[group] in _CALIBRATING else None
        parts[kind] += [texts[row] for row in rows]
    if len({one.intent for one in parts[True]}) < 2 or not parts[False]:
        raise ValueError(
            f"Texts of at least two labels must be different enough to be held back (near-duplicates stay "
            f"together), got {len(members)} groups of {len(texts)} texts."
        )
    return Parts(parts[None], parts[False], parts[True])


def normalise_own_label(name: str) -> str:
    """Lower snake case of a label, as the server wants it: a to z, digits, underscores; "" if none."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")


def _read_rows(path: Path, columns: Columns) -> list[tuple[int, dict[str, str | None]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ValueError(f"The data must be a readable file, got {path} ({error.strerror}).") from error
    if b"\0" in content:
        raise ValueError(f"The data must be a CSV file of text, got bytes of zero in {path}.")
    try:
        lines = io.StringIO(content.decode("utf-8-sig"), newline="")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"The data must be in UTF-8, got another at byte {error.start} of {path}."
        ) from error
    csv.field_size_limit(1 << 24)
    try:
        reader = csv.DictReader(lines, strict=True)
        names = list(reader.fieldnames or [])
        wanted = [columns.text, columns.label, *([columns.category] if columns.category else [])]
        missing = [name for name in wanted if name not in names]
        if missing:
            found = ", ".join(names)[:200] or "none"
            raise ValueError(f"The data must have a column {missing[0]!r}, got the columns {found}.")
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise ValueError(f"The data must be a CSV file, got {path} ({error}).") from error
    if not rows:
        raise ValueError(f"The data must have at least one row below its head, got none in {path}.")
    return rows


def _read_row(row: dict[str, str | None], number: int, columns: Columns) -> OwnText:
    text = (row[columns.text] or "").strip()
    if not preprocess(text):
        raise ValueError(f"{columns.text} must not be empty, got nothing to read in line {number}.")
    if len(text) > _LONGEST_TEXT:
        raise ValueError(
            f"{columns.text} must have at most 10,000 characters, got {len(text):,} in line {number}."
        )
    intent = _read_label(row, columns.label, number)
    return OwnText(text, intent, _read_label(row, columns.category, number) if columns.category else None)


def _read_label(row: dict[str, str | None], column: str, number: int) -> str:
    given = (row[column] or "").strip()
    label = normalise_own_label(given)
    if re.fullmatch(rf"[a-z][a-z0-9_]{{0,{_LONGEST_LABEL - 1}}}", label):
        return label
    raise ValueError(
        f"{column} must begin with a letter a to z and have at most {_LONGEST_LABEL} characters as lower "
        f"snake case, got {given[:_SHOWN]!r} in line {number}."
    )


def _check_labels(texts: list[OwnText], column: str) -> None:
    count: dict[str, int] = defaultdict(int)
    for one in texts:
        count[one.intent] += 1
    if len(count) < 2:
        raise ValueError(f"{column} must have at least two values, got only {next(iter(count))!r}.")
    few = sorted(label for label, number in count.items() if number < FEWEST)
    if few:
        more = f" and {len(few) - 1} more such labels" if len(few) > 1 else ""
        raise ValueError(
            f"{column} must have at least {FEWEST} different texts of every value, got {count[few[0]]} of "
            f"{few[0]!r}{more}."
        )


def _place_group(texts: list[str]) -> int:
    return zlib.crc32(min(texts).encode()) % _PARTS


def _keep_every_label(texts: list[OwnText], members: dict[int, list[int]], place: dict[int, int]) -> None:
    """Send a group of every label to training, the one whose place is highest."""
    groups_of: dict[str, set[int]] = defaultdict(set)
    for group, rows in members.items():
        for row in rows:
            groups_of[texts[row].intent].add(group)
    held = {*_SCORING, *_CALIBRATING}
    for _, groups in sorted(groups_of.items()):
        if all(place[group] in held for group in groups):
            place[max(groups, key=lambda group: (place[group], min(members[group])))] = _PARTS
