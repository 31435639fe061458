"""The model card: the contract between the training package and the server."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from supplygraph_training.config import (
    CONTEXT_LENGTH,
    COVARIATES,
    HORIZON_LENGTH,
    QUANTILE_LEVELS,
)
from supplygraph_training.lineage import list_runs
from supplygraph_training.onnx_graph import INPUT_SHAPES, OUTPUT_SHAPES

MODEL_FILE, CARD_FILE, GOLDEN_FILE = "model.onnx", "card.json", "golden.json"

_TEXTS: dict[str, tuple[str, str]] = {
    "values": (
        "units per period",
        "Raw history, oldest first, the last column being the most recent period; any finite "
        "number where nothing was observed.",
    ),
    "mask": (
        "0 or 1",
        "1 where a value was observed; 0 for padding, missing periods and stock-outs.",
    ),
    "period": (
        "periods",
        "Season length: 7 daily, 52 weekly, 12 monthly, 4 quarterly, 24 hourly, 1 none.",
    ),
    "covariates": (
        "per channel: log ratio, 0/1, 0/1, 0/1",
        "512 past and 64 future periods of price_ratio (log of price over regular price), "
        "promotion, holiday, stock_out (past only); 0 = unknown or usual.",
    ),
    "quantiles": (
        "units per period",
        "Quantiles 0.1 to 0.9 of demand for each of the next 64 periods, non-decreasing; not cut at zero.",
    ),
    "zero_probability": ("probability", "Chance that the period has no demand at all."),
    "undisturbed": (
        "units per period",
        "Demand had stock been there; meaningful only where stock_out is 1.",
    ),
}

_LIMITS = [
    "Trained on synthetic series only; real demand with causes that the generator lacks, such as "
    "substitution between articles, is forecast from its own history alone.",
    "Sees at most 512 periods: with daily data a yearly season is seen once, and known only "
    "through the holiday channel.",
    "One season length per series: a weekday pattern and a yearly one are not both anchored.",
    "Steps beyond 64 periods are not forecast.",
    "A known stock-out is treated as missing: what was still sold in it is not used.",
    "Marginal quantiles per period: sums over a lead time need sample paths, not sums of quantiles.",
    "Response to price and promotion is far too weak; the server estimates these effects itself and gives "
    "the network histories without them.",
    "Two or three equal observations in a row and nothing else are forecast to repeat with near certainty.",
    "80 % intervals cover too little on short quarterly and yearly series and too much on sparse counts "
    "(see coverage80); the server's conformal scaling is meant to correct this.",
    "The nine quantiles end at 0.1 and 0.9; tails beyond them are not modelled.",
]


@dataclass(frozen=True)
class Metric:
    """One score of a model on one data set (of `series` series or texts), beside a baseline's."""

    dataset: str
    series: int
    metric: str
    value: float
    baseline: float
    command: str
    baseline_name: str = "seasonal_naive"

    def to_json(self) -> dict[str, Any]:
        """The entry of the card's `metrics`."""
        return {
            "dataset": self.dataset,
            "series": self.series,
            "metric": self.metric,
            "value": round(self.value, 5),
            "baseline": {"name": self.baseline_name, "value": round(self.baseline, 5)},
            "command": self.command,
        }


def make_card(model: Path, parameters: int, version: str, run: dict[str, Any]) -> dict[str, Any]:
    """Make the card of an exported graph; its metrics are empty until it is evaluated.

    Parameters
    ----------
    model : Path
        The `.onnx` file.
    parameters : int
        Number of trained numbers.
    run : dict
        The record that `train` wrote beside the weights.
    """
    runs, teaching = list_runs(run), run.get("distillation")
    taught_by = [one for member in teaching["teachers"] for one in member["runs"]] if teaching else []
    corpora = {one["corpusSha256"]: one for one in [*runs, *taught_by]}
    return {
        "name": "demand",
        "version": version,
        "task": "Probabilistic forecast of demand per period",
        "description": (
            "A patch encoder that forecasts any series it has never seen: nine quantiles for 64 "
            "periods, the chance of no demand, and the demand that stock-outs hid. Scaling, season "
            "and masking lie inside the graph."
        ),
        "file": MODEL_FILE,
        "sha256": hash_file(model),
        "contextLength": CONTEXT_LENGTH,
        "horizonLength": HORIZON_LENGTH,
        "quantileLevels": list(QUANTILE_LEVELS),
        "covariates": list(COVARIATES),
        "parameters": parameters,
        "inputs": [_describe(name, shape) for name, shape in INPUT_SHAPES.items()],
        "outputs": [_describe(name, shape) for name, shape in OUTPUT_SHAPES.items()],
        "training": {
            "data": [
                {
                    "name": f"Synthetic series of supplygraph_training.generator, seed {one['seed']}",
                    "licence": "Apache-2.0",
                    "series": one["rows"],
                }
                for one in corpora.values()
            ],
            "corpusSha256": run["corpusSha256"],
            "config": {
                **{key: run[key] for key in ("network", "corpus", "training")},
                "runs": runs,
                "distillation": teaching,
            },
            "lossWeights": run["lossWeights"],
            "minutes": round(sum(one["minutes"] for one in corpora.values()), 1),
            "seed": run["training"]["seed"],
            "command": _commands(runs, teaching),
        },
        "metrics": [],
        "limits": _LIMITS,
        "licence": "Apache-2.0",
    }


def write_metrics(card_file: Path, metrics: list[Metric]) -> None:
    """Replace the card's metrics of the data sets scored; keep those of others."""
    card = json.loads(card_file.read_text())
    scored = {metric.dataset for metric in metrics}
    kept = [entry for entry in card["metrics"] if entry["dataset"] not in scored]
    card["metrics"] = kept + [metric.to_json() for metric in metrics]
    write_json(card_file, card)


def write_json(path: Path, content: dict[str, Any]) -> None:
    """Write indented JSON that ends with a line feed."""
    path.write_text(json.dumps(content, indent=2, ensure_ascii=False) + "\n")


def hash_file(path: Path) -> str:
    """SHA-256 of a file, hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _commands(runs: list[dict[str, Any]], teaching: dict[str, Any] | None) -> str:
    """The commands that made the weights, the oldest first; the last run is the taught one."""
    commands = [_command(one) + (" --resume <the run before>" if one is not runs[0] else "") for one in runs]
    if teaching:
        commands[-1] += (
            f" --alpha {teaching['alpha']:g} --temperature {teaching['temperature']:g}"
            " --teacher <config.distillation.teachers>"
        )
    return "; ".join(commands)


def _command(run: dict[str, Any]) -> str:
    return (
        f"python -m supplygraph_training.train --minutes {run['minutes']:g} --seed {run['seed']}"
        f" --learning-rate {run['learningRate']:g}" + (f" --keep {run['keep']:g}" if run.get("keep") else "")
    )


def _describe(name: str, shape: tuple[int, ...]) -> dict[str, Any]:
    unit, description = _TEXTS[name]
    return {
        "name": name,
        "dtype": "float32",
        "shape": ["batch", *shape],
        "unit": unit,
        "description": description,
    }
