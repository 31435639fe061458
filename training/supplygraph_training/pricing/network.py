"""The pricing network: features of an item and prices in, quantiles of its response out."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from supplygraph_training.pricing.lessons import FEATURES

LEVELS = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)
"""Levels of the quantiles that the network gives, as serving's `RESPONSE_LEVELS`."""


@dataclass(frozen=True)
class PricingConfig:
    """Sizes of the network."""

    width: int = 192
    blocks: int = 3
    query_width: int = 64
    dropout: float = 0.1

    def __post_init__(self) -> None:
        """Check the sizes."""
        for name in ("width", "blocks", "query_width"):
            if getattr(self, name) < 1:
                raise ValueError(f"{name} must be at least 1, got {getattr(self, name)}.")


class PricingNetwork(nn.Module):
    """One trunk and three heads: response to prices, promotion lift, demand level.

    Parameters
    ----------
    config
        Sizes.
    """

    centre: Tensor
    scale: Tensor
    widening: Tensor

    def __init__(self, config: PricingConfig) -> None:
        super().__init__()
        width, query = config.width, config.query_width
        self.register_buffer("centre", torch.zeros(FEATURES))
        self.register_buffer("scale", torch.ones(FEATURES))
        self.register_buffer("widening", torch.ones(()))
        self.enter = nn.Linear(FEATURES, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.LayerNorm(width),
                nn.Linear(width, width),
                nn.GELU(),
                nn.Dropout(config.dropout),
                nn.Linear(width, width),
            )
            for _ in range(config.blocks)
        )
        self.normalise = nn.LayerNorm(width)
        self.item = nn.Linear(width, query)
        self.price = nn.Linear(6, query, bias=False)
        self.respond = nn.Sequential(
            nn.GELU(), nn.Linear(query, query), nn.GELU(), nn.Linear(query, len(LEVELS))
        )
        self.lift = nn.Linear(width, len(LEVELS))
        self.level = nn.Linear(width, len(LEVELS))

    def forward(self, features: Tensor, log_price_ratios: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give quantiles at `LEVELS`, ascending.

        Parameters
        ----------
        features
            `[B, 61]`.
        log_price_ratios
            `[B, G]`, log of candidate price ÷ current price.

        Returns
        -------
        elasticities
            `[B, G, 7]`, mean elasticity between the current price and the candidate; at ratio 0 the
            point elasticity.
        lift
            `[B, 7]`, log of the factor of promotions on demand.
        level
            `[B, 7]`, log of units per period over the next periods ÷ recent level.
        """
        trunk = self.enter(((features - self.centre) / self.scale).clamp(-6, 6))
        for block in self.blocks:
            trunk = trunk + block(trunk)
        trunk = self.normalise(trunk)
        queries = self.price(bend(log_price_ratios)) + self.item(trunk).unsqueeze(1)
        response = self.respond(queries)
        # The own estimate after shrinkage is where the response starts from.
        start = features[:, FEATURES - 1].clamp(-8, 1).unsqueeze(1)
        elasticities = spread(response, start)
        middle = elasticities[..., 3:4]
        return (
            middle + self.widening * (elasticities - middle),
            spread(self.lift(trunk)),
            spread(self.level(trunk)),
        )


def bend(ratios: Tensor) -> Tensor:
    """Lay out log price ratios `[B, G]` as six bent numbers each, `[B, G, 6]`."""
    up, down = ratios.clamp(0, 1.5), (-ratios).clamp(0, 1.5)
    return torch.stack(
        (
            up * 3,
            down * 3,
            torch.tanh(up * 20),
            torch.tanh(down * 20),
            torch.tanh(up * 6),
            torch.tanh(down * 6),
        ),
        -1,
    )


def spread(raw: Tensor, start: Tensor | None = None) -> Tensor:
    """Turn seven free numbers into ascending quantiles: the median, and steps above 0 to either side."""
    middle = raw[..., 3:4]
    if start is not None:
        middle = middle + start.unsqueeze(-1)
    steps = nn.functional.softplus(raw - 1.0)
    up1 = middle + steps[..., 4:5]
    up2 = up1 + steps[..., 5:6]
    up3 = up2 + steps[..., 6:7]
    down1 = middle - steps[..., 2:3]
    down2 = down1 - steps[..., 1:2]
    down3 = down2 - steps[..., 0:1]
    return torch.cat((down3, down2, down1, middle, up1, up2, up3), -1)
