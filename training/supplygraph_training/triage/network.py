"""The triage network: an encoder, attention pooling, and a head for each question."""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.encoder import Encoder
from supplygraph_training.triage.labels import SENTIMENTS, SEVERITIES, Taxonomy

EMBEDDING = 128
"""Length of the vector for similar cases."""


class Logits(NamedTuple):
    """What the heads say of n texts, before calibration.

    Attributes
    ----------
    intent : [n, intents], 27 unless the network has a taxonomy of its own
    category : [n, categories], 11 likewise
    scope, complaint : [n], log odds
    sentiment : [n, 4], log odds of being above level 0, 1, 2, 3
    severity : [n, 3], log odds of being above level 0, 1, 2
    embedding : [n, 128], of unit length
    recommended : [n], log odds; helps to learn sentiment and is not served
    """

    intent: Tensor
    category: Tensor
    scope: Tensor
    complaint: Tensor
    sentiment: Tensor
    severity: Tensor
    embedding: Tensor
    recommended: Tensor


class TriageNetwork(nn.Module):
    """Ids [n, t] and mask [n, t] to `Logits`.

    The category's logits are a head of their own plus the logarithm of the intents' chances summed by
    category, so that both agree unless there is evidence for the category alone. Sentiment and severity are
    cumulative models of ordered levels (`Ordinal`).
    """

    membership: Tensor

    def __init__(self, encoder: Encoder, dropout: float = 0.1, taxonomy: Taxonomy | None = None) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.taxonomy = taxonomy or Taxonomy()
        self.attention = nn.Linear(width, 1)
        nn.init.zeros_(self.attention.weight)
        self.dropout = nn.Dropout(dropout)
        self.intent = nn.Linear(width, len(self.taxonomy.intents))
        self.category = nn.Linear(width, len(self.taxonomy.categories))
        self.scope, self.complaint, self.recommended = (nn.Linear(width, 1) for _ in range(3))
        self.sentiment, self.severity = Ordinal(width, len(SENTIMENTS)), Ordinal(width, len(SEVERITIES))
        self.project = nn.Linear(width, EMBEDDING)
        self.register_buffer("membership", _membership(self.taxonomy), persistent=False)

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
            self.recommended(features).float().squeeze(-1),
        )

    def pool(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Weighted mean of the tokens' vectors [n, width]; at first the plain mean, as MiniLM was trained."""
        hidden = self.encoder(ids, mask)
        scores = self.attention(hidden).float().squeeze(-1) + (1 - mask.float()) * -1e4
        pooled: Tensor = (scores.softmax(-1).unsqueeze(1).to(hidden.dtype) @ hidden).squeeze(1)
        return pooled


class Ordinal(nn.Module):
    """Log odds [n, levels − 1] of being above each level but the last; never increasing with the level.

    Score and steps both depend on the text: with one score and fixed steps (proportional odds), what tells
    four stars from five would have to be what tells two from four.
    """

    def __init__(self, width: int, levels: int) -> None:
        super().__init__()
        self.score, self.steps = nn.Linear(width, 1), nn.Linear(width, levels - 2)

    def forward(self, features: Tensor) -> Tensor:
        """Log odds of features [n, width]."""
        first = self.score(features).float()
        steps = functional.softplus(self.steps(features).float())
        return torch.cat([first, first - steps.cumsum(1)], 1)


def level_chances(log_odds: Tensor) -> Tensor:
    """Chance of each level [n, levels] from the log odds of being above the others [n, levels − 1]."""
    above = log_odds.sigmoid()
    edge = torch.ones_like(above[:, :1])
    return torch.cat([edge, above], 1) - torch.cat([above, edge * 0], 1)


def _membership(taxonomy: Taxonomy) -> Tensor:
    table = torch.zeros(len(taxonomy.intents), len(taxonomy.categories))
    for row, intent in enumerate(taxonomy.intents):
        table[row, taxonomy.categories.index(taxonomy.category_of_intent[intent])] = 1.0
    return table
