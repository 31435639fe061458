"""The triage network: an encoder, attention pooling, and a head for each question."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.encoder import Encoder
from supplygraph_training.triage.labels import (
    CATEGORIES,
    CATEGORY_OF_INTENT,
    INTENTS,
    SENTIMENTS,
    SEVERITIES,
)

EMBEDDING = 128
"""Length of the vector for similar cases."""


class Logits(NamedTuple):
    """What the heads say of n texts, before calibration.

    Attributes
    ----------
    intent : [n, 27]
    category : [n, 11]
    scope, complaint : [n], log odds
    sentiment : [n, 4], log odds of being above level 0, 1, 2, 3
    severity : [n, 3], log odds of being above level 0, 1, 2
    embedding : [n, 128], of unit length
    """

    intent: Tensor
    category: Tensor
    scope: Tensor
    complaint: Tensor
    sentiment: Tensor
    severity: Tensor
    embedding: Tensor


class TriageNetwork(nn.Module):
    """Ids [n, t] and mask [n, t] to `Logits`.

    The category's logits are a head of their own plus the logarithm of the intents' chances summed by
    category, so that both agree unless there is evidence for the category alone. Sentiment and severity are
    proportional-odds models (McCullagh 1980): one score, ordered thresholds.
    """

    membership: Tensor

    def __init__(self, encoder: Encoder, dropout: float = 0.1, classes: int = len(INTENTS)) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.attention = nn.Linear(width, 1)
        nn.init.zeros_(self.attention.weight)
        self.dropout = nn.Dropout(dropout)
        self.intent = nn.Linear(width, classes)
        self.category = nn.Linear(width, len(CATEGORIES))
        self.scope, self.complaint = nn.Linear(width, 1), nn.Linear(width, 1)
        self.sentiment, self.severity = Ordinal(width, len(SENTIMENTS)), Ordinal(width, len(SEVERITIES))
        self.project = nn.Linear(width, EMBEDDING)
        self.register_buffer("membership", _membership(), persistent=False)

    def forward(self, ids: Tensor, mask: Tensor) -> Logits:
        """Read texts."""
        pooled = self.pool(ids, mask)
        features = self.dropout(pooled)
        intent = self.intent(features).float()
        category = self.category(features).float() + (intent.softmax(-1) @ self.membership + 1e-6).log()
        return Logits(
            intent,
            category,
            self.scope(features).float().squeeze(-1),
            self.complaint(features).float().squeeze(-1),
            self.sentiment(features).float(),
            self.severity(features).float(),
            functional.normalize(self.project(pooled).float(), dim=-1),
        )

    def pool(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Weighted mean of the tokens' vectors [n, width]; at first the plain mean, as MiniLM was trained."""
        hidden = self.encoder(ids, mask)
        scores = self.attention(hidden).float().squeeze(-1) + (1 - mask.float()) * -1e4
        pooled: Tensor = (scores.softmax(-1).unsqueeze(1).to(hidden.dtype) @ hidden).squeeze(1)
        return pooled


class Ordinal(nn.Module):
    """Log odds [n, levels − 1] of being above each level but the last; never increasing with the level."""

    def __init__(self, width: int, levels: int) -> None:
        super().__init__()
        self.score = nn.Linear(width, 1)
        self.first = nn.Parameter(torch.tensor(-1.0))
        self.steps = nn.Parameter(torch.zeros(levels - 2))

    def forward(self, features: Tensor) -> Tensor:
        """Log odds of features [n, width]."""
        steps = functional.softplus(self.steps)
        thresholds = torch.cat([self.first[None], self.first + steps.cumsum(0)])
        log_odds: Tensor = self.score(features).float() - thresholds
        return log_odds


def level_chances(log_odds: Tensor) -> Tensor:
    """Chance of each level [n, levels] from the log odds of being above the others [n, levels − 1]."""
    above = log_odds.sigmoid()
    edge = torch.ones_like(above[:, :1])
    return torch.cat([edge, above], 1) - torch.cat([above, edge * 0], 1)


def _membership() -> Tensor:
    table = torch.zeros(len(INTENTS), len(CATEGORIES))
    for row, intent in enumerate(INTENTS):
        table[row, CATEGORIES.index(CATEGORY_OF_INTENT[intent])] = 1.0
    return table
