"""How near the pricing network comes to the truth of drawn shops, beside the elasticity engine."""

from __future__ import annotations

import numpy as np
import torch
from torch import nn

from supplygraph_training.pricing.lessons import FAMILIES, Lessons

_POSTERIOR_MEAN, _POSTERIOR_ERROR = 16, 17
_STEPS = FAMILIES.index("steps")


@torch.no_grad()
def score_network(network: nn.Module, lessons: Lessons) -> dict[str, float]:
    """Score elasticities at the current price and over moves, lifts and levels.

    Returns
    -------
    dict
        `elasticityMae`, `coverage95` and the engine's beside (`engineMae`, `engineCoverage95`), over
        families whose demand is smooth; `responseMae`: mean |log ratio − truth| over moves; `liftMae`,
        `levelMae` beside those of the mean lift and of no change of level.
    """
    network.eval()
    elasticities, lift, level = (
        output.numpy()
        for output in network(torch.from_numpy(lessons.features), torch.from_numpy(lessons.ratios))
    )
    network.train()
    smooth = lessons.family != _STEPS
    truth = lessons.elasticities[smooth, 0]
    own = elasticities[smooth, 0]
    engine = lessons.features[smooth, _POSTERIOR_MEAN]
    error = np.exp(lessons.features[smooth, _POSTERIOR_ERROR])
    promoted = np.isfinite(lessons.lift)
    moves = np.abs(lessons.ratios[:, 1:] * (elasticities[:, 1:, 3] - lessons.elasticities[:, 1:]))
    engine_moves = np.abs(
        lessons.ratios[:, 1:] * (lessons.features[:, _POSTERIOR_MEAN, None] - lessons.elasticities[:, 1:])
    )
    scores = {
        "elasticityMae": np.abs(own[:, 3] - truth).mean(),
        "coverage95": ((own[:, 0] <= truth) & (truth <= own[:, 6])).mean(),
        "engineMae": np.abs(engine - truth).mean(),
        "engineCoverage95": (np.abs(engine - truth) <= 1.96 * error).mean(),
        "responseMae": moves.mean(),
        "engineResponseMae": engine_moves.mean(),
        "liftMae": np.abs(lift[promoted, 3] - lessons.lift[promoted]).mean(),
        "meanLiftMae": np.abs(lessons.lift[promoted].mean() - lessons.lift[promoted]).mean(),
        "levelMae": np.abs(level[:, 3] - lessons.level).mean(),
        "lastLevelMae": np.abs(lessons.level).mean(),
    }
    return {name: round(float(value), 4) for name, value in scores.items()}
