"""The pricing model's card: the contract between training and serving."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

from supplygraph_training.card import MODEL_FILE
from supplygraph_training.pricing.lessons import FAMILIES, FEATURES
from supplygraph_training.pricing.network import LEVELS

_SCORE_COMMAND = (
    "npx tsx training/shops/writeLessons.ts --items 10000 --seed 201 --out validation.f32 && "
    "python -m supplygraph_training.pricing.evaluate --lessons validation.f32"
)

_LIMITS = [
    "Learned from drawn shops alone, of six families of demand; demand of another kind is answered as "
    "the nearest of them.",
    "Reads the elasticity engine's evidence, not the sales themselves: causes that move demand and prices "
    "together and that no observation shows stay hidden from it.",
    "Customers who remember prices were not drawn: what wears off of an answer is not foreseen.",
    "Prices more than half below or twice above the current one were not drawn; beyond them the response "
    "is extrapolated.",
    "Intervals hold on average over shops like the drawn ones; nothing is known of how they hold in one.",
]


def make_card(model: Path, parameters: int, version: str, run: dict[str, Any]) -> dict[str, Any]:
    """Describe an exported model; figures are those that training measured on the validation lessons."""
    scores = run["validation"]
    return {
        "name": "pricing",
        "version": version,
        "task": "Response of demand to prices",
        "description": (
            "A multi-task network over the elasticity engine's evidence of an item: quantiles of the mean "
            "elasticity from the current price to each candidate price, of the lift of promotions and of the "
            "demand level. Distilled from the engine's posterior and taught the truth of drawn shops."
        ),
        "file": MODEL_FILE,
        "sha256": sha256(model.read_bytes()).hexdigest(),
        "featureCount": FEATURES,
        "rowPrices": 64,
        "quantileLevels": list(LEVELS),
        "parameters": parameters,
        "inputs": [
            _tensor(
                "features",
                [FEATURES],
                "see src/pricing/response/evidenceFeatures.ts",
                "The engine's evidence of an item.",
            ),
            _tensor(
                "log_price_ratios",
                [64],
                "log ratio",
                "Log of candidate price ÷ current price; the first is 0.",
            ),
        ],
        "outputs": [
            _tensor(
                "elasticities",
                [64, 7],
                "log units per log price",
                "Ascending quantiles of the mean elasticity from the current price to each candidate; at 0 "
                "the point elasticity.",
            ),
            _tensor(
                "promotion_lift",
                [7],
                "log ratio",
                "Ascending quantiles of the log of promotions' factor on demand.",
            ),
            _tensor(
                "level",
                [7],
                "log ratio",
                "Ascending quantiles of the log of future units per period ÷ recent level.",
            ),
        ],
        "training": {
            "data": [
                {
                    "name": f"Shops drawn by training/shops ({', '.join(FAMILIES)})",
                    "licence": "Apache-2.0",
                    "items": run["items"],
                }
            ],
            "teacher": "The elasticity engine of src/pricing/response: its posterior after shrinkage",
            "alpha": run["training"]["alpha"],
            "taskWeights": dict(zip(("response", "lift", "level"), run["taskWeights"], strict=True)),
            "epochs": run["training"]["epochs"],
            "minutes": run["minutes"],
        },
        "metrics": [
            _metric("elasticity MAE", scores["elasticityMae"], "elasticity engine", scores["engineMae"]),
            _metric(
                "coverage of 95 % intervals",
                scores["coverage95"],
                "elasticity engine",
                scores["engineCoverage95"],
            ),
            _metric(
                "MAE of log demand ratio",
                scores["responseMae"],
                "elasticity engine",
                scores["engineResponseMae"],
            ),
            _metric("MAE of log promotion lift", scores["liftMae"], "mean lift", scores["meanLiftMae"]),
            _metric("MAE of log level", scores["levelMae"], "recent level", scores["lastLevelMae"]),
        ],
        "limits": _LIMITS,
        "licence": "Apache-2.0",
    }


def _tensor(name: str, shape: list[int], unit: str, description: str) -> dict[str, Any]:
    return {
        "name": name,
        "dtype": "float32",
        "shape": ["batch", *shape],
        "unit": unit,
        "description": description,
    }


def _metric(metric: str, value: float, baseline: str, beside: float) -> dict[str, Any]:
    return {
        "dataset": "drawn shops, seed 201",
        "series": "10,000 items",
        "metric": metric,
        "value": value,
        "baseline": {"name": baseline, "value": beside},
        "command": _SCORE_COMMAND,
    }
