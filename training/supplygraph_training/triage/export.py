"""Write `models/triage/` from a run: `python -m supplygraph_training.triage.export --run RUN`.

The heads' temperatures and the thresholds are fitted on texts that no run has seen: lines of the grammars
that are kept from training, and every fourth of the reviews held out. The float32 graph must agree with
PyTorch to 1e-4; what is shipped is its int8 version, whose cost `evaluate` measures.
"""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path

import numpy as np
import torch

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, write_json
from supplygraph_training.triage.attach import attach_member
from supplygraph_training.triage.calibration import Calibration, fit_calibration
from supplygraph_training.triage.calibration_texts import fit_thresholds, list_calibration_examples
from supplygraph_training.triage.card import VOCABULARY_FILE, make_card
from supplygraph_training.triage.golden import make_golden
from supplygraph_training.triage.int8 import write_int8
from supplygraph_training.triage.labels import Taxonomy
from supplygraph_training.triage.pool import Example, stack_targets
from supplygraph_training.triage.predict import OnnxTriage, predict_logits
from supplygraph_training.triage.run import Run, read_run
from supplygraph_training.triage.tokenise import WordPiece
from supplygraph_training.triage.triage_graph import calibrate, write_graph

FLOAT_FILE = "float32.onnx"
RANGE_TEXTS = 1000
_PARITY = 1e-4


def main() -> None:
    """Export the run named on the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("training/.cache/triage/student"))
    parser.add_argument("--out", type=Path, default=Path("models/triage"))
    parser.add_argument("--version", default="1.0.0", help="for the card")
    options = parser.parse_args()
    export_run(options.run, options.out, options.version)


def export_run(source: Path, out: Path, version: str, held_out: list[Example] | None = None) -> None:
    """Calibrate a run and write graph, vocabulary, card and golden cases; the run keeps the float32 graph.

    `held_out` are the texts to calibrate on, `list_calibration_examples()` if not given. A network of the
    shipped labels gets a linear member (`attach`).
    """
    run = read_run(source)
    held_out = held_out or list_calibration_examples()
    calibration = fit_run(run, held_out)
    out.mkdir(parents=True, exist_ok=True)
    write_graph(run.network, calibration, source / FLOAT_FILE)
    check_parity(run, calibration, source / FLOAT_FILE)
    pieces = WordPiece(run.vocabulary)
    rows = [pieces.encode_clean(one.text) for one in held_out[:: 1 + len(held_out) // RANGE_TEXTS]]
    write_int8(source / FLOAT_FILE, out / MODEL_FILE, rows)
    (out / VOCABULARY_FILE).write_text("\n".join(run.vocabulary) + "\n", encoding="utf8")
    served = OnnxTriage(out / MODEL_FILE, out / VOCABULARY_FILE)
    thresholds = fit_thresholds(served, held_out, run.network.taxonomy.intents)
    write_json(out / CARD_FILE, make_card(out, version, run, calibration, thresholds))
    write_json(out / GOLDEN_FILE, make_golden(served))
    if run.network.taxonomy == Taxonomy():
        attach_member(out, run.record["data"], held_out)
    print(f"{out}: {(out / MODEL_FILE).stat().st_size / 1e6:.1f} MB, {calibration}, {thresholds}")


def fit_run(run: Run, held_out: list[Example]) -> Calibration:
    """Temperatures of a run's heads."""
    logits = predict_logits(run.network, WordPiece(run.vocabulary), [one.text for one in held_out])
    targets = stack_targets(held_out, run.network.taxonomy.intents)
    return fit_calibration(logits, targets, run.network.membership)


@torch.no_grad()
def check_parity(run: Run, calibration: Calibration, path: Path) -> None:
    """Raise ValueError where the float32 graph and PyTorch differ by more than 1e-4."""
    pieces = WordPiece(run.vocabulary)
    texts = ("where is my order?", "the lamp broke and i want a refund " * 9)
    with tempfile.TemporaryDirectory() as folder:
        vocabulary = Path(folder) / VOCABULARY_FILE
        vocabulary.write_text("\n".join(run.vocabulary) + "\n", encoding="utf8")
        served = OnnxTriage(path, vocabulary)
    for text in texts:
        ids = torch.tensor([pieces.encode_clean(text)])
        expected = calibrate(run.network.eval()(ids, torch.ones_like(ids)), calibration)
        for (name, got), want in zip(served.run([served.encode(text)]).items(), expected, strict=True):
            difference = float(np.abs(got - want.numpy()).max())
            if difference > _PARITY:
                raise ValueError(f"{name} must agree with PyTorch to {_PARITY}, differs by {difference:.2g}.")


if __name__ == "__main__":
    main()
