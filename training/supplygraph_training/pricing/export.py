"""Export a trained pricing network: `python -m supplygraph_training.pricing.export --run FOLDER …`.

Writes `model.onnx`, `card.json` and `golden.json`, after checking that ONNX Runtime and PyTorch agree
to 1e-4.
"""

from __future__ import annotations

import argparse
import json
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import onnxruntime
import torch

from supplygraph_training.card import CARD_FILE, GOLDEN_FILE, MODEL_FILE, write_json
from supplygraph_training.pricing.card import make_card
from supplygraph_training.pricing.lessons import FEATURES, Lessons, read_lessons
from supplygraph_training.pricing.network import PricingConfig, PricingNetwork

ROW_PRICES = 64
"""Candidate prices of one row; the first is the current price."""
INPUTS = ("features", "log_price_ratios")
OUTPUTS = ("elasticities", "promotion_lift", "level")
TOLERANCE = 1e-4
_OPSET = 20
_GOLDEN_CASES = 6


def main() -> None:
    """Export the run of the options."""
    options = _parse_options()
    run = json.loads((options.run / "run.json").read_text())
    network = PricingNetwork(PricingConfig(**run["network"]))
    network.load_state_dict(torch.load(options.run / "network.pt", weights_only=True))
    network.eval()
    options.out.mkdir(parents=True, exist_ok=True)
    model = options.out / MODEL_FILE
    write_onnx(network, model)
    lessons = read_lessons(options.lessons)
    difference = largest_difference(network, model, lessons)
    print(f"largest difference of ONNX Runtime and PyTorch {difference:.1e}")
    if not difference <= TOLERANCE:
        raise ValueError(f"ONNX Runtime and PyTorch must agree to {TOLERANCE:g}, got {difference:.2g}.")
    parameters = sum(parameter.numel() for parameter in network.parameters())
    write_json(options.out / CARD_FILE, make_card(model, parameters, options.version, run))
    golden = json.dumps(make_golden(network, lessons), separators=(",", ":"))
    (options.out / GOLDEN_FILE).write_text(golden + "\n")
    print(f"{model}: {parameters} parameters, {model.stat().st_size / 1e6:.2f} MB")


def write_onnx(network: PricingNetwork, path: Path) -> None:
    """Export with a dynamic batch axis."""
    example = (torch.zeros(2, FEATURES), torch.zeros(2, ROW_PRICES))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            network,
            example,
            path,
            input_names=list(INPUTS),
            output_names=list(OUTPUTS),
            dynamic_axes={name: {0: "batch"} for name in (*INPUTS, *OUTPUTS)},
            opset_version=_OPSET,
            dynamo=False,
        )
    model = onnx.load(path)
    sizes = {"elasticities": (ROW_PRICES, 7), "promotion_lift": (7,), "level": (7,)}
    for output in model.graph.output:
        for dimension, size in zip(output.type.tensor_type.shape.dim[1:], sizes[output.name], strict=True):
            dimension.dim_value = size
    onnx.checker.check_model(model, full_check=True)
    onnx.save(model, path)


def make_rows(lessons: Lessons, rows: int) -> dict[str, np.ndarray[Any, np.dtype[np.float32]]]:
    """Inputs of the first `rows` items: their features, and prices from half to twice the current one."""
    ratios = np.zeros((rows, ROW_PRICES), dtype=np.float32)
    ratios[:, 1:] = np.linspace(-0.7, 0.7, ROW_PRICES - 1, dtype=np.float32)
    return {"features": np.ascontiguousarray(lessons.features[:rows]), "log_price_ratios": ratios}


def largest_difference(network: PricingNetwork, path: Path, lessons: Lessons) -> float:
    """Largest |ONNX − PyTorch| of any output, relative to the larger of 1 and the output's largest number."""
    session = onnxruntime.InferenceSession(str(path))
    worst = 0.0
    for rows in (1, 33):
        inputs = make_rows(lessons, rows)
        actual = session.run(list(OUTPUTS), inputs)
        for expected, got in zip(run_torch(network, inputs), actual, strict=True):
            worst = max(worst, float(np.abs(expected - got).max() / max(1.0, np.abs(expected).max())))
    return worst


@torch.no_grad()
def run_torch(network: PricingNetwork, inputs: dict[str, Any]) -> list[Any]:
    """Outputs of PyTorch."""
    return [output.numpy() for output in network(*(torch.from_numpy(inputs[name]) for name in INPUTS))]


def make_golden(network: PricingNetwork, lessons: Lessons) -> dict[str, Any]:
    """Inputs with PyTorch's outputs, which serving must reproduce: the first items, at nine prices each."""
    inputs = make_rows(lessons, _GOLDEN_CASES)
    elasticities, lift, level = run_torch(network, inputs)
    places = range(0, ROW_PRICES, 7)
    cases = [
        {
            "name": f"drawn item {row + 1}",
            "inputs": {
                "features": _round(inputs["features"][row]),
                "logPriceRatios": _round(inputs["log_price_ratios"][row]),
            },
            "outputs": {
                "places": list(places),
                "elasticities": [_round(elasticities[row, place]) for place in places],
                "promotionLift": _round(lift[row]),
                "level": _round(level[row]),
            },
        }
        for row in range(_GOLDEN_CASES)
    ]
    return {"tolerance": TOLERANCE, "cases": cases}


def _round(values: Any) -> list[float]:
    return [float(f"{value:.7g}") for value in values]


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder that train wrote")
    parser.add_argument(
        "--lessons", type=Path, required=True, help="lessons for the parity check and golden cases"
    )
    parser.add_argument("--version", required=True, help="version of the model, e.g. 1.0.0")
    parser.add_argument("--out", type=Path, default=Path("models/pricing"))
    return parser.parse_args()


if __name__ == "__main__":
    main()
