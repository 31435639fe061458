"""Export the trained network: `python -m supplygraph_training.export`.

Writes `model.onnx`, `card.json` and `golden.json`, after checking that ONNX Runtime and PyTorch
agree to 1e-4 on random rows, one and many at a time.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, make_card, write_json
from supplygraph_training.config import CONTEXT_LENGTH, HORIZON_LENGTH, CorpusConfig, NetworkConfig
from supplygraph_training.generator.corpus import draw_batch
from supplygraph_training.generator.series import Floats
from supplygraph_training.golden import TOLERANCE, make_golden
from supplygraph_training.network import DemandNetwork
from supplygraph_training.onnx_graph import largest_difference, write_onnx
from supplygraph_training.run import read_run

_CHECKED_ROWS = 33
_CHECK_SEED = 7


def main() -> None:
    """Export the run of the options."""
    options = _parse_options()
    export_run(options.run, options.out, options.version)


def export_run(folder: Path, out: Path, version: str) -> None:
    """Export the run in `folder`, check, and write the three files to `out`."""
    weights, run = read_run(folder)
    network = DemandNetwork(NetworkConfig(**run["network"]))
    network.load_state_dict(weights)
    out.mkdir(parents=True, exist_ok=True)
    model = out / MODEL_FILE
    write_onnx(network, model)
    for rows in (1, _CHECKED_ROWS):
        check_parity(network, model, rows)
    parameters = sum(parameter.numel() for parameter in network.parameters())
    write_json(out / CARD_FILE, make_card(model, parameters, version, run))
    golden = json.dumps(make_golden(network), ensure_ascii=False, separators=(",", ":"))
    (out / GOLDEN_FILE).write_text(golden + "\n")
    print(f"{model}: {parameters} parameters, {model.stat().st_size / 1e6:.1f} MB")


def check_parity(network: DemandNetwork, model: Path, rows: int) -> None:
    """Compare ONNX Runtime and PyTorch on synthetic rows.

    Raises
    ------
    ValueError
        If any output differs by more than 1e-4 relative to its row's largest value.
    """
    differences = largest_difference(network, model, draw_inputs(rows))
    for name, difference in differences.items():
        print(f"batch {rows:3d}  {name:16s} largest relative difference {difference:.1e}")
        if not difference <= TOLERANCE:
            raise ValueError(f"{name} must agree to {TOLERANCE:g}, got {difference:.2g}.")


def draw_inputs(rows: int) -> dict[str, Floats]:
    """Draw the graph's inputs: synthetic histories of mixed families, padded to 512 periods."""
    corpus = CorpusConfig(batch=rows, contexts=(128,), context_shares=(1.0,))
    batch = draw_batch(corpus, _CHECK_SEED, rows)
    padding = CONTEXT_LENGTH - batch.values.shape[1]
    assert batch.covariates.shape[1] + padding == CONTEXT_LENGTH + HORIZON_LENGTH
    return {
        "values": np.pad(batch.values, ((0, 0), (padding, 0))),
        "mask": np.pad(batch.mask, ((0, 0), (padding, 0))),
        "period": batch.period,
        "covariates": np.pad(batch.covariates, ((0, 0), (padding, 0), (0, 0))),
    }


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--run", type=Path, default=Path("training/.cache/demand"))
    parser.add_argument("--out", type=Path, default=Path("models/demand"))
    parser.add_argument("--version", default="1.0.0")
    return parser.parse_args()


if __name__ == "__main__":
    main()
