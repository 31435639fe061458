"""Writes `test/triage/ngramCases.json`: texts with the n-grams that server and training must find in them.

`python -m supplygraph_training.triage.ngram_cases`, from the project's root.
"""

from __future__ import annotations

import json
import math
from pathlib import Path

from supplygraph_training.triage.ngrams import MAXIMUM_NGRAMS, find_ngrams
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.preprocess_cases import CASES_FILE as PREPROCESS_CASES

CASES_FILE = Path("test/triage/ngramCases.json")
_OWN = (
    "a",
    "again and again and again",
    "naïve café 退款 😡 don't",
    "x" * 100,
    "x" * 101,
    " ".join(f"w{number}" for number in range(MAXIMUM_NGRAMS)),
)


def write_ngram_cases(path: Path) -> None:
    """Write every text with the numbers of its n-grams and how often each occurs."""
    texts = [case["text"] for case in json.loads(PREPROCESS_CASES.read_text())["cases"]]
    cases = []
    for text in (*texts, *_OWN):
        clean = preprocess(text)
        found = find_ngrams(clean)
        counts = [round(math.exp(weight - 1)) for weight in found.weights]
        cases.append(
            {"text": clean, "ids": " ".join(map(str, found.ids)), "counts": " ".join(map(str, counts))}
        )
    path.write_text(json.dumps({"cases": cases}, indent=2) + "\n")


if __name__ == "__main__":
    write_ngram_cases(CASES_FILE)
