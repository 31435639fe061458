"""Plot the corpus: one picture per component and one per family (needs the extra `plots`)."""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.figure import Figure

from supplygraph_training.generator.components import COMPONENTS, Component
from supplygraph_training.generator.corpus import FAMILIES
from supplygraph_training.generator.series import Series

mpl.use("Agg")

_SIZE = (9, 4)
_FAMILY_ROWS, _FAMILY_LENGTH = 12, 128
_FAMILY = "family "

PICTURES = (*COMPONENTS, *(_FAMILY + name for name in FAMILIES))
"""What can be plotted: the components, then the families."""


def write_plots(folder: Path, seed: int, names: Collection[str] | None = None) -> list[Path]:
    """Write one PNG per component and per family, of all or of these names; return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    paths = []
    for name in PICTURES if names is None else names:
        path = folder / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
        _plot(name, np.random.default_rng(seed)).savefig(path, dpi=90)
        paths.append(path)
    return paths


def _plot(name: str, rng: np.random.Generator) -> Figure:
    if name in COMPONENTS:
        return plot_component(name, COMPONENTS[name], rng)
    family = name.removeprefix(_FAMILY)
    return plot_family(family, FAMILIES[family](rng, _FAMILY_ROWS, _FAMILY_LENGTH))


def plot_component(name: str, component: Component, rng: np.random.Generator) -> Figure:
    """Plot the component's lines over each other."""
    figure = Figure(figsize=_SIZE, layout="constrained")
    axes = figure.subplots()
    for label, line in component.draw(rng).items():
        axes.plot(component.axis, line, label=label, linewidth=1.2)
    axes.set(title=f"{name} · tested: {component.law}", xlabel=component.across)
    axes.legend(fontsize=8)
    return figure


def plot_family(name: str, series: Series) -> Figure:
    """Plot twelve series of a family, demand hidden by stock-outs in grey behind sales."""
    figure = Figure(figsize=(12, 7), layout="constrained")
    for axes, row in zip(figure.subplots(4, 3).flat, range(_FAMILY_ROWS), strict=True):
        axes.plot(series.demand[row], color="0.75", linewidth=1)
        axes.plot(series.values[row], linewidth=0.9)
        axes.set_title(f"season {series.period[row]}", fontsize=8)
        axes.tick_params(labelsize=7)
    figure.suptitle(f"family {name}")
    return figure
