"""Runs the served graph over histories of any length, as the server does."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

import numpy as np
import onnxruntime

from supplygraph_training.config import CONTEXT_LENGTH, COVARIATES, HORIZON_LENGTH
from supplygraph_training.generator.series import Floats


class Forecaster(Protocol):
    """Anything that forecasts histories of any length without covariates."""

    def forecast(self, histories: list[Floats], seasonality: int) -> Floats:
        """Quantiles [series, 64, 9], units per period, of histories with NaN = missing."""
        ...


class OnnxForecaster:
    """The exported network on one thread.

    Parameters
    ----------
    path : Path
        The `.onnx` file.
    threads : int
        Threads of ONNX Runtime, ≥ 1.
    """

    def __init__(self, path: Path, threads: int = 1) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])

    def run(self, inputs: dict[str, Floats]) -> dict[str, Floats]:
        """Run the graph on its raw inputs; outputs by name."""
        names = [output.name for output in self._session.get_outputs()]
        return dict(zip(names, self._session.run(names, inputs), strict=True))

    def forecast(self, histories: list[Floats], seasonality: int, batch: int = 32) -> Floats:
        """Quantiles [series, 64, 9] of histories with NaN = missing, without covariates.

        Quantiles below zero are lifted to zero where no observed value is negative.
        """
        parts = []
        for start in range(0, len(histories), batch):
            chunk = histories[start : start + batch]
            inputs = make_inputs(chunk, seasonality)
            quantiles = self.run(inputs)["quantiles"].astype(np.float64)
            lowest = np.where(inputs["values"].min(1) < 0, -np.inf, 0.0)
            parts.append(np.maximum(quantiles, lowest[:, None, None]))
        return np.concatenate(parts)


def make_inputs(histories: list[Floats], seasonality: int) -> dict[str, Floats]:
    """Right-align histories [n] in the graph's inputs; NaN becomes masked."""
    count = len(histories)
    values = np.zeros((count, CONTEXT_LENGTH), np.float32)
    mask = np.zeros((count, CONTEXT_LENGTH), np.float32)
    for row, history in enumerate(histories):
        recent = history[-CONTEXT_LENGTH:]
        if recent.size:
            values[row, -recent.size :] = np.nan_to_num(recent)
            mask[row, -recent.size :] = np.isfinite(recent)
    return {
        "values": values,
        "mask": mask,
        "period": np.full(count, seasonality, np.float32),
        "covariates": np.zeros((count, CONTEXT_LENGTH + HORIZON_LENGTH, len(COVARIATES)), np.float32),
    }
