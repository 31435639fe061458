"""The card of the triage model: the contract between training and server, and what is known of the model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from supplygraph_training.card import MODEL_FILE, hash_file
from supplygraph_training.triage.calibration import Calibration, Thresholds
from supplygraph_training.triage.labels import SENTIMENTS, SEVERITIES
from supplygraph_training.triage.run import Run
from supplygraph_training.triage.tokenise import MAXIMUM_TOKENS
from supplygraph_training.triage.triage_graph import INPUTS, output_shapes

VOCABULARY_FILE = "vocabulary.txt"

_INPUTS = {
    "input_ids": ("token", "Numbers of the vocabulary's lines: [CLS], pieces, [SEP], then [PAD]."),
    "attention_mask": ("0 or 1", "1 for tokens, 0 for padding."),
    "ngrams": ("n-gram", "Numbers of the text's hashed n-grams (ngrams.py), each once; any where padded."),
    "ngram_weights": ("1", "1 + ln of how often each n-gram occurs; 0 for padding."),
}
_DTYPES = {"ngrams": "int32", "ngram_weights": "float32"}
_SECOND_AXIS = {"ngrams": "ngrams", "ngram_weights": "ngrams"}
_OUTPUTS = {
    "intent": ("probability", "Chance of each intent of labels.intent, given that the text is in scope."),
    "in_scope": ("probability", "Chance that the text is about what the intents cover."),
    "category": ("probability", "Chance of each category of labels.category."),
    "complaint": ("probability", "Chance that the customer complains rather than asks; weakly labelled."),
    "sentiment": ("probability", "Chance of each level of labels.sentiment, from very negative."),
    "severity": ("probability", "Chance of each level of labels.severity, from low; weakly labelled."),
    "embedding": ("1", "Vector of unit length; cosines between vectors compare cases."),
}
_DATA = {
    "bitext 20k": ("Bitext customer service utterances, release of 20 thousand", "CDLA-Sharing-1.0"),
    "bitext 8k": ("Bitext customer service utterances, release of 8 thousand", "CDLA-Sharing-1.0"),
    "banking77": ("Banking77 training file, as text out of scope", "CC BY 4.0"),
    "reviews": ("Women's clothing reviews of four in five clothing ids", "CC0"),
    "phrases": ("Grammars of phrases written for this project (phrases, outside, weak)", "Apache-2.0"),
    "encoder": ("all-MiniLM-L6-v2, the encoder that all runs start from", "Apache-2.0"),
    "own": ("Texts with labels of a team's own", "the team's own"),
}
_LIMITS = [
    "English only: the server abstains from texts in other languages.",
    "Intents and categories are those of Bitext's customer service releases; what lies outside is marked out "
    "of scope, not sorted.",
    "Complaint, and sentiment of messages, have weak labels by rules; severity has no other labels anywhere, "
    "so no figure on real severity is known.",
    "Sentiment was learned from clothing reviews, their title before the text.",
    "Reads the first 128 pieces of a text.",
    "Of a text with two intents both are ranked, neither with high confidence.",
    "The vocabulary has Latin script only; words of other scripts are unknown pieces.",
]
_OWN_LIMITS = [
    "English only: the server abstains from texts in other languages.",
    "Intents and categories are a team's own; what lies outside was learned from a small grammar of texts "
    "about nothing sold.",
    "Complaint, sentiment and severity have weak labels by rules; no figure on real ones is known.",
    *_LIMITS[4:],
]


def make_card(
    folder: Path, version: str, run: Run, calibration: Calibration, thresholds: Thresholds
) -> dict[str, Any]:
    """Make the card of the graph and the vocabulary in `folder`; its metrics are those of `evaluate`."""
    record, taxonomy = run.record, run.network.taxonomy
    shapes = output_shapes(taxonomy)
    names = _list_data(record["data"])
    is_own = record["data"] == "own labels"
    return {
        "name": "triage",
        "version": version,
        "task": "Triage of customers' messages",
        "description": (
            f"{record['layers']} layers of a BERT encoder, teachers of six: {len(record['teachers'])}. "
            "Intent, category, scope, complaint, sentiment, severity and an embedding of a message, "
            "calibrated, in int8."
        ),
        "file": MODEL_FILE,
        "sha256": hash_file(folder / MODEL_FILE),
        "vocabulary": {"file": VOCABULARY_FILE, "sha256": hash_file(folder / VOCABULARY_FILE)},
        "maximumTokens": MAXIMUM_TOKENS,
        "labels": {
            "intent": list(taxonomy.intents),
            "category": list(taxonomy.categories),
            "sentiment": list(SENTIMENTS),
            "severity": list(SEVERITIES),
        },
        "categoryOfIntent": {intent: taxonomy.category_of_intent[intent] for intent in taxonomy.intents},
        "thresholds": thresholds.to_json(),
        "parameters": sum(parameter.numel() for parameter in run.network.parameters()),
        "inputs": describe_inputs(INPUTS),
        "outputs": [
            _describe(name, "float32", ["batch", *shapes[name]], texts) for name, texts in _OUTPUTS.items()
        ],
        "training": {
            "data": [{"name": _DATA[name][0], "licence": _DATA[name][1]} for name in names],
            "config": {
                "calibration": calibration.to_json(),
                "run": {name: value for name, value in record.items() if name != "taxonomy"},
            },
            "lossWeights": record["weights"],
            "minutes": round(record["seconds"] / 60, 1),
            "seed": record["seed"],
            "command": describe_command(record),
        },
        "metrics": [],
        "limits": _OWN_LIMITS if is_own else _LIMITS,
        "licence": "Apache-2.0",
    }


def describe_inputs(names: tuple[str, ...]) -> list[dict[str, Any]]:
    """The card's entries of inputs."""
    return [
        _describe(
            name,
            _DTYPES.get(name, "int64"),
            ["batch", _SECOND_AXIS.get(name, "tokens")],
            _INPUTS[name],
        )
        for name in names
    ]


def _list_data(data: str) -> list[str]:
    """Keys of `_DATA` that a run learned from."""
    if data == "own labels":
        return ["own", "phrases", "encoder"]
    names = ["bitext 20k", "reviews", "phrases", "encoder"]
    return names if data != "all" else [*names[:1], "bitext 8k", "banking77", *names[1:]]


def describe_command(record: dict[str, Any]) -> str:
    """The command of the run that is shipped; the runs it names came before."""
    command = (
        f"python -m supplygraph_training.triage.train --data {record['data']} --layers {record['layers']}"
        f" --minutes {record['minutes']:g} --seed {record['seed']} --encoder-rate {record['encoder_rate']:g}"
    )
    start = [f"--start {record['start']}"] if record["start"] else []
    teachers = [f"--alpha {record['alpha']:g} --teacher", *record["teachers"]] if record["teachers"] else []
    return " ".join([command, *start, *teachers])


def _describe(name: str, dtype: str, shape: list[str | int], texts: tuple[str, str]) -> dict[str, Any]:
    return {"name": name, "dtype": dtype, "shape": shape, "unit": texts[0], "description": texts[1]}
