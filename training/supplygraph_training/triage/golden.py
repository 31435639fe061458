"""Golden cases: texts with their ids and with what the served graph answers in Python."""

from __future__ import annotations

from typing import Any

from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.preprocess import preprocess

TOLERANCE = 0.02
"""Largest difference of a probability. int8 sums of another processor's kernels differ by one step of a
layer's activations, which moves a chance by up to a hundredth."""

_TEXTS = (
    "where is my order #123-4567?",
    "I want my money back NOW, the lamp broke after two days!!",
    "cancl my ordr plz",
    "How do I change the delivery address of order ordernumber?",
    "The charger caught fire and burned my hand, my lawyer will contact you.",
    "thanks, everything arrived and I love it",
    "I do not want a refund, I want to know where the parcel is",
    "i'd like to talk to a human & get my invoice",
    "what is the weather in London tomorrow",
    "<b>Invoice</b>&nbsp;please \u200b\u202e send to jane.doe@example.com",
    "café naïve ﬁle ＡＢＣ 退款 😡",
    "x",
    "",
    "why was I charged twice? " * 40,
)


def make_golden(served: OnnxTriage) -> dict[str, Any]:
    """Make the content of `golden.json`; each text is a batch of its own."""
    return {"tolerance": TOLERANCE, "cases": [_run_case(served, text) for text in _TEXTS]}


def _run_case(served: OnnxTriage, text: str) -> dict[str, Any]:
    clean = preprocess(text)
    row = served.encode(clean)
    outputs = {
        name: [round(float(value), 6) for value in values[0].reshape(-1)]
        for name, values in served.run([row]).items()
    }
    return {"text": text, "preprocessed": clean, "ids": row.ids, "outputs": outputs}
