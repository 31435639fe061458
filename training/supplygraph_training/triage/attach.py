"""Put a linear member beside the network of a model folder: `python -m supplygraph_training.triage.attach`.

`export` does it for every network with the shipped labels; alone, the command gives a shipped network a
member, or a new one in place of the one it has. Weights, temperatures and thresholds are fitted on the texts
that calibrate the network too. Graph, card and golden cases of the folder are written anew.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import onnx

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, hash_file, write_json
from supplygraph_training.datasets import data_folder
from supplygraph_training.triage.calibration_texts import fit_thresholds, list_calibration_examples
from supplygraph_training.triage.card import VOCABULARY_FILE, describe_inputs
from supplygraph_training.triage.corpus import CorpusConfig, draw_pool
from supplygraph_training.triage.ensemble import MEMBERS, Mixtures, fit_mixtures
from supplygraph_training.triage.ensemble_graph import NGRAM_INPUTS, add_member, take_network
from supplygraph_training.triage.golden import make_golden
from supplygraph_training.triage.linear import EPOCHS, LinearMember, train_linear
from supplygraph_training.triage.pool import Example
from supplygraph_training.triage.predict import OnnxTriage
from supplygraph_training.triage.sources import load_sources

SEED = 4001
_ALL_REVIEWS = 100_000


def main() -> None:
    """Give the model of a folder a member."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", type=Path, default=Path("models/triage"))
    parser.add_argument("--version", help="for the card, if it changes")
    options = parser.parse_args()
    card = json.loads((options.model / CARD_FILE).read_text())
    data = card["training"]["config"]["run"]["data"]
    attach_member(options.model, data, list_calibration_examples())
    if options.version:
        card = json.loads((options.model / CARD_FILE).read_text())
        write_json(options.model / CARD_FILE, {**card, "version": options.version})


def attach_member(folder: Path, data: str, held_out: list[Example]) -> None:
    """Train a member on the texts of `data` and write the folder's files with it, if it helps any head."""
    vocabulary = folder / VOCABULARY_FILE
    network = take_network(onnx.load(folder / MODEL_FILE))
    alone = OnnxTriage(network.SerializeToString(), vocabulary)
    texts = [one.text for one in held_out]
    pool = draw_pool(load_sources(data_folder(), data), replace(CorpusConfig(), reviews=_ALL_REVIEWS), SEED)
    member = train_linear(pool, SEED)
    mixtures = fit_mixtures(alone.predict(texts), member.predict(texts), held_out)
    onnx.save(add_member(network, member, mixtures), folder / MODEL_FILE)
    served = OnnxTriage(folder / MODEL_FILE, vocabulary)
    card = json.loads((folder / CARD_FILE).read_text())
    intents = tuple(card["labels"]["intent"])
    card["thresholds"] = fit_thresholds(served, held_out, intents).to_json()
    write_json(folder / CARD_FILE, describe_member(card, folder, member, mixtures))
    write_json(folder / GOLDEN_FILE, make_golden(served))
    print(f"{folder}: {len(pool)} texts, {mixtures or 'no head is helped by a linear member'}")


def describe_member(
    card: dict[str, Any], folder: Path, member: LinearMember, mixtures: Mixtures
) -> dict[str, Any]:
    """The card of the graph in `folder` with what it says of the members."""
    former = card["training"]["config"].pop("ensemble", {"parameters": 0})["parameters"]
    inputs = [one for one in card["inputs"] if one["name"] not in NGRAM_INPUTS]
    card = {**card, "inputs": inputs, "parameters": card["parameters"] - former}
    card.pop("ensemble", None)
    card["sha256"] = hash_file(folder / MODEL_FILE)
    if not mixtures:
        return card
    parameters = member.count_parameters()
    card["training"]["config"]["ensemble"] = {
        "parameters": parameters,
        "epochs": EPOCHS,
        "seed": SEED,
        "temperatures": {head: round(one.temperature, 4) for head, one in mixtures.items()},
    }
    return {
        **card,
        "parameters": card["parameters"] + parameters,
        "inputs": [*inputs, *describe_inputs(NGRAM_INPUTS)],
        "ensemble": [
            {
                "head": head,
                "members": [
                    {"name": name, "weight": round(weight, 4)}
                    for name, weight in zip(MEMBERS, (1 - one.weight, one.weight), strict=True)
                ],
            }
            for head, one in mixtures.items()
        ],
    }


if __name__ == "__main__":
    main()
