"""Batches of training rows: families drawn, mixed, cut, and made as incomplete as real data.

Batch `i` of seed `s` depends on nothing but `s`, `i` and the configuration. The network scales its
input by each row's own level, so that random scales would teach it nothing and are not drawn.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from supplygraph_training.config import COVARIATES, HORIZON_LENGTH, STOCK_OUT, CorpusConfig
from supplygraph_training.generator.gaussian_process import gaussian_process
from supplygraph_training.generator.intermittent import intermittent
from supplygraph_training.generator.macro import macro
from supplygraph_training.generator.processes import chosen, spells
from supplygraph_training.generator.retail import retail
from supplygraph_training.generator.series import Booleans, Floats, Integers, Series
from supplygraph_training.generator.shapes import shapes
from supplygraph_training.generator.walk import walk

FAMILIES: dict[str, Callable[[np.random.Generator, int, int], Series]] = {
    "retail": retail,
    "intermittent": intermittent,
    "macro": macro,
    "gaussian_process": gaussian_process,
    "walk": walk,
    "shapes": shapes,
}
_CONTINUOUS = ("macro", "gaussian_process", "walk", "shapes")
_SHORTEST_HISTORY = 1
_SHORTEST_HORIZON = 4


@dataclass(frozen=True)
class Batch:
    """Training rows, all float32, `context` periods of history and 64 of future.

    Attributes
    ----------
    values, mask, period, covariates : Floats
        The network's inputs: [n, context], [n, context], [n], [n, context + 64, 4].
    target, target_mask : Floats
        [n, 64], units per period, and 1 where the loss counts: inside the row's own horizon of 4
        to 64 periods.
    demand, hidden : Floats
        [n, context], demand had stock been there, and 1 where a known stock-out hid it.
    """

    values: Floats
    mask: Floats
    period: Floats
    covariates: Floats
    target: Floats
    target_mask: Floats
    demand: Floats
    hidden: Floats


def draw_batch(config: CorpusConfig, seed: int, index: int) -> Batch:
    """Draw batch `index` of the corpus with this seed."""
    rng = np.random.default_rng([seed, index])
    context = int(rng.choice(config.contexts, p=config.context_shares))
    series = draw_series(rng, config, context + HORIZON_LENGTH)
    mask, observed = _cut(rng, config, context)
    covariates, mask, known = _hide_covariates(rng, config, series, mask, observed)
    future = np.where(known, series.demand[:, context:], series.values[:, context:])
    horizon = np.exp(rng.uniform(np.log(_SHORTEST_HORIZON), np.log(HORIZON_LENGTH + 1), config.batch))
    counted = np.arange(HORIZON_LENGTH) < np.floor(horizon)[:, None]
    hidden = covariates[:, :context, STOCK_OUT] * observed
    return Batch(
        values=_single(series.values[:, :context] * mask),
        mask=_single(mask),
        period=_single(series.period),
        covariates=_single(covariates),
        target=_single(future),
        target_mask=_single(counted),
        demand=_single(series.demand[:, :context]),
        hidden=_single(hidden),
    )


def draw_series(rng: np.random.Generator, config: CorpusConfig, length: int) -> Series:
    """Draw complete series of the families' shares and convex mixes of the continuous ones."""
    names = [name for name, _ in config.family_shares]
    shares = [share for _, share in config.family_shares]
    counts = rng.multinomial(config.batch, shares)
    drawn = {
        name: FAMILIES[name](rng, int(count), length)
        for name, count in zip(names, counts, strict=True)
        if count
    }
    continuous = [drawn.pop(name) for name in _CONTINUOUS if name in drawn]
    parts = [*drawn.values(), *([mix(rng, config.mix_share, _join(continuous))] if continuous else [])]
    return _join(parts)


def mix(rng: np.random.Generator, share: float, series: Series) -> Series:
    """Replace a share of the series by a convex mix with another one of the same period.

    Both are brought to a mean |x| of 1 first, and mixed in shares of .2 to .8 (TSMixup, Ansari et
    al. 2024, "Chronos", section 4.1). Series whose partner has another period stay as they are.
    """
    n = series.period.size
    scaled = series.values / np.maximum(np.abs(series.values).mean(1, keepdims=True), 1e-9)
    partner = _partners(rng, series.period)
    mixed = chosen(rng, share, n) & (partner != np.arange(n))
    own = np.where(mixed, rng.uniform(0.2, 0.8, n), 1.0)[:, None]
    values = own * scaled + (1 - own) * scaled[partner]
    return Series(values, values, series.covariates, series.period)


def _partners(rng: np.random.Generator, period: Integers) -> Integers:
    """For each series the next one of its period in a random circle; itself if it is alone."""
    partner = np.empty(period.size, np.int64)
    for one in np.unique(period):
        members = rng.permutation(np.flatnonzero(period == one))
        partner[members] = np.roll(members, 1)
    return partner


def _join(parts: list[Series]) -> Series:
    return Series(
        values=np.concatenate([part.values for part in parts]),
        demand=np.concatenate([part.demand for part in parts]),
        covariates=np.concatenate([part.covariates for part in parts]),
        period=np.concatenate([part.period for part in parts]),
    )


def _cut(rng: np.random.Generator, config: CorpusConfig, context: int) -> tuple[Floats, Booleans]:
    """Shorten histories and remove periods: (mask, inside the history), both [n, context]."""
    n = config.batch
    shortest = max(_SHORTEST_HISTORY, context // 2) if context > min(config.contexts) else _SHORTEST_HISTORY
    length = np.where(chosen(rng, 0.4, n), context, rng.integers(shortest, context + 1, n))
    observed = np.arange(context) >= (context - length)[:, None]
    missing = rng.random((n, context)) < rng.uniform(0, 0.4, n)[:, None]
    missing |= spells(rng, context, np.full(n, 0.02), np.full(n, 6.0)) & chosen(rng, 0.4, n)[:, None]
    silent_end = rng.integers(1, context // 2, n) * chosen(rng, 0.25, n)
    missing |= np.arange(context) >= (context - silent_end)[:, None]
    missing &= chosen(rng, config.missing_share, n)[:, None]
    return (observed & ~missing).astype(np.float64), observed


def _hide_covariates(
    rng: np.random.Generator, config: CorpusConfig, series: Series, mask: Floats, observed: Booleans
) -> tuple[Floats, Floats, Booleans]:
    """Drop whole channels, censor known stock-outs, and keep the future's stock-outs unknown.

    Returns the covariates, the mask, and [n, 1] whether the series' stock-outs are known: if so,
    its forecast is one of demand, otherwise of sales.
    """
    n, context = mask.shape
    kept = ~chosen(rng, config.channel_dropout, n * len(COVARIATES)).reshape(n, 1, -1)
    covariates = series.covariates * kept
    covariates[:, :context] *= observed[:, :, None]
    covariates[:, context:, STOCK_OUT] = 0
    censored = covariates[:, :context, STOCK_OUT]
    return covariates, mask * (1 - censored), kept[:, :, STOCK_OUT]


def _single(array: Floats | Integers | Booleans) -> Floats:
    return np.ascontiguousarray(array, dtype=np.float32)
