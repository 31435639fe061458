"""Golden cases: inputs with the outputs of PyTorch, which the server must reproduce."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from supplygraph_training.config import (
    CONTEXT_LENGTH,
    COVARIATES,
    HORIZON_LENGTH,
    PRICE_RATIO,
    PROMOTION,
    STOCK_OUT,
)
from supplygraph_training.generator.series import Floats
from supplygraph_training.network import DemandNetwork
from supplygraph_training.onnx_graph import run_torch

TOLERANCE = 1e-4
"""Largest |served − expected| of an output, relative to the output's largest |expected|."""

SMALLEST_SCALE = 0.01
"""An output smaller than this everywhere counts as this large: float32 kernels of different processors
differ by 1e-7 of what they add up, whatever is left of it."""

_DIGITS = 7
_SEED = 20260101

Inputs = dict[str, Floats]


def make_golden(network: DemandNetwork) -> dict[str, Any]:
    """Make the content of `golden.json`: each case's inputs without padding, and its outputs."""
    cases = [_run_case(network, name, make_case()) for name, make_case in _CASES.items()]
    return {"tolerance": TOLERANCE, "cases": cases}


def make_case(
    history: Floats, period: int, mask: Floats | None = None, covariates: Floats | None = None
) -> Inputs:
    """Right-align one history [n] (with mask [n] and covariates [n + 64, 4]) in a batch of one."""
    n = history.size
    values = np.zeros((1, CONTEXT_LENGTH), np.float32)
    observed = np.zeros((1, CONTEXT_LENGTH), np.float32)
    channels = np.zeros((1, CONTEXT_LENGTH + HORIZON_LENGTH, len(COVARIATES)), np.float32)
    values[0, CONTEXT_LENGTH - n :] = np.vectorize(_round)(history)
    observed[0, CONTEXT_LENGTH - n :] = 1 if mask is None else mask
    if covariates is not None:
        channels[0, CONTEXT_LENGTH - n :] = np.vectorize(_round)(covariates)
    return {
        "values": values,
        "mask": observed,
        "period": np.array([period], np.float32),
        "covariates": channels,
        "length": np.array([n]),
    }


def _run_case(network: DemandNetwork, name: str, case: Inputs) -> dict[str, Any]:
    n = int(case["length"][0])
    start = CONTEXT_LENGTH - n
    outputs = run_torch(network, case)
    inputs: dict[str, Any] = {
        "values": _plain(case["values"][0, start:]),
        "mask": case["mask"][0, start:].astype(int).tolist(),
        "period": int(case["period"][0]),
    }
    if case["covariates"].any():
        inputs["covariates"] = _plain(case["covariates"][0, start:])
    return {
        "name": name,
        "inputs": inputs,
        "outputs": {
            "quantiles": _plain(outputs["quantiles"][0]),
            "zeroProbability": _plain(outputs["zero_probability"][0]),
            "undisturbed": _plain(outputs["undisturbed"][0, start:]),
        },
    }


def _plain(array: Floats) -> Any:
    """Nested lists of numbers with seven significant digits; whole numbers without a point."""
    if array.ndim > 1:
        return [_plain(row) for row in array]
    rounded = [_round(value) for value in array]
    return [int(value) if value.is_integer() else value for value in rounded]


def _round(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")


def _seasonal() -> Inputs:
    t = np.arange(120)
    noise = np.random.default_rng(_SEED).normal(0, 3, t.size)
    return make_case(100 + 30 * np.sin(2 * np.pi * t / 12) + noise, 12)


def _weekday_sales() -> Inputs:
    rng = np.random.default_rng(_SEED + 1)
    rate = np.array([4, 5, 6, 6, 9, 0, 3])[np.arange(330) % 7]
    return make_case(rng.poisson(rate).astype(np.float64), 7)


def _intermittent() -> Inputs:
    rng = np.random.default_rng(_SEED + 2)
    return make_case(np.where(rng.random(39) < 0.25, rng.integers(1, 4, 39), 0).astype(np.float64), 12)


def _trending() -> Inputs:
    return make_case(50 + 2.5 * np.arange(40), 1)


def _with_missing() -> Inputs:
    rng = np.random.default_rng(_SEED + 3)
    history = 20 + 5 * np.cos(2 * np.pi * np.arange(90) / 7) + rng.normal(0, 1, 90)
    mask = (rng.random(90) > 0.2).astype(np.float64)
    return make_case(history * mask, 7, mask)


def _with_stock_outs() -> Inputs:
    rng = np.random.default_rng(_SEED + 4)
    demand = rng.poisson(12, 100).astype(np.float64)
    covariates = np.zeros((164, len(COVARIATES)))
    covariates[40:48, STOCK_OUT] = 1
    covariates[90:100, STOCK_OUT] = 1
    mask = 1 - covariates[:100, STOCK_OUT]
    return make_case(demand * mask, 7, mask, covariates)


def _with_promotions() -> Inputs:
    rng = np.random.default_rng(_SEED + 5)
    covariates = np.zeros((144, len(COVARIATES)))
    for start in (10, 30, 52, 70, 84):
        covariates[start : start + 4, PRICE_RATIO] = np.log(0.75)
        covariates[start : start + 4, PROMOTION] = 1
    rate = 15 * np.exp(-2.0 * covariates[:80, PRICE_RATIO])
    return make_case(rng.poisson(rate).astype(np.float64), 7, None, covariates)


def _huge() -> Inputs:
    t = np.arange(64)
    return make_case(1e9 * (1 + 0.1 * np.sin(2 * np.pi * t / 4) + 0.005 * t), 4)


_CASES: dict[str, Callable[[], Inputs]] = {
    "yearly season in monthly values": _seasonal,
    "weekday pattern with a closed day": _weekday_sales,
    "intermittent monthly demand": _intermittent,
    "constant": lambda: make_case(np.full(30, 7.0), 7),
    "nothing ever sold": lambda: make_case(np.zeros(60), 7),
    "a single value": lambda: make_case(np.array([5.0]), 52),
    "straight trend without season": _trending,
    "missing periods": _with_missing,
    "known stock-outs": _with_stock_outs,
    "promotions behind and ahead": _with_promotions,
    "values of 1e9": _huge,
}
