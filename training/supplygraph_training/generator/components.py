"""Each component of the corpus drawn alone, for plots: what it looks like, and by which law it is tested.

The draws call the same functions as the families do, with fixed parameters in place of random ones.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from supplygraph_training.generator.corpus import mix
from supplygraph_training.generator.gaussian_process import brownian_path, linear_path, smooth_path
from supplygraph_training.generator.macro import splice
from supplygraph_training.generator.processes import autoregression, harmonics, pattern, spells
from supplygraph_training.generator.retail import (
    censor,
    holidays,
    inflate_zeros,
    launch,
    price_factor,
    promotion_effect,
    retirement,
    sample_compound_poisson,
    sample_negative_binomial,
    trend,
)
from supplygraph_training.generator.series import Floats, without_covariates
from supplygraph_training.generator.shapes import level_steps, line, spikes
from supplygraph_training.generator.walk import random_walk, regimes

_LENGTH = 156
_NOW = np.arange(_LENGTH)
_RATIOS = np.linspace(0.5, 1.2, _LENGTH)
Lines = dict[str, Floats]


@dataclass(frozen=True)
class Component:
    """One building block.

    Attributes
    ----------
    law : str
        What `tests/test_components.py` checks of it.
    draw : Callable
        Draws labelled lines, each [length].
    across : str
        Name of the horizontal axis.
    axis : Floats
        [length], where the lines' points lie on it.
    """

    law: str
    draw: Callable[[np.random.Generator], Lines]
    across: str = "period"
    axis: Floats = field(default_factory=lambda: _NOW.astype(np.float64))


def _zero_inflated(rng: np.random.Generator) -> Lines:
    mean = np.full((1, _LENGTH), 6.0)
    counts = sample_negative_binomial(rng, mean, np.array([2.0]))
    return {
        "negative binomial, mean 6, size 2": counts[0],
        "40 % zero-inflated": inflate_zeros(rng, counts, np.array([[0.4]]))[0],
    }


def _compound_poisson(rng: np.random.Generator) -> Lines:
    rate = np.full((1, _LENGTH), 4.0)
    return {
        f"mean 4, order size {size:g}": sample_compound_poisson(rng, rate, np.array([[size]]))[0]
        for size in (1.0, 8.0)
    }


def _season(rng: np.random.Generator) -> Lines:
    time, cycle = np.broadcast_to(_NOW.astype(np.float64), (1, _LENGTH)), np.array([52.0])
    weekday = pattern(rng, _NOW[None], np.array([7]), np.array([0.3]))
    return {
        "yearly harmonics (log)": harmonics(rng, time, cycle, np.array([0.4]), 3)[0],
        "weekday pattern (log)": weekday[0],
    }


def _trend(_: np.random.Generator) -> Lines:
    years = _NOW / 52
    return {
        "growth .3 a year (log)": trend(years, np.array(0.3), np.array(0.0), np.array(0.0)),
        "turns by −.6 at 1.5 years (log)": trend(years, np.array(0.3), np.array(-0.6), np.array(1.5)),
    }


def _promotion(rng: np.random.Generator) -> Lines:
    promoted = spells(rng, _LENGTH, np.array([0.04]), np.array([4.0]))
    effect = promotion_effect(promoted, np.array([[0.5]]), np.array([[0.3]]))
    demand = sample_negative_binomial(rng, 30 * np.exp(effect), np.array([60.0]))
    return {"promoted (0/1, × 20)": 20.0 * promoted[0], "demand": demand[0]}


def _elasticity(_: np.random.Generator) -> Lines:
    return {f"elasticity −{e:g}": price_factor(np.log(_RATIOS), np.array(-e)) for e in (0.5, 1.5, 2.5, 4.0)}


def _stock_out(rng: np.random.Generator) -> Lines:
    demand = sample_negative_binomial(rng, np.full((1, _LENGTH), 8.0), np.array([5.0]))
    empty = spells(rng, _LENGTH, np.array([0.02]), np.array([8.0]))
    return {"demand": demand[0], "sales": censor(rng, demand, empty)[0], "empty (0/1, × −2)": -2.0 * empty[0]}


def _holidays(rng: np.random.Generator) -> Lines:
    day = (_NOW / 52 % 1.0)[None]
    marked = holidays(day, np.array([[0.25, 0.9]]), np.array([2]), np.array([0.02]))
    demand = sample_negative_binomial(rng, 20 * np.exp(0.7 * marked), np.array([60.0]))
    return {"holiday (0/1, × 10)": 10.0 * marked[0], "demand": demand[0]}


def _life_cycle(_: np.random.Generator) -> Lines:
    pace = np.array(6.0)
    return {
        "launch at 40": np.exp(launch(_NOW, np.array(40.0), pace)),
        "obsolete from 110": np.exp(retirement(_NOW, np.array(110.0), pace)),
    }


def _gaussian_process(rng: np.random.Generator) -> Lines:
    time = np.broadcast_to(_NOW.astype(np.float64), (1, _LENGTH))
    return {
        "squared exponential, ℓ = 12": smooth_path(rng, np.array([12.0]), _LENGTH)[0],
        "periodic, 24": harmonics(rng, time, np.array([24.0]), np.ones(1), 4)[0],
        "linear": linear_path(rng, 1, _LENGTH)[0],
        "Brownian": brownian_path(rng, 1, _LENGTH)[0],
    }


def _walks(rng: np.random.Generator) -> Lines:
    shocks = rng.standard_normal((1, _LENGTH))
    switches = rng.random((1, _LENGTH)) < 0.03
    return {
        "random walk, drift .1": random_walk(shocks, 0.1)[0],
        "Ornstein–Uhlenbeck, ρ = .9": autoregression(rng, _LENGTH, np.array([0.9]), np.array([3.0]))[0],
        "regimes": regimes(rng, switches, 6)[0],
    }


def _shapes(rng: np.random.Generator) -> Lines:
    return {
        "line": line(_NOW, np.array(4.0)),
        "steps": level_steps(rng, (1, _LENGTH), 0.03, 2)[0],
        "spikes": spikes(_NOW, np.array(26), np.array(5.0)),
    }


def _mix(rng: np.random.Generator) -> Lines:
    walk = 20 + random_walk(rng.standard_normal((1, _LENGTH)), 0.0)
    wave = 10 + 5 * np.sin(2 * np.pi * _NOW / 26)[None]
    both = without_covariates(np.concatenate([walk, wave]), np.array([26, 26]))
    scaled = both.values / np.abs(both.values).mean(1, keepdims=True)
    return {"walk": scaled[0], "wave": scaled[1], "mix": mix(rng, 1.0, both).values[0]}


def _splice(rng: np.random.Generator) -> Lines:
    paths = np.stack([0.02 * _NOW, 2 - 0.03 * _NOW]) + 0.1 * rng.standard_normal((2, _LENGTH))
    return {"path": paths[0], "with another's past": splice(rng, 1.0, paths)[0]}


COMPONENTS: dict[str, Component] = {
    "zero-inflated negative binomial": Component("mean, variance and share of zeros", _zero_inflated),
    "compound Poisson": Component("mean λ, variance λ (2μ − 1)", _compound_poisson),
    "season": Component("variance of harmonics and pattern, zero mean over a season", _season),
    "trend": Component("slope before and after the knee", _trend),
    "promotion": Component("lift during, dip after, recovered from sales", _promotion),
    "price elasticity": Component(
        "slope of log demand on log price", _elasticity, "price / regular price", _RATIOS
    ),
    "stock-out": Component("sales ≤ demand, equal where stocked, none inside a spell", _stock_out),
    "holidays": Component("dates return each year, effect recovered from sales", _holidays),
    "launch and obsolescence": Component("half the level at the date, odds × e per pace", _life_cycle),
    "Gaussian process kernels": Component("covariances of the four kernels", _gaussian_process),
    "random walk, Ornstein–Uhlenbeck, regimes": Component("variance ∝ time; ρ and σ; length of stay", _walks),
    "line, steps, spikes": Component("variance of steps, spacing of spikes", _shapes),
    "convex mix": Component("between its parts, same period", _mix),
    "splice": Component("end kept, past another's, no jump", _splice),
}
"""Every component by name."""
