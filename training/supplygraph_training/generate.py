"""Look at the corpus: `python -m supplygraph_training.generate`.

Prints what each family is like; with `--out` writes one batch as `.npz`, with `--plots` one picture
per component and per family (needs the extra `plots`). Training draws its batches itself and does
not need this command.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from supplygraph_training.config import STOCK_OUT, CorpusConfig, TrainingConfig
from supplygraph_training.generator.corpus import FAMILIES, draw_batch
from supplygraph_training.generator.series import Series

_LENGTH = 128


def main() -> None:
    """Print one line per family: moments of `--rows` series of 128 periods."""
    options = _parse_options()
    print(f"{'family':18s}{'zeros':>8s}{'median level':>14s}{'variation':>11s}{'stocked out':>13s}")
    for name, draw in FAMILIES.items():
        series = draw(np.random.default_rng(options.seed), options.rows, _LENGTH)
        print(f"{name:18s}" + describe(series))
    if options.out:
        batch = draw_batch(CorpusConfig(batch=options.rows), options.seed, options.index)
        np.savez_compressed(options.out, **vars(batch))
    if options.plots:
        # Matplotlib is an extra that nothing else here needs.
        from supplygraph_training.plots import write_plots

        print(f"{len(write_plots(options.plots, options.seed))} pictures in {options.plots}")


def describe(series: Series) -> str:
    """Share of zeros, median of mean |x|, median of deviation over mean |x|, share stocked out."""
    level = np.abs(series.values).mean(1)
    sold = level > 0
    variation = series.values[sold].std(1) / level[sold]
    return (
        f"{(series.values == 0).mean():8.3f}{np.median(level):14.3g}{np.median(variation):11.2f}"
        f"{series.covariates[:, :, STOCK_OUT].mean():13.3f}"
    )


def _parse_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--rows", type=int, default=500)
    parser.add_argument("--seed", type=int, default=TrainingConfig.seed)
    parser.add_argument("--index", type=int, default=0, help="which batch --out writes")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--plots", type=Path, help="folder for the pictures")
    return parser.parse_args()


if __name__ == "__main__":
    main()
