"""Score the shipped pricing model: `python -m supplygraph_training.pricing.evaluate --lessons FILE`."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np
import onnxruntime
import torch
from torch import Tensor, nn

from supplygraph_training.pricing.export import OUTPUTS, ROW_PRICES
from supplygraph_training.pricing.lessons import read_lessons
from supplygraph_training.pricing.score import score_network


class OnnxPricing(nn.Module):
    """The shipped graph behind the network's call.

    Parameters
    ----------
    path
        The ONNX file.
    """

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._session = onnxruntime.InferenceSession(str(path))

    def forward(self, features: Tensor, log_price_ratios: Tensor) -> tuple[Tensor, ...]:
        """Answer as `PricingNetwork.forward`, for up to 64 prices."""
        prices = log_price_ratios.shape[1]
        rows = np.zeros((len(features), ROW_PRICES), dtype=np.float32)
        rows[:, :prices] = log_price_ratios.numpy()
        outputs = self._session.run(list(OUTPUTS), {"features": features.numpy(), "log_price_ratios": rows})
        elasticities, lift, level = (torch.from_numpy(output) for output in outputs)
        return elasticities[:, :prices], lift, level


def main() -> None:
    """Print the scores."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=Path, required=True, help="file that writeLessons.ts wrote")
    parser.add_argument("--model", type=Path, default=Path("models/pricing/model.onnx"))
    options = parser.parse_args()
    for name, value in score_network(OnnxPricing(options.model), read_lessons(options.lessons)).items():
        print(f"{name:20s} {value}")


if __name__ == "__main__":
    main()
