"""The demand network: a bidirectional patch encoder with one token per 16 periods.

Context and future tokens attend to one another. Context tokens answer what demand would have been
(`undisturbed`); future tokens answer nine quantiles and the probability of no demand per step. A
step's median is a learned linear combination of plain forecasts (the anchors) plus a residual in
units of the row's noise; the other quantiles follow by softplus increments, so they cannot cross.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from supplygraph_training.config import (
    CONTEXT_LENGTH,
    COVARIATES,
    HORIZON_LENGTH,
    QUANTILE_LEVELS,
    STOCK_OUT,
    NetworkConfig,
)
from supplygraph_training.features import (
    ANCHORS,
    LAGS,
    LEVEL_ANCHORS,
    STATISTICS,
    Features,
    extract_features,
)

_SIDE = len(QUANTILE_LEVELS) // 2
_OUTPUTS = ANCHORS + 1 + 2 * _SIDE + 1
"""Numbers per step ahead: anchor weights, residual, increments down and up, zero logit."""


@dataclass(frozen=True)
class Forecast:
    """What the network says, in compressed scales (see `scaling`).

    Attributes
    ----------
    features : Features
        What it was told.
    quantiles : Tensor
        [batch, 64, 9], non-decreasing along the last axis.
    zero_logit : Tensor
        [batch, 64], log-odds that demand is zero.
    undisturbed : Tensor
        [batch, context].
    """

    features: Features
    quantiles: Tensor
    zero_logit: Tensor
    undisturbed: Tensor


class DemandNetwork(nn.Module):
    """Forecaster of any series; see the module's text and `config.NetworkConfig`."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        patch, width = config.patch, config.width
        channels = 2 + len(COVARIATES)
        self.embed_context = nn.Linear(patch * (3 + channels), width)
        self.embed_future = nn.Linear(patch * (2 * LAGS + ANCHORS + channels), width)
        self.embed_statistics = nn.Linear(STATISTICS, width)
        tokens = (CONTEXT_LENGTH + HORIZON_LENGTH) // patch
        self.position = nn.Parameter(torch.randn(tokens, width) * 0.02)
        self.layers = nn.ModuleList(EncoderLayer(config) for _ in range(config.layers))
        self.norm = nn.LayerNorm(width)
        self.head_future = nn.Linear(width, patch * _OUTPUTS)
        self.head_context = nn.Linear(width, patch)
        self._start_from_anchors()

    def forward(
        self, values: Tensor, mask: Tensor, period: Tensor, covariates: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Forecast in units per period; shapes as in the model card.

        Returns
        -------
        quantiles : Tensor
            [batch, 64, 9], units per period.
        zero_probability : Tensor
            [batch, 64], 0 to 1.
        undisturbed : Tensor
            [batch, context], units per period.
        """
        kept = self._occupied_periods(mask, covariates)
        forecast = self.predict(
            values.index_select(1, kept[:-HORIZON_LENGTH]),
            mask.index_select(1, kept[:-HORIZON_LENGTH]),
            period,
            covariates.index_select(1, kept),
        )
        scaling = forecast.features.scaling
        quantiles = scaling.expand(forecast.quantiles.flatten(1)).reshape(
            -1, HORIZON_LENGTH, len(QUANTILE_LEVELS)
        )
        undisturbed = scaling.expand(forecast.undisturbed)
        blank = torch.zeros_like(values) + scaling.location
        undisturbed = torch.cat([blank, undisturbed], dim=1)[:, -CONTEXT_LENGTH:]
        return quantiles, torch.sigmoid(forecast.zero_logit), undisturbed

    def predict(self, values: Tensor, mask: Tensor, period: Tensor, covariates: Tensor) -> Forecast:
        """Forecast in compressed scales.

        The context may be any multiple of the patch up to 512 periods: a shorter one gives what
        a full one would that is padded on the left.
        """
        features = extract_features(values, mask, period)
        tokens = self._embed(features, mask, covariates)
        visible = self._visible(mask)
        for layer in self.layers:
            tokens = layer(tokens, visible)
        tokens = self.norm(tokens)
        patches = values.shape[1] // self.config.patch
        undisturbed = self.head_context(tokens[:, :patches]).flatten(1)
        outputs = self.head_future(tokens[:, patches:]).reshape(-1, HORIZON_LENGTH, _OUTPUTS)
        return Forecast(
            features=features,
            quantiles=_quantiles(features, outputs),
            zero_logit=outputs[:, :, -1],
            undisturbed=undisturbed,
        )

    def _occupied_periods(self, mask: Tensor, covariates: Tensor) -> Tensor:
        """Indices of the periods from the first patch on that any row of the batch uses.

        Empty patches change nothing, and most histories are short: leaving them out is what makes
        serving fast.
        """
        used = (mask + covariates[:, : mask.shape[1], STOCK_OUT]).amax(0)
        patches = used.reshape(-1, self.config.patch).amax(1) > 0
        before_any = torch.cumsum(patches.to(torch.int64), dim=0) == 0
        empty = torch.minimum(before_any.sum(), torch.tensor(patches.shape[0] - 1))
        return torch.arange(CONTEXT_LENGTH + HORIZON_LENGTH)[empty * self.config.patch :]

    def _embed(self, features: Features, mask: Tensor, covariates: Tensor) -> Tensor:
        context, patch = mask.shape[1], self.config.patch
        past = torch.stack([features.compressed, mask, features.seasonal_change], dim=2)
        past = torch.cat([past, features.waves[:, :context], covariates[:, :context]], dim=2)
        future = torch.cat(
            [
                features.lags,
                features.lag_mask,
                features.anchors,
                features.waves[:, context:],
                covariates[:, context:],
            ],
            dim=2,
        )
        tokens = torch.cat(
            [
                self.embed_context(past.reshape(-1, context // patch, patch * past.shape[2])),
                self.embed_future(future.reshape(-1, HORIZON_LENGTH // patch, patch * future.shape[2])),
            ],
            dim=1,
        )
        own = self.embed_statistics(features.statistics).unsqueeze(1)
        return tokens + self.position[-tokens.shape[1] :] + own

    def _visible(self, mask: Tensor) -> Tensor:
        """[batch, 1, 1, tokens], True for tokens that hold an observation or lie in the future."""
        patches = mask.reshape(-1, mask.shape[1] // self.config.patch, self.config.patch)
        observed = patches.amax(2) > 0
        ahead = torch.ones_like(observed[:, :1]).expand(-1, HORIZON_LENGTH // self.config.patch)
        return torch.cat([observed, ahead], dim=1)[:, None, None, :]

    def _start_from_anchors(self) -> None:
        """Begin with the mean of the level anchors and a spread of about the row's noise."""
        nn.init.normal_(self.head_future.weight, std=0.01)
        bias = torch.zeros(self.config.patch, _OUTPUTS)
        bias[:, :LEVEL_ANCHORS] = 1 / LEVEL_ANCHORS
        with torch.no_grad():
            self.head_future.bias.copy_(bias.flatten())


class EncoderLayer(nn.Module):
    """Pre-norm transformer layer: self-attention and a GELU feed-forward part."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.heads = config.heads
        self.norm_attention = nn.LayerNorm(config.width)
        self.mix_in = nn.Linear(config.width, 3 * config.width)
        self.mix_out = nn.Linear(config.width, config.width)
        self.norm_feed = nn.LayerNorm(config.width)
        self.feed_in = nn.Linear(config.width, config.feed_forward)
        self.feed_out = nn.Linear(config.feed_forward, config.width)

    def forward(self, tokens: Tensor, visible: Tensor) -> Tensor:
        """Map [batch, tokens, width] to the same shape; `visible` masks the keys.

        The linear maps see all tokens of the batch as rows of one matrix: the exported graph then has
        one matrix product with its bias for each of them.
        """
        _, count, width = tokens.shape
        rows = tokens.reshape(-1, width)
        mixed = self.mix_in(self.norm_attention(rows))
        mixed = mixed.reshape(-1, count, 3, self.heads, width // self.heads).permute(2, 0, 3, 1, 4)
        attended = F.scaled_dot_product_attention(mixed[0], mixed[1], mixed[2], attn_mask=visible)
        rows = rows + self.mix_out(attended.transpose(1, 2).reshape(-1, width))
        rows = rows + self.feed_out(F.gelu(self.feed_in(self.norm_feed(rows)), approximate="tanh"))
        return rows.reshape(-1, count, width)


def _quantiles(features: Features, outputs: Tensor) -> Tensor:
    """Turn outputs [batch, 64, _OUTPUTS] into non-decreasing quantiles [batch, 64, 9]."""
    noise = features.noise.unsqueeze(2)
    weights = outputs[:, :, :ANCHORS]
    residual = outputs[:, :, ANCHORS : ANCHORS + 1]
    median = (weights * features.anchors).sum(2, keepdim=True) + noise * residual
    steps = 0.5 * noise * F.softplus(outputs[:, :, ANCHORS + 1 : -1])
    down = median - torch.flip(torch.cumsum(steps[:, :, :_SIDE], dim=2), dims=[2])
    up = median + torch.cumsum(steps[:, :, _SIDE:], dim=2)
    return torch.cat([down, median, up], dim=2)
