"""Masked-language pre-training: `python -m supplygraph_training.triage.pretrain --data corpus.txt --out RUN`.

The corpus has one text a line, as its writer typed it; no labels are needed. The encoder learns to guess
hidden pieces (Devlin et al. 2019: 15 % of them, of which 80 % are masked, 10 % replaced, 10 % left). It
starts from MiniLM, from a run (`--start RUN`) or from nothing (`--from-nothing`); one line in twenty is held
out and scored before and after. The run has new heads: go on with `train --start RUN` or `make --start RUN`.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import torch
from torch import Tensor, nn
from torch.nn import functional

from supplygraph_training.triage.batches import BatchPlan, make_batches
from supplygraph_training.triage.encoder import Encoder, EncoderConfig, load_minilm
from supplygraph_training.triage.lesson import make_optimizer, set_rates
from supplygraph_training.triage.losses import Batch
from supplygraph_training.triage.network import TriageNetwork
from supplygraph_training.triage.plan import LAYERS, TrainingPlan
from supplygraph_training.triage.pool import Example
from supplygraph_training.triage.preprocess import preprocess
from supplygraph_training.triage.run import read_run, save_run
from supplygraph_training.triage.tokenise import MASK, SPECIAL, WordPiece
from supplygraph_training.triage.vocabulary import trim_vocabulary

_HIDDEN, _MASKED, _REPLACED = 0.15, 0.8, 0.1
_HELD_OUT = 20
_IGNORED = -100
_FEWEST = 40


class MaskedModel(nn.Module):
    """An encoder that guesses pieces: ids and mask [n, t] to logits [n, t, vocabulary]."""

    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        width = encoder.config.width
        self.encoder = encoder
        self.transform, self.norm = nn.Linear(width, width), nn.LayerNorm(width)
        self.bias = nn.Parameter(torch.zeros(encoder.config.vocabulary))

    def forward(self, ids: Tensor, mask: Tensor) -> Tensor:
        """Guess; the embeddings of the pieces are the weights of the last layer."""
        hidden = self.norm(functional.gelu(self.transform(self.encoder(ids, mask))))
        return functional.linear(hidden, self.encoder.words.weight, self.bias)


def main() -> None:
    """Pre-train with the options of the command line."""
    options = _parse_options()
    torch.set_num_threads(options.threads)
    plan = TrainingPlan(
        options.out,
        data=options.data.name,
        layers=options.layers,
        minutes=options.minutes,
        seed=options.seed,
        encoder_rate=options.encoder_rate,
        start=options.start,
    )
    before, after = pretrain(read_corpus(options.data), plan, options.from_nothing)
    print(f"loss of hidden pieces on lines held out: {before:.3f} before, {after:.3f} after")


def read_corpus(path: Path) -> list[str]:
    """The preprocessed texts of a file, without blank ones and repetitions.

    Raises
    ------
    ValueError
        If fewer than 40 different texts are left.
    """
    lines = path.read_text(encoding="utf8").splitlines()
    texts = [text for text in dict.fromkeys(preprocess(line) for line in lines) if text]
    if len(texts) < _FEWEST:
        raise ValueError(f"data must have at least {_FEWEST} different texts, got {len(texts)} in {path}.")
    return texts


def pretrain(texts: list[str], plan: TrainingPlan, from_nothing: bool = False) -> tuple[float, float]:
    """Pre-train on preprocessed texts, save the run, and return the held-out loss before and after."""
    torch.manual_seed(plan.seed)
    held_out, kept = texts[::_HELD_OUT], [text for row, text in enumerate(texts) if row % _HELD_OUT]
    encoder, vocabulary = _start(kept, plan, from_nothing)
    model, pieces = MaskedModel(encoder), WordPiece(vocabulary)
    before = held_out_loss(model, held_out, pieces, plan)
    optimizer = make_optimizer(model, plan)
    model.train()
    started = time.monotonic()
    seconds, rows = 0.0, 0
    for batch in _endless_batches(kept, pieces, plan):
        seconds = time.monotonic() - started
        if seconds >= 60 * plan.minutes:
            break
        set_rates(optimizer, seconds / (60 * plan.minutes))
        loss = masked_loss(model, batch)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        rows += batch.ids.shape[0]
    record = {**plan.to_json(), "seconds": seconds, "texts": rows}
    save_run(plan.out, TriageNetwork(encoder), vocabulary, record)
    return before, held_out_loss(model, held_out, pieces, plan)


def masked_loss(model: MaskedModel, batch: Batch, generator: torch.Generator | None = None) -> Tensor:
    """Mean cross-entropy of the hidden pieces of a batch."""
    ids, targets = hide_pieces(batch.ids, model.encoder.config.vocabulary, generator)
    with torch.autocast("cpu", torch.bfloat16):
        logits = model(ids, batch.mask)
    return functional.cross_entropy(
        logits.float().flatten(0, 1), targets.flatten(), ignore_index=_IGNORED, reduction="sum"
    ) / (targets != _IGNORED).sum().clamp(min=1)


def hide_pieces(
    ids: Tensor, vocabulary: int, generator: torch.Generator | None = None
) -> tuple[Tensor, Tensor]:
    """Ids with some pieces hidden, and what they were, −100 elsewhere; special tokens stay."""
    chosen = (torch.rand(ids.shape, generator=generator) < _HIDDEN) & (ids >= len(SPECIAL))
    how = torch.rand(ids.shape, generator=generator)
    others = torch.randint(len(SPECIAL), vocabulary, ids.shape, generator=generator)
    changed = torch.where(how < _MASKED, SPECIAL.index(MASK), others)
    hidden = torch.where(chosen & (how < _MASKED + _REPLACED), changed, ids)
    return hidden, torch.where(chosen, ids, _IGNORED)


@torch.no_grad()
def held_out_loss(model: MaskedModel, texts: list[str], pieces: WordPiece, plan: TrainingPlan) -> float:
    """Loss on texts of which always the same pieces are hidden, mean over batches."""
    model.eval()
    generator = torch.Generator().manual_seed(0)
    batches = make_batches([Example(text) for text in texts], pieces, BatchPlan(plan.rows, plan.longest), 0)
    losses = [masked_loss(model, batch, generator).item() for batch in batches]
    return sum(losses) / len(losses)


def _start(texts: list[str], plan: TrainingPlan, from_nothing: bool) -> tuple[Encoder, list[str]]:
    if plan.start is not None:
        run = read_run(plan.start)
        return run.network.encoder, run.vocabulary
    vocabulary = trim_vocabulary(texts)
    if not from_nothing:
        return load_minilm(vocabulary, LAYERS[plan.layers]), vocabulary
    encoder = Encoder(EncoderConfig(len(vocabulary), plan.layers))
    for module in encoder.modules():
        if isinstance(module, (nn.Linear, nn.Embedding)):
            nn.init.normal_(module.weight, std=0.02)
    return encoder, vocabulary


def _endless_batches(texts: list[str], pieces: WordPiece, plan: TrainingPlan) -> Iterator[Batch]:
    examples, number = [Example(text) for text in texts], 0
    while True:
        yield from make_batches(
            examples, pieces, BatchPlan(plan.rows, plan.longest), 1000 * plan.seed + number
        )
        number += 1


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="file of one text a line, UTF-8")
    parser.add_argument("--out", type=Path, required=True, help="folder of the run")
    parser.add_argument("--layers", type=int, choices=sorted(LAYERS), default=6)
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--encoder-rate", type=float, default=TrainingPlan.encoder_rate)
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--start", type=Path, help="run whose weights to start from")
    start.add_argument("--from-nothing", action="store_true", help="start from random weights")
    return parser.parse_args()


if __name__ == "__main__":
    main()
